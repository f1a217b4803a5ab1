// Built-in functions on tables, dictionaries and the making of vectors.
#include <algorithm>

#include "ScalarImp.h"
#include "lang/builtins.h"
#include "lang/expressions.h"
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

template <bool Stream>
ConstantSP table(Heap*, vector<ConstantSP>& a) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < a.size(); ++i)
    names.push_back("C" + std::to_string(i));
  return make_table(Stream, a, names);
}

ConstantSP append(Heap*, vector<ConstantSP>& a) {
  constexpr const char* usage = "append!(obj, newData)";
  if (a[0]->isTable()) {
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

ConstantSP table_insert(Heap*, vector<ConstantSP>& a) {
  const TableSP table = table_argument(a, 0, "tableInsert(table, args...)");
  return new Int(append_rows(table, vector<ConstantSP>(a.begin() + 1, a.end())));
}

ConstantSP size(Heap*, vector<ConstantSP>& a) {
  return new Int(a[0]->size());
}
ConstantSP rows(Heap*, vector<ConstantSP>& a) {
  return new Int(a[0]->rows());
}
ConstantSP columns(Heap*, vector<ConstantSP>& a) {
  return new Int(a[0]->columns());
}

ConstantSP count(Heap*, vector<ConstantSP>& a) {
  if (!a[0]->isVector() || a[0]->isTuple()) return new Int(a[0]->size());
  INDEX found = 0;
  for (INDEX i = 0; i < a[0]->size(); ++i)
    found += a[0]->isNull(i) ? 0 : 1;
  return new Int(found);
}

ConstantSP keys(Heap*, vector<ConstantSP>& a) {
  if (!a[0]->isDictionary() && !a[0]->isTable()) bad_argument("keys(X)", "X must be a dictionary or a table");
  return a[0]->keys();
}

ConstantSP values(Heap*, vector<ConstantSP>& a) {
  if (!a[0]->isDictionary() && !a[0]->isTable())
    bad_argument("values(X)", "X must be a dictionary or a table");
  return a[0]->values();
}

ConstantSP schema(Heap*, vector<ConstantSP>& a) {
  const TableSP table = table_argument(a, 0, "schema(table)");
  vector<ConstantSP> names;
  vector<ConstantSP> types;
  vector<ConstantSP> codes;
  for (INDEX i = 0; i < table->columns(); ++i) {
    names.push_back(new String(table->getColumnName(i)));
    types.push_back(new String(Util::getDataTypeString(table->getColumnType(i))));
    codes.push_back(new Int(table->getColumnType(i)));
  }
  const DictionarySP result = Util::createDictionary(DT_STRING, nullptr, DT_ANY, nullptr);
  const vector<ConstantSP> parts{make_vector(names), make_vector(types), make_vector(codes)};
  result->set("colDefs", ConstantSP(Util::createTable({"name", "typeString", "typeInt"}, parts)));
  return result;
}

ConstantSP dictionary(Heap*, vector<ConstantSP>& a) {
  constexpr const char* usage = "dict(keyType, valueType) or dict(keys, values)";
  if (!a[0]->isVector()) {
    const auto key = type_argument(a[0]);
    const auto value = type_argument(a[1]);
    if (key == DT_VOID || value == DT_VOID)
      bad_argument(usage, "Both types must be types such as STRING and ANY");
    return Util::createDictionary(key, nullptr, value, nullptr);
  }
  if (!a[1]->isVector() || a[0]->size() != a[1]->size())
    bad_argument(usage, "keys and values must have one length");
  if (a[0]->isTuple()) bad_argument(usage, "keys must be of one type");
  const DictionarySP result = Util::createDictionary(a[0]->getType(), nullptr, a[1]->getType(), nullptr);
  for (INDEX i = 0; i < a[0]->size(); ++i)
    result->set(a[0]->get(i), a[1]->get(i));
  return result;
}

ConstantSP array(Heap*, vector<ConstantSP>& a) {
  constexpr const char* usage = "array(type, [size = 0], [capacity])";
  constexpr long long most = 200'000'000;
  const auto type = type_argument(a[0]);
  const auto size = given(a, 1) ? whole_argument(a, 1, usage) : 0;
  const auto capacity = given(a, 2) ? whole_argument(a, 2, usage) : size;
  if (type == DT_VOID) bad_argument(usage, "Unknown type");
  if (size < 0 || size > most || capacity < 0 || capacity > most)
    bad_argument(usage, "size or capacity is out of range");
  const VectorSP result = Util::createVector(type, static_cast<INDEX>(size), static_cast<INDEX>(capacity));
  const auto category = Util::getCategory(type);
  if (size > 0 && (category == INTEGRAL || category == FLOATING || category == LOGICAL)) {
    result->fill(0, static_cast<INDEX>(size), new Int(0));
  }
  return result;
}

ConstantSP join(Heap*, vector<ConstantSP>& a) {
  vector<ConstantSP> elements;
  for (const auto& part : a) {
    for (INDEX i = 0; i < part->size(); ++i)
      elements.push_back(part->isVector() ? part->get(i) : part);
  }
  return make_vector(elements);
}

ConstantSP share(Heap*, vector<ConstantSP>& a) {
  share_table(a[0], text_argument(a, 1, "share(table, sharedName)"));
  return new Void(true);
}

ConstantSP undefine(Heap* heap, vector<ConstantSP>& a) {
  const auto name = text_argument(a, 0, "undef(name, [SHARED])");
  auto& session = script_session(*heap);
  if (session.getHeap()->contains(name)) {
    session.getHeap()->removeItem(name);
  } else if (!Runtime::instance().remove_shared(name)) {
    throw RuntimeException("There is no variable named " + name);
  }
  return new Void(true);
}

ConstantSP object_by_name(Heap* heap, vector<ConstantSP>& a) {
  const auto name = text_argument(a, 0, "objByName(name)");
  ConstantSP value = heap->contains(name) ? heap->getReference(name) : Runtime::instance().find_shared(name);
  if (value.isNull()) throw RuntimeException("There is no variable or shared table named " + name);
  return value;
}

ConstantSP is_defined(Heap* heap, vector<ConstantSP>& a) {
  const auto exists = [&](const std::string& name) {
    return heap->contains(name) || !Runtime::instance().find_shared(name).isNull() ||
           !heap->currentSession()->getFunctionDef(name).isNull();
  };
  if (a[0]->isScalar()) return new Bool(static_cast<char>(exists(text_argument(a, 0, "defined(names)"))));
  ConstantSP result = Util::createVector(DT_BOOL, a[0]->size());
  for (INDEX i = 0; i < a[0]->size(); ++i)
    result->setBool(i, static_cast<char>(exists(a[0]->getString(i))));
  return result;
}

ConstantSP clear(Heap*, vector<ConstantSP>& a) {
  if (a[0]->isTable()) {
    TableSP(a[0])->clear();
  } else if (a[0]->isDictionary()) {
    DictionarySP(a[0])->clear();
  } else if (a[0]->isArray()) {
    VectorSP(a[0])->clear();
  } else {
    bad_argument("clear!(X)", "X must be a table, a vector or a dictionary");
  }
  return a[0];
}

ConstantSP erase(Heap*, vector<ConstantSP>& a) {
  if (!a[0]->isDictionary()) bad_argument("erase!(dict, key)", "Argument 1 must be a dictionary");
  DictionarySP(a[0])->remove(a[1]);
  return a[0];
}

}  // namespace

std::vector<Builtin> table_builtins() {
  return {{"table", table<false>, 1, any_number},
          {"streamTable", table<true>, 1, any_number},
          {"append!", append, 2, 2},
          {"tableInsert", table_insert, 2, any_number},
          {"size", size, 1, 1},
          {"count", count, 1, 1},
          {"rows", rows, 1, 1},
          {"cols", columns, 1, 1},
          {"keys", keys, 1, 1},
          {"values", values, 1, 1},
          {"columnNames", keys, 1, 1},
          {"colNames", keys, 1, 1},
          {"schema", schema, 1, 1},
          {"dict", dictionary, 2, 3},
          {"array", array, 1, 3},
          {"join", join, 2, 2},
          {"share", share, 2, 2},
          {"undef", undefine, 1, 2},
          {"objByName", object_by_name, 1, 2},
          {"defined", is_defined, 1, 2},
          {"clear!", clear, 1, 1},
          {"erase!", erase, 2, 2}};
}

}  // namespace host
