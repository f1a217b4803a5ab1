#pragma once

#include "plugin/data_reader.h"
#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// A JSON object for each row of a table: a member for each column whose value is not NULL, in the table's
/// order. Numbers and BOOLs are JSON's; texts and times are strings, times in DolphinDB's form; an array
/// vector's element is an array, with null for its NULLs. A schema of the same names and types reads the same
/// values back. Throws ArgumentError: no table, a column of a type that no schema has.
[[nodiscard]] Texts make_json_bodies(const ConstantSP& data);

}  // namespace rocketmq::plugin
