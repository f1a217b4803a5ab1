#include "plugin/message_format_keys.h"

#include <algorithm>
#include <string_view>

#include "plugin/argument_error.h"
#include "plugin/schema_reader.h"
#include "plugin/value_text.h"

namespace rocketmq::plugin {

namespace {

/// Throws ArgumentError unless it is one character that may stand between fields.
char read_delimiter(const ConstantSP& value) {
  const bool is_character = value->isScalar() && value->getType() == DT_CHAR && !value->isNull();
  const bool is_text = value->isScalar() && is_text_type(value);
  const std::string text = is_character ? std::string(1, value->getChar())
                           : is_text    ? value->getString()
                                        : std::string();
  const bool good = text.size() == 1 && std::string_view("\"\r\n").find(text[0]) == std::string_view::npos &&
                    static_cast<unsigned char>(text[0]) < 0x80 && text[0] != '\0';
  if (good) return text[0];
  throw ArgumentError(
      "delimiter must be a STRING scalar of one character of ASCII that is neither a quote nor a line break; "
      "given: " +
      describe_value(value) + ".");
}

bool has_rows_of_bodies(const MessageTableFormat& format) {
  return format.body == BodyFormat::json || format.body == BodyFormat::csv;
}

}  // namespace

void add_message_format_keys(ConfigReader& reader, MessageTableFormat& format) {
  reader.add_text_list(
      "columns", allowed_columns(), "[\"msg\"]; with a schema none",
      [&format](const std::vector<std::string>& elements) { format.columns = read_columns(elements); },
      "Which columns the table has, in their order; with a schema, after its columns.");
  reader.add_choice("format",
                    {{"BLOB", [&format] { format.body = BodyFormat::blob; }},
                     {"STRING", [&format] { format.body = BodyFormat::string; }},
                     {"JSON", [&format] { format.body = BodyFormat::json; }},
                     {"CSV", [&format] { format.body = BodyFormat::csv; }}},
                    "What bodies are: BLOB and STRING are the types of the column msg; JSON and CSV become "
                    "the columns of schema.");
  reader.add_value(
      "schema", "table", "with the STRING columns name and type, and if needed format and path",
      [&format](const ConstantSP& value) { format.schema = read_schema(value); },
      "Which columns are made of bodies in JSON or CSV.");
  reader.add_value(
      "delimiter", "STRING scalar", "of one character",
      [&format](const ConstantSP& value) { format.delimiter = read_delimiter(value); },
      "What stands between the fields of a line; only with format=\"CSV\".");
}

std::vector<std::string> finish_message_format(MessageTableFormat& format,
                                               const std::vector<std::string>& keys,
                                               const std::string& argument) {
  const auto given = [&keys](const char* key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  };
  const auto refuse = [&argument](const std::string& problem) {
    throw ArgumentError(argument + ": " + problem);
  };
  if (given("schema") && !has_rows_of_bodies(format)) {
    refuse("schema needs format=\"JSON\" or format=\"CSV\".");
  }
  if (has_rows_of_bodies(format) && !given("schema")) {
    refuse("format=\"JSON\" and format=\"CSV\" need a schema: a table with the columns name and type.");
  }
  if (given("delimiter") && format.body != BodyFormat::csv) refuse("delimiter needs format=\"CSV\".");
  if (format.body == BodyFormat::csv) {
    for (const rows::RowColumn& column : format.schema) {
      if (column.is_array) {
        refuse("schema has the type " + rows::type_name_of(column) + " for " + in_quotes(column.name) +
               ", but CSV has no notation for arrays.");
      }
      if (!column.path.empty() && (column.path.size() > 1 || column.path[0] != column.name)) {
        refuse("schema has a path for " + in_quotes(column.name) + ", but the fields of CSV go by position.");
      }
    }
  }
  if (given("schema") && !given("columns")) format.columns.clear();
  try {
    check_names(format);
  } catch (const ArgumentError& error) {
    refuse(error.what());
  }
  std::vector<std::string> warnings;
  const bool has_msg =
      std::any_of(format.columns.begin(), format.columns.end(),
                  [](const MessageColumn& column) { return column.kind == ColumnKind::msg; });
  if (given("format") && !has_rows_of_bodies(format) && !has_msg) {
    warnings.push_back(argument + ": format has no effect without the column msg in columns");
  }
  return warnings;
}

}  // namespace rocketmq::plugin
