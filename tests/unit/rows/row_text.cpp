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

std::string field_text(const RowBuffer& buffer, std::size_t column, std::size_t row) {
  return std::visit(
      [&](const auto& values) {
        if (!buffer.schema()[column].is_array) return element_text(values.at(row));
        const std::vector<int>& ends = buffer.ends(column);
        std::string text = "[";
        for (int i = row == 0 ? 0 : ends.at(row - 1); i < ends.at(row); ++i)
          text += (text.size() == 1 ? "" : ",") + element_text(values.at(static_cast<std::size_t>(i)));
        return text + "]";
      },
      buffer.values(column));
}

template <class Parser>
std::string rows_of(const RowSchema& schema, Parser&& parser, std::string_view body) {
  RowBuffer buffer(schema);
  // What was there before must stay as it is.
  buffer.add_row();
  const std::string before = text_of(buffer);
  const BodyError error = parser.append(body, buffer);
  const std::string text = text_of(buffer);
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

RowColumn arrays(std::string_view name, ColumnType type) {
  RowColumn made = column(name, type);
  made.is_array = true;
  return made;
}

std::string text_of(const RowBuffer& buffer) {
  std::string text;
  for (std::size_t row = 0; row < buffer.rows(); ++row) {
    if (row > 0) text += ';';
    for (std::size_t i = 0; i < buffer.schema().size(); ++i) {
      if (i > 0) text += '|';
      text += field_text(buffer, i, row);
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
