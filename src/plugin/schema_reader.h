#pragma once

#include "plugin/sdk.h"
#include "rows/row_schema.h"

namespace rocketmq::plugin {

/// The columns of the key `schema`: a table with the columns `name` and `type`, and if need be `format` and
/// `path`, all of them STRING or SYMBOL. Throws ArgumentError that names the row.
[[nodiscard]] rows::RowSchema read_schema(const ConstantSP& value);

}  // namespace rocketmq::plugin
