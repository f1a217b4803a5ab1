// Built-in functions on tables, dictionaries and the making of vectors.
#include <algorithm>

#include "ScalarImp.h"
#include "lang/builtins.h"
#include "lang/expressions.h"
#include "lang/keyed_table.h"
#include "lang/operators.h"
#include "lang/runtime.h"
#include "lang/session.h"
#include "lang/statements.h"

namespace host {
namespace {

TableSP table_argument(const vector<ConstantSP>& a, std::size_t i, const char* usage) {
  if (!given(a, i) || !a[i]->isTable())
    bad_argument(usage, "Argument " + std::to_string(i + 1) + " must be a table");
  return a[i];
}

template <TableKind Kind>
ConstantSP table(Heap*, vector<ConstantSP>& a) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < a.size(); ++i)
    names.push_back("C" + std::to_string(i));
  return make_table(Kind, a, names);
}

ConstantSP append(Heap*, vector<ConstantSP>& a) {
  constexpr const char* usage = "append!(obj, newData)";
  if (a[0]->isTable()) {
    if (!a[1]->isTable()) bad_argument(usage, "What is appended to a table must be a table");
    append_rows(a[0], {a[1]});
    return a[0];
  }
  if (!a[0]->isArray()) bad_argument(usage, "obj must be a table or a vector");
  if (!VectorSP(a[0])->append(a[1])) {
    bad_argument(usage,
                 "The new data does not fit into a vector of " + Util::getDataTypeString(a[0]->getType()));
  }
  return a[0];
}

ConstantSP upsert(Heap*, vector<ConstantSP>& a) {
  constexpr const char* usage = "upsert!(obj, newData)";
  auto* table = dynamic_cast<KeyedTable*>(a[0].get());
  if (table == nullptr) bad_argument(usage, "obj must be a keyed table");
  if (!a[1]->isTable()) bad_argument(usage, "newData must be a table");
  vector<ConstantSP> values{a[1]};
  INDEX rows = 0;
  std::string error;
  if (!table->append(values, rows, error)) throw RuntimeException("Cannot write to the table: " + error);
  return a[0];
}

ConstantSP table_insert(Heap*, vector<ConstantSP>& a) {
  const TableSP table = table_argument(a, 0, "tableInsert(table, args...)");
  return new Int(append_rows(table, vector<ConstantSP>(a.begin() + 1, a.end())));
}

ConstantSP size(Heap*, vector<ConstantSP>& a) {
  return new Int(a[0]->size());
}
ConstantSP count(Heap*, vector<ConstantSP>& a) {
  if (a[0]->getCategory() == ARRAY) bad_argument("count(X)", "The host does not count in array vectors");
  if (!a[0]->isVector() || a[0]->isTuple()) return new Int(a[0]->size());
  INDEX found = 0;
  for (INDEX i = 0; i < a[0]->size(); ++i)
    found += a[0]->isNull(i) ? 0 : 1;
  return new Int(found);
}

ConstantSP row(Heap*, vector<ConstantSP>& a) {
  constexpr const char* usage = "row(obj, index)";
  if (a[0]->getCategory() != ARRAY) bad_argument(usage, "The host has rows of array vectors only");
  const auto index = whole_argument(a, 1, usage);
  if (index < 0 || index >= a[0]->size()) bad_argument(usage, "There is no such row");
  return a[0]->get(static_cast<INDEX>(index));
}

ConstantSP keys(Heap*, vector<ConstantSP>& a) {
  if (!a[0]->isDictionary() && !a[0]->isTable()) bad_argument("keys(X)", "X must be a dictionary or a table");
  return a[0]->keys();
}

ConstantSP column_names(Heap*, vector<ConstantSP>& a) {
  return table_argument(a, 0, "columnNames(X)")->keys();
}

ConstantSP schema(Heap*, vector<ConstantSP>& a) {
  const TableSP table = table_argument(a, 0, "schema(table)");
  vector<ConstantSP> names;
  vector<ConstantSP> types;
  vector<ConstantSP> codes;
  const VectorSP comments = Util::createVector(DT_STRING, table->columns());
  for (INDEX i = 0; i < table->columns(); ++i) {
    names.push_back(new String(table->getColumnName(i)));
    types.push_back(new String(Util::getDataTypeString(table->getColumnType(i))));
    codes.push_back(new Int(table->getColumnType(i)));
  }
  const DictionarySP result = Util::createDictionary(DT_STRING, nullptr, DT_ANY, nullptr);
  const vector<ConstantSP> parts{make_vector(names), make_vector(types), make_vector(codes), comments};
  result->set(new String("colDefs"),
              ConstantSP(Util::createTable({"name", "typeString", "typeInt", "comment"}, parts)));
  return result;
}

ConstantSP dictionary(Heap*, vector<ConstantSP>& a) {
  const auto key = type_argument(a[0]);
  const auto value = type_argument(a[1]);
  if (key == DT_VOID || value == DT_VOID)
    bad_argument("dict(keyType, valueType)", "Both types must be types such as STRING and ANY");
  return Util::createDictionary(key, nullptr, value, nullptr);
}

ConstantSP array(Heap*, vector<ConstantSP>& a) {
  constexpr const char* usage = "array(type, [size = 0], [capacity = size])";
  constexpr long long most = 200'000'000;
  const auto type = type_argument(a[0]);
  const auto size = given(a, 1) ? whole_argument(a, 1, usage) : 0;
  if (type == DT_VOID) bad_argument(usage, "Unknown type");
  const auto capacity = given(a, 2) ? whole_argument(a, 2, usage) : size;
  if (size < 0 || size > most) bad_argument(usage, "size is out of range");
  if (capacity > most) bad_argument(usage, "capacity is out of range");
  if (size > 0 && Util::getCategory(type) == ARRAY) bad_argument(usage, "The size of arrays must be 0");
  return default_vector(type, static_cast<INDEX>(size), static_cast<INDEX>(capacity));
}

ConstantSP join(Heap*, vector<ConstantSP>& a) {
  constexpr const char* usage = "join(X, Y)";
  vector<ConstantSP> elements;
  for (const auto& part : a) {
    if (!part->isScalar() && (!part->isVector() || part->isTuple()))
      bad_argument(usage, "X and Y must be scalars or vectors of one type");
    for (INDEX i = 0; i < part->size(); ++i)
      elements.push_back(part->isVector() ? part->get(i) : part);
  }
  ConstantSP result = make_vector(elements);
  if (result->isTuple() && !elements.empty()) bad_argument(usage, "X and Y must be of one type");
  return elements.empty() ? a[0]->getInstance() : result;
}

ConstantSP undefine(Heap* heap, vector<ConstantSP>& a) {
  const auto name = text_argument(a, 0, "undef(obj)");
  const HeapSP variables = script_session(*heap).getHeap();
  if (!variables->contains(name)) throw RuntimeException("There is no variable named " + name);
  variables->removeItem(name);
  return new Void(true);
}

}  // namespace

std::vector<Builtin> table_builtins() {
  return {{"table", table<TableKind::plain>, 1, any_number},
          {"streamTable", table<TableKind::stream>, 1, any_number},
          {"keyedTable", table<TableKind::keyed>, 2, any_number},
          {"append!", append, 2, 2},
          {"upsert!", upsert, 2, 2},
          {"tableInsert", table_insert, 2, any_number},
          {"size", size, 1, 1},
          {"count", count, 1, 1},
          {"row", row, 2, 2},
          {"keys", keys, 1, 1},
          {"columnNames", column_names, 1, 1},
          {"schema", schema, 1, 1},
          {"dict", dictionary, 2, 2},
          {"array", array, 1, 3},
          {"join", join, 2, 2},
          {"undef", undefine, 1, 1}};
}

}  // namespace host
