#include "row_text.h"

#include <cfloat>
#include <charconv>
#include <limits>
#include <type_traits>

#include "rows/csv_rows.h"
#include "rows/json_rows.h"

namespace rocketmq::rows::test {

namespace {

template <class T>
std::string element_text(const T& value) {
  if constexpr (std::is_same_v<T, std::string_view>) {
    return value.empty() ? "-" : std::string(value);
  } else if constexpr (std::is_floating_point_v<T>) {
    if (value == std::numeric_limits<T>::lowest()) return "-";
    char text[64];
    const auto end = std::to_chars(std::begin(text), std::end(text), value).ptr;
    return {text, end};
  } else {
    if (value == std::numeric_limits<T>::min()) return "-";
    return std::to_string(static_cast<long long>(value));
  }
}

template <class Parser>
std::string rows_of(const RowSchema& schema, Parser&& parser, std::string_view body) {
  RowBuffer buffer(schema);
  // What was there before must stay as it is.
  buffer.add_row();
  const BodyError error = parser.append(body, buffer);
  const std::string text = text_of(buffer);
  std::string before;
  for (std::size_t i = 0; i < schema.size(); ++i)
    before += i == 0 ? "-" : "|-";
  if (!error.empty()) return text == before ? "error: " + error : "rows stayed: " + text;
  if (text == before) return "";
  return text.starts_with(before + ";") ? text.substr(before.size() + 1) : "changed: " + text;
}

}  // namespace

RowColumn column(std::string_view name, ColumnType type, std::string_view format) {
  RowColumn column;
  column.name = name;
  column.type = type;
  column.path = {column.name};
  column.unit = time_unit_of(format);
  if (!format.empty() && !column.unit) column.format.emplace(format, type);
  return column;
}

std::string text_of(const RowBuffer& buffer) {
  std::string text;
  for (std::size_t row = 0; row < buffer.rows(); ++row) {
    if (row > 0) text += ';';
    for (std::size_t i = 0; i < buffer.schema().size(); ++i) {
      if (i > 0) text += '|';
      text +=
          std::visit([row](const auto& values) { return element_text(values.at(row)); }, buffer.values(i));
    }
  }
  return text;
}

std::string from_json(const RowSchema& schema, std::string_view body) {
  return rows_of(schema, JsonRows(schema), body);
}

std::string from_csv(const RowSchema& schema, std::string_view body, char delimiter) {
  return rows_of(schema, CsvRows(delimiter), body);
}

}  // namespace rocketmq::rows::test
