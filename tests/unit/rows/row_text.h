#pragma once

#include <string>
#include <string_view>

#include "rows/row_buffer.h"

namespace rocketmq::rows::test {

/// A column whose path is its name.
RowColumn column(std::string_view name, ColumnType type, std::string_view format = {});

/// The same of arrays.
RowColumn arrays(std::string_view name, ColumnType type);

/// The rows as text: fields joined by '|', rows by ';'. Numbers and times are shown as they are stored, NULL
/// as "-", arrays as "[1,2]".
std::string text_of(const RowBuffer& buffer);

/// The rows of one body in JSON, or "error: WHY".
std::string from_json(const RowSchema& schema, std::string_view body);
/// The same in CSV.
std::string from_csv(const RowSchema& schema, std::string_view body, char delimiter = ',');

}  // namespace rocketmq::rows::test
