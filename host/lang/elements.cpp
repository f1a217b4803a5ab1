// Elements of vectors, dictionaries and tables, and the making of tables.
#include <algorithm>
#include <cstdlib>

#include "ScalarImp.h"
#include "SpecialConstant.h"
#include "TableImp.h"
#include "lang/expressions.h"
#include "lang/keyed_table.h"

namespace host {
namespace {

ConstantSP column_of(const TableSP& table, const std::string& name) {
  // A copy, because handler threads may append to the column meanwhile.
  const LockGuard<Mutex> guard(table->getLock());
  if (!table->contain(name)) throw RuntimeException("The table has no column named " + name);
  return table->getColumn(name)->getValue();
}

INDEX checked_index(const ConstantSP& index, INDEX size) {
  if (index->getCategory() != INTEGRAL || index->isNull())
    throw RuntimeException("An index must be an integer");
  const auto value = index->getLong();
  if (value < 0 || value >= size) {
    throw RuntimeException("The index " + std::to_string(value) + " is out of range; the size is " +
                           std::to_string(size));
  }
  return static_cast<INDEX>(value);
}

DATA_TYPE column_type(const ConstantSP& types, INDEX i) {
  const ConstantSP type = types->isScalar() ? types : types->get(i);
  if (type->getCategory() == INTEGRAL) return static_cast<DATA_TYPE>(type->getInt());
  return Util::getDataType(type->getString());
}

ConstantSP empty_table(const ConstantSP& shape, const ConstantSP& names, const ConstantSP& types) {
  if (names->getCategory() != LITERAL || names->size() != types->size()) {
    throw RuntimeException("table(capacity:size, names, types) needs as many types as names");
  }
  vector<std::string> columns;
  vector<ConstantSP> empty;
  const auto size = std::max(shape->getInt(1), 0);
  for (INDEX i = 0; i < names->size(); ++i) {
    columns.push_back(names->getString(i));
    const auto type = column_type(types, i);
    if (type == DT_VOID) throw RuntimeException("Column " + columns.back() + " has an unknown type");
    empty.push_back(default_vector(type, size, std::max(shape->getInt(0), size)));
  }
  return Util::createTable(columns, empty);
}

}  // namespace

ConstantSP default_vector(DATA_TYPE type, INDEX size, INDEX capacity) {
  const VectorSP result = Util::createVector(type, size, capacity);
  const auto category = Util::getCategory(type);
  const bool counts =
      category == INTEGRAL || category == FLOATING || category == LOGICAL || category == TEMPORAL;
  if (size > 0 && counts) {
    const ConstantSP zero = Util::createConstant(type);
    zero->setLong(0);
    result->fill(0, size, zero);
  }
  return result;
}

ConstantSP element_of(const ConstantSP& base, const ConstantSP& index) {
  if (base->isDictionary()) return base->getMember(index);
  if (base->isTable() && index->isScalar() && index->getCategory() == LITERAL)
    return column_of(base, index->getString());
  if (!base->isVector() && !base->isTable()) {
    throw RuntimeException("A " + Util::getDataTypeString(base->getType()) + " " +
                           Util::getDataFormString(base->getForm()) + " has no elements");
  }
  if (base->getCategory() == ARRAY) {
    // A number is a place within the rows, a vector of numbers are rows.
    if (index->getCategory() != INTEGRAL || index->isPair() || (index->isScalar() && index->isNull()))
      throw RuntimeException("An index of an array vector must be an integer or a vector of integers");
    const auto* rows = static_cast<const FastArrayVector*>(base.get());
    return index->isScalar() ? rows->column(index->getInt()) : base->get(index);
  }
  if (index->isPair()) {
    // The larger end is left out: x[1:3] is x[1] and x[2], x[3:1] is x[2] and x[1].
    const auto from = std::clamp(index->getInt(0), 0, base->size());
    const auto to = std::clamp(index->getInt(1), 0, base->size());
    const VectorSP positions = Util::createVector(DT_INT, 0, std::abs(to - from));
    for (INDEX i = 0; i < std::abs(to - from); ++i)
      positions->append(ConstantSP(new Int(from <= to ? from + i : from - 1 - i)));
    return base->get(positions);
  }
  if (!index->isScalar()) throw RuntimeException("An index must be an integer");
  const auto position = index->getCategory() == INTEGRAL && !index->isNull() ? index->getLong() : -1;
  if (base->isVector() && !base->isTuple() && (position < 0 || position >= base->size())) {
    if (index->getCategory() != INTEGRAL) throw RuntimeException("An index must be an integer");
    return Util::createConstant(base->getType());  // NULL, as in DolphinDB
  }
  return base->get(checked_index(index, base->size()));
}

void set_element(const ConstantSP& base, const ConstantSP& index, const ConstantSP& value) {
  if (base->isDictionary()) {
    if (!DictionarySP(base)->set(index, value)) {
      throw RuntimeException("The dictionary does not take this key or value; its values are " +
                             Util::getDataTypeString(base->getType()));
    }
    return;
  }
  if (!base->isVector()) throw RuntimeException("Only elements of vectors and dictionaries can be assigned");
  if (!base->set(checked_index(index, base->size()), value)) {
    throw RuntimeException("A " + Util::getDataTypeString(value->getType()) +
                           " does not fit into a vector of " + Util::getDataTypeString(base->getType()));
  }
}

ConstantSP make_table(TableKind kind, vector<ConstantSP> arguments, std::vector<std::string> names) {
  std::vector<std::string> keys;
  if (kind == TableKind::keyed && !arguments.empty()) {
    for (INDEX i = 0; i < arguments[0]->size(); ++i)
      keys.push_back(arguments[0]->getString(i));
    arguments.erase(arguments.begin());
    names.erase(names.begin());
  }
  if (arguments.empty())
    throw RuntimeException("table(...) needs columns, or capacity:size, names and types");
  TableSP table;
  if (arguments.size() == 3 && arguments[0]->isPair() && arguments[0]->getCategory() == INTEGRAL) {
    table = empty_table(arguments[0], arguments[1], arguments[2]);
  } else {
    const bool scalars = arguments[0]->isScalar();
    for (auto& column : arguments) {
      if (column->isScalar() != scalars || (!scalars && (!column->isVector() || column->isTuple())))
        throw RuntimeException("The columns of table(...) must be vectors, or all of them scalars");
      if (!scalars) continue;
      const VectorSP one = Util::createVector(column->getType(), 0, 1);
      one->append(column);
      column = one;
    }
    table = Util::createTable(names, arguments);
  }
  if (kind == TableKind::keyed) return new KeyedTable(keys, table);
  table->setRealtimeTable(kind == TableKind::stream);
  return table;
}

}  // namespace host
