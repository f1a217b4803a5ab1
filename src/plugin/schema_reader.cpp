#include "plugin/schema_reader.h"

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugin/argument_error.h"
#include "plugin/nearest_name.h"
#include "plugin/value_text.h"
#include "rows/json_path.h"

namespace rocketmq::plugin {

namespace {

using namespace std::string_literals;

constexpr std::string_view needed =
    "schema must be a table with the STRING columns name and type, and if needed format and path";

/// The texts of a schema's table, column by column. Columns that it does not have are empty.
struct SchemaTexts {
  std::vector<std::string> name;
  std::vector<std::string> type;
  std::vector<std::string> format;
  std::vector<std::string> path;
};

[[noreturn]] void refuse_table(const std::string& given) {
  throw ArgumentError(std::string(needed) + "; given: " + given + ".");
}

[[noreturn]] void refuse_row(std::size_t row, const std::string& name, const std::string& problem) {
  throw ArgumentError("schema: row " + std::to_string(row) + " (" + in_quotes(name) + ") " + problem + ".");
}

SchemaTexts read_texts(const ConstantSP& value) {
  if (!value->isTable()) refuse_table(describe_type(value));
  const TableSP table = value;
  SchemaTexts texts;
  const std::array<std::pair<std::string, std::vector<std::string>*>, 4> known{
      {{"name", &texts.name}, {"type", &texts.type}, {"format", &texts.format}, {"path", &texts.path}}};
  for (INDEX i = 0; i < table->columns(); ++i) {
    const std::string name = table->getColumnName(i);
    const ConstantSP column = table->getColumn(i);
    std::vector<std::string>* target = nullptr;
    for (const auto& [known_name, known_texts] : known) {
      if (known_name == name) target = known_texts;
    }
    if (target == nullptr) {
      refuse_table(describe_unknown_column(name, {"name", "type", "format", "path"}));
    }
    if (column->size() > 0 && !is_text_type(column) && column->getType() != DT_VOID && !column->isTuple()) {
      refuse_table("a table whose column " + name + " is " + describe_type(column));
    }
    for (INDEX row = 0; row < column->size(); ++row) {
      const ConstantSP element = column->get(row);
      if (!element->isNull() && !is_text_type(element)) {
        refuse_table("a table whose column " + name + " has " + describe_type(element) + " in row " +
                     std::to_string(row));
      }
      target->push_back(element->isNull() ? std::string() : element->getString());
    }
  }
  if (texts.name.empty() && texts.type.empty() && table->size() == 0) refuse_table("a table without rows");
  if (texts.name.empty()) refuse_table("a table without the column name");
  if (texts.type.empty()) refuse_table("a table without the column type");
  texts.format.resize(texts.name.size());
  texts.path.resize(texts.name.size());
  return texts;
}

/// Sets the type, and whether the column has arrays of it.
void read_type(std::size_t row, const std::string& type, rows::RowColumn& column) {
  std::string_view element = type;
  column.is_array = element.ends_with(rows::array_mark);
  if (column.is_array) element.remove_suffix(rows::array_mark.size());
  const auto known_type = rows::column_type_of(element);
  if (known_type && (!column.is_array || rows::has_arrays(*known_type))) {
    column.type = *known_type;
    return;
  }
  std::vector<std::string> names(rows::column_type_names.begin(), rows::column_type_names.end());
  for (std::size_t i = 0; i < rows::column_type_names.size(); ++i) {
    if (rows::has_arrays(static_cast<rows::ColumnType>(i))) {
      names.push_back(names[i] + std::string(rows::array_mark));
    }
  }
  const std::string near = nearest_name(type, names);
  std::string allowed;
  for (const std::string& known : names)
    allowed += (allowed.empty() ? "" : ", ") + known;
  refuse_row(row, column.name,
             "has the type " + in_quotes(type) + "; " +
                 (near.empty() ? "" : "did you mean " + in_quotes(near) + "? ") + "Allowed: " + allowed);
}

rows::RowColumn read_row(const SchemaTexts& texts, std::size_t row) {
  const std::string& name = texts.name[row];
  if (name.empty()) refuse_row(row, name, "has no name");
  rows::RowColumn column;
  column.name = name;
  read_type(row, texts.type[row], column);
  if (const std::string& format = texts.format[row]; !format.empty()) {
    if (!rows::is_temporal(column.type)) {
      refuse_row(
          row, name,
          "has the format " + in_quotes(format) + ", but its type " + texts.type[row] + " is not temporal");
    }
    try {
      column.unit = rows::time_unit_of(format);
      if (!column.unit) column.format.emplace(format, column.type);
    } catch (const std::invalid_argument& problem) {
      refuse_row(row, name, "has the format " + in_quotes(format) + ", which is not one: " + problem.what());
    }
  }
  try {
    const std::string& path = texts.path[row];
    column.path = path.empty() ? std::vector<std::string>{name} : rows::read_json_path(path);
  } catch (const std::invalid_argument& problem) {
    refuse_row(row, name,
               "has the path " + in_quotes(texts.path[row]) + ", which is not one: " + problem.what());
  }
  return column;
}

}  // namespace

rows::RowSchema read_schema(const ConstantSP& value) {
  const SchemaTexts texts = read_texts(value);
  rows::RowSchema schema;
  for (std::size_t row = 0; row < texts.name.size(); ++row)
    schema.push_back(read_row(texts, row));
  return schema;
}

}  // namespace rocketmq::plugin
