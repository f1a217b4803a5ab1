// JSON: toStdJson and parseJsonTable.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "ScalarImp.h"
#include "lang/builtins.h"
#include "lang/operators.h"

namespace host {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const ConstantSP& value);

Json scalar_to_json(const ConstantSP& value, INDEX i) {
  if (value->isNull(i)) return value->getCategory() == LITERAL ? Json("") : Json(nullptr);
  switch (value->getCategory()) {
    case LOGICAL:
      return value->getBool(i) != 0;
    case INTEGRAL:
      return value->getLong(i);
    case FLOATING:
      return value->getDouble(i);
    default:
      return value->getString(i);
  }
}

Json to_json(const ConstantSP& value) {
  if (value->isTable()) {
    const TableSP table = value->getValue();  // a copy, because others may append meanwhile
    Json result = Json::object();
    for (INDEX i = 0; i < table->columns(); ++i)
      result[table->getColumnName(i)] = to_json(table->getColumn(i));
    return result;
  }
  if (value->isDictionary()) {
    Json result = Json::object();
    const ConstantSP keys = value->keys();
    for (INDEX i = 0; i < keys->size(); ++i)
      result[keys->getString(i)] = to_json(value->getMember(keys->get(i)));
    return result;
  }
  if (value->isVector()) {
    Json result = Json::array();
    for (INDEX i = 0; i < value->size(); ++i) {
      result.push_back(value->isTuple() ? to_json(value->get(i)) : scalar_to_json(value, i));
    }
    return result;
  }
  return scalar_to_json(value, 0);
}

ConstantSP to_standard_json(Heap*, vector<ConstantSP>& a) {
  // Bytes that are no UTF-8 become U+FFFD; JSON has no other way.
  return new String(to_json(a[0]).dump(-1, ' ', false, Json::error_handler_t::replace));
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
  if (value.is_null()) return new Void(true);
  return new String(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

ConstantSP column_of(const vector<ConstantSP>& cells, DATA_TYPE type) {
  ConstantSP column = make_vector(cells);
  if (type != DT_VOID) return convert_to(type, column);
  if (!column->isTuple()) return column;
  return convert_to(DT_STRING, column);
}

ConstantSP parse_json_table(Heap*, vector<ConstantSP>& a) {
  constexpr const char* usage = "parseJsonTable(json, [schema])";
  if (a[0]->getCategory() != LITERAL) bad_argument(usage, "json must be a string or a vector of strings");
  std::vector<Json> rows;
  const auto add = [&](const Json& row, INDEX i) {
    if (!row.is_object()) bad_argument(usage, "Element " + std::to_string(i) + " is no JSON object");
    rows.push_back(row);
  };
  for (INDEX i = 0; i < a[0]->size(); ++i) {
    const auto text = a[0]->getString(i);
    // Deep nesting would exhaust the stack of a recursive parser and of the copies made here.
    constexpr int deepest = 100;
    const Json parsed = Json::parse(
        text,
        [](int depth, Json::parse_event_t, Json&) {
          if (depth > deepest) throw RuntimeException("The JSON is nested too deeply");
          return true;
        },
        false);
    if (parsed.is_discarded()) bad_argument(usage, "Element " + std::to_string(i) + " is no valid JSON");
    if (!parsed.is_array()) {
      add(parsed, i);
    } else {
      for (const auto& row : parsed)
        add(row, i);
    }
  }
  std::vector<std::string> names;
  std::vector<DATA_TYPE> types;
  if (given(a, 1)) {
    if (!a[1]->isTable()) bad_argument(usage, "schema must be a table with the columns name and type");
    const TableSP schema = a[1];
    if (!schema->contain("name") || !schema->contain("type"))
      bad_argument(usage, "schema needs columns name and type");
    for (INDEX i = 0; i < schema->size(); ++i) {
      names.push_back(schema->getColumn("name")->getString(i));
      types.push_back(type_argument(schema->getColumn("type")->get(i)));
      if (types.back() == DT_VOID) bad_argument(usage, "Column " + names.back() + " has an unknown type");
    }
  } else {
    for (const auto& row : rows) {
      for (const auto& item : row.items()) {
        if (std::find(names.begin(), names.end(), item.key()) == names.end()) names.push_back(item.key());
      }
    }
    types.assign(names.size(), DT_VOID);
  }
  if (names.empty()) bad_argument(usage, "There is no column");
  vector<ConstantSP> columns;
  for (std::size_t c = 0; c < names.size(); ++c) {
    vector<ConstantSP> cells;
    cells.reserve(rows.size());
    for (const auto& row : rows)
      cells.push_back(row.contains(names[c]) ? cell_of(row[names[c]]) : cell_of(nullptr));
    columns.push_back(column_of(cells, types[c]));
  }
  return Util::createTable(names, columns);
}

}  // namespace

std::vector<Builtin> json_builtins() {
  return {{"toStdJson", to_standard_json, 1, 1}, {"parseJsonTable", parse_json_table, 1, 2}};
}

}  // namespace host
