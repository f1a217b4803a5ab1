#include "plugin/json_bodies.h"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_string.h"
#include "plugin/argument_error.h"
#include "plugin/value_text.h"

namespace rocketmq::plugin {

namespace {

bool is_text(const ConstantSP& column) {
  return is_text_type(column) || column->getType() == DT_BLOB;
}

/// Whether a schema has the type; see rows::ColumnType and has_arrays.
bool is_writable(const ConstantSP& column) {
  const int element = column->getType() - ARRAY_TYPE_BASE;
  if (is_text(column) || element == DT_INT || element == DT_LONG || element == DT_DOUBLE) return true;
  if (column->getType() == DT_DATEHOUR) return false;
  const auto category = column->getCategory();
  return category == LOGICAL || category == INTEGRAL || category == FLOATING || category == TEMPORAL;
}

/// The shortest text that gives the same number again.
template <class Number>
void append_number(std::string& out, Number number) {
  char digits[32];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

/// JSON has neither NaN nor infinity.
bool is_left_out(const ConstantSP& value) {
  if (value->isNull()) return true;
  return value->getCategory() == FLOATING && !std::isfinite(value->getDouble());
}

/// A value that is not left out.
void append_value(std::string& out, const ConstantSP& value) {
  if (is_text(value)) {
    if (!append_json_string(out, value->getString()))
      throw ArgumentError("is not UTF-8, and JSON can hold nothing else");
    return;
  }
  switch (value->getCategory()) {
    case LOGICAL:
      out += value->getLong() != 0 ? "true" : "false";
      return;
    case INTEGRAL:
      return append_number(out, value->getLong());
    case FLOATING:
      if (value->getType() == DT_FLOAT) return append_number(out, static_cast<float>(value->getDouble()));
      return append_number(out, value->getDouble());
    default:
      append_json_string(out, value->getString());
  }
}

void append_array(std::string& out, const ConstantSP& array) {
  out += '[';
  for (INDEX i = 0; i < array->size(); ++i) {
    if (i > 0) out += ',';
    const ConstantSP element = array->get(i);
    is_left_out(element) ? void(out += "null") : append_value(out, element);
  }
  out += ']';
}

struct TableColumn {
  std::string name;
  std::string key;  // `"name":`
  ConstantSP values;
};

std::vector<TableColumn> columns_of(const TableSP& table) {
  std::vector<TableColumn> columns;
  for (INDEX i = 0; i < table->columns(); ++i) {
    const ConstantSP values = table->getColumn(i);
    const std::string name = table->getColumnName(i);
    if (!is_writable(values)) {
      throw ArgumentError("data: the column " + in_quotes(name) + " cannot become JSON; given: " +
                          describe_type(values) + ". A schema could not read it.");
    }
    std::string key;
    append_json_string(key, name);
    columns.push_back({name, key + ':', values});
  }
  return columns;
}

void append_row(std::string& out, const std::vector<TableColumn>& columns, INDEX row) {
  out += '{';
  bool first = true;
  for (const TableColumn& column : columns) {
    const ConstantSP value = column.values->get(row);
    const bool is_array = !value->isScalar();
    if (is_array ? value->size() == 0 : is_left_out(value)) continue;
    if (!std::exchange(first, false)) out += ',';
    out += column.key;
    try {
      is_array ? append_array(out, value) : append_value(out, value);
    } catch (const ArgumentError& error) {
      throw ArgumentError("data: the value of " + in_quotes(column.name) + " in row " + std::to_string(row) +
                          " " + error.what() + ". Nothing was sent.");
    }
  }
  out += '}';
}

}  // namespace

Texts make_json_bodies(const ConstantSP& data) {
  if (!data->isTable()) {
    throw ArgumentError(
        "data must be a table with sendConfig's format \"JSON\"; given: " + describe_type(data) + ".");
  }
  const TableSP table = data;
  const std::vector<TableColumn> columns = columns_of(table);
  const INDEX rows = table->size();
  std::string text;
  std::vector<std::size_t> ends;
  ends.reserve(static_cast<std::size_t>(rows));
  for (INDEX row = 0; row < rows; ++row) {
    append_row(text, columns, row);
    ends.push_back(text.size());
  }
  Texts bodies;
  bodies.copy.assign(text.begin(), text.end());
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    bodies.views.emplace_back(bodies.copy.data() + begin, end - begin);
    begin = end;
  }
  return bodies;
}

}  // namespace rocketmq::plugin
