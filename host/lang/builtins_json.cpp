// JSON: parseJsonTable.
#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>

#include "ScalarImp.h"
#include "lang/builtins.h"
#include "lang/operators.h"

namespace host {
namespace {

constexpr const char* parse_usage = "parseJsonTable(json, [schema], [keyCaseSensitive = true])";

using Json = nlohmann::ordered_json;

struct JsonColumn {
  std::string name;
  DATA_TYPE type = DT_VOID;
  std::string format;
};

// Where the object that starts at `start` ends: behind its closing brace, or at the end of the text.
std::size_t end_of_object(std::string_view text, std::size_t start) {
  bool quoted = false;
  int depth = 0;
  for (auto i = start; i < text.size(); ++i) {
    if (quoted) {
      if (text[i] == '\\') ++i;
      if (i < text.size() && text[i] == '"') quoted = false;
    } else if (text[i] == '"') {
      quoted = true;
    } else if (text[i] == '{') {
      ++depth;
    } else if (text[i] == '}' && --depth == 0) {
      return i + 1;
    }
  }
  return text.size();
}

// The objects of a text, which follow each other without commas.
void add_objects(const std::string& text, std::vector<Json>& rows) {
  constexpr const char* blanks = " \t\r\n";
  for (auto start = text.find_first_not_of(blanks); start < text.size();
       start = text.find_first_not_of(blanks, start)) {
    const auto end = end_of_object(text, start);
    const auto flat = [](int depth, Json::parse_event_t event, Json&) {
      const bool opens =
          event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start;
      if (opens && depth > 0)
        bad_argument(parse_usage, "Arrays and objects inside an object are not supported");
      return true;
    };
    const auto object = Json::parse(text.substr(start, end - start), flat, false);
    if (!object.is_object())
      bad_argument(parse_usage, "'" + text.substr(0, 100) + "' holds something that is no JSON object");
    rows.push_back(object);
    start = end;
  }
}

ConstantSP cell_of(const Json& value) {
  if (value.is_boolean()) return new Bool(static_cast<char>(value.get<bool>()));
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX)
    return new Double(value.get<double>());
  if (value.is_number_integer()) {
    const auto number = value.get<long long>();
    if (number > INT_MIN && number <= INT_MAX) return new Int(static_cast<int>(number));
    return new Long(number);
  }
  if (value.is_number()) return new Double(value.get<double>());
  if (value.is_string()) return new String(value.get<std::string>());
  return new Void(true);
}

// The text of a moment as literals have it, from a text whose digits stand where `format` (yyyyMMddHHmmss)
// says. Empty if they do not.
std::string literal_of(const std::string& text, const std::string& format, DATA_TYPE type) {
  std::map<char, std::string> fields;
  if (text.size() != format.size()) return {};
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (std::isalpha(static_cast<unsigned char>(format[i])) != 0) {
      fields[format[i]] += text[i];
    } else if (text[i] != format[i]) {
      return {};
    }
  }
  auto date = fields['y'] + "." + fields['M'] + "." + fields['d'];
  auto second = fields['H'] + ":" + fields['m'] + ":" + fields['s'];
  switch (type) {
    case DT_DATE:
      return date;
    case DT_SECOND:
      return second;
    case DT_TIME:
      return second + "." + fields['S'];
    case DT_DATETIME:
      return date + "T" + second;
    case DT_TIMESTAMP:
      return date + "T" + second + "." + fields['S'];
    default:
      bad_argument(parse_usage, "The host has no format for " + Util::getDataTypeString(type));
  }
}

ConstantSP column_of(const JsonColumn& column, const std::vector<Json>& rows, bool case_sensitive) {
  vector<ConstantSP> cells;
  cells.reserve(rows.size());
  for (const auto& row : rows) {
    ConstantSP cell = new Void(true);
    for (const auto& item : row.items()) {
      const bool same =
          case_sensitive ? item.key() == column.name : Util::lower(item.key()) == Util::lower(column.name);
      if (same) cell = cell_of(item.value());
    }
    if (!column.format.empty() && cell->getType() == DT_STRING)
      cell = new String(literal_of(cell->getString(), column.format, column.type));
    cells.push_back(convert_to(column.type, cell));
  }
  const VectorSP result = Util::createVector(column.type, 0, static_cast<INDEX>(cells.size()));
  for (const auto& cell : cells)
    result->append(cell);
  return result;
}

std::vector<JsonColumn> columns_of_schema(const ConstantSP& schema) {
  if (!schema->isTable() || !TableSP(schema)->contain("name") || !TableSP(schema)->contain("type"))
    bad_argument(parse_usage, "schema must be a table with the columns name and type");
  const TableSP table = schema;
  std::vector<JsonColumn> columns;
  for (INDEX i = 0; i < table->size(); ++i) {
    JsonColumn column{table->getColumn("name")->getString(i), type_argument(table->getColumn("type")->get(i)),
                      ""};
    if (table->contain("format")) column.format = table->getColumn("format")->getString(i);
    if (column.type == DT_VOID) bad_argument(parse_usage, "Column " + column.name + " has an unknown type");
    columns.push_back(column);
  }
  return columns;
}

// As the first ten objects have it.
std::vector<JsonColumn> columns_of_rows(const std::vector<Json>& rows) {
  std::vector<std::string> names;
  std::map<std::string, vector<ConstantSP>> cells;
  for (std::size_t i = 0; i < std::min<std::size_t>(rows.size(), 10); ++i) {
    for (const auto& item : rows[i].items()) {
      auto& column = cells[item.key()];
      if (column.empty()) names.push_back(item.key());
      column.push_back(cell_of(item.value()));
    }
  }
  std::vector<JsonColumn> columns;
  for (const auto& name : names) {
    const ConstantSP sample = make_vector(cells[name]);
    columns.push_back({name, sample->isTuple() ? DT_STRING : sample->getType(), ""});
  }
  return columns;
}

ConstantSP parse_json_table(Heap*, vector<ConstantSP>& a) {
  if (a[0]->getCategory() != LITERAL)
    bad_argument(parse_usage, "json must be a string or a vector of strings");
  std::vector<Json> rows;
  for (INDEX i = 0; i < a[0]->size(); ++i)
    add_objects(a[0]->getString(i), rows);
  const auto columns = given(a, 1) ? columns_of_schema(a[1]) : columns_of_rows(rows);
  const bool case_sensitive =
      !given(a, 2) || is_true(a[2], "The argument keyCaseSensitive of parseJsonTable");
  if (columns.empty()) bad_argument(parse_usage, "There is no column");
  std::vector<std::string> names;
  vector<ConstantSP> values;
  for (const auto& column : columns) {
    names.push_back(column.name);
    values.push_back(column_of(column, rows, case_sensitive));
  }
  return Util::createTable(names, values);
}

}  // namespace

std::vector<Builtin> json_builtins() {
  return {{"parseJsonTable", parse_json_table, 1, 3}};
}

}  // namespace host
