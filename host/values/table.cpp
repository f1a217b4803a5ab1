#include <algorithm>
#include <set>

#include "ScalarImp.h"
#include "TableImp.h"
#include "Util.h"
#include "text.h"

HOST_SDK_BEGIN

namespace {

// One length for all columns; scalars take that of the vectors. -1 if vectors differ.
INDEX commonLength(const vector<ConstantSP>& values) {
  INDEX length = -1;
  for (const ConstantSP& value : values) {
    if (!value->isVector()) continue;
    if (length >= 0 && value->size() != length) return -1;
    length = value->size();
  }
  return length < 0 ? 1 : length;
}

// The columns that append() was given, as one value a column.
vector<ConstantSP> flattened(const vector<ConstantSP>& values, bool tupleIsOneValue) {
  if (values.size() != 1) return values;
  vector<ConstantSP> columns;
  if (values[0]->isTable()) {
    // A shared one is copied, under its own lock alone: holding both could dead-lock with an append the other
    // way.
    TableSP table = values[0];
    if (table->isSharedTable()) table = table->getValue();
    for (INDEX i = 0; i < table->columns(); ++i) {
      columns.push_back(table->getColumn(i));
    }
    return columns;
  }
  if (values[0]->isTuple() && !tupleIsOneValue) {
    for (INDEX i = 0; i < values[0]->size(); ++i) {
      columns.push_back(values[0]->get(i));
    }
    return columns;
  }
  return values;
}

}  // namespace

BasicTable::BasicTable(const vector<ConstantSP>& cols, const vector<string>& colNames) : names_(colNames) {
  if (cols.size() != colNames.size() || cols.empty()) {
    throw TableRuntimeException("A table needs a name for every column and at least one column; it got " +
                                std::to_string(cols.size()) + " columns and " +
                                std::to_string(colNames.size()) + " names.");
  }
  std::set<string> seen;
  for (const string& name : colNames) {
    if (!seen.insert(Util::lower(name)).second) {
      throw TableRuntimeException("A table cannot have two columns of the name " + name + ".");
    }
  }
  const INDEX length = commonLength(cols);
  if (length < 0) throw TableRuntimeException("All columns of a table must have the same length.");
  for (const ConstantSP& column : cols) {
    if (column->isArray()) {
      columns_.emplace_back(column);
    } else if (column->isScalar()) {
      const VectorSP repeated = Util::createVector(column->getType(), 0, length);
      repeated->append(column, 0, length);
      columns_.push_back(repeated);
    } else {
      throw TableRuntimeException("A table's column cannot be of form " +
                                  Util::getDataFormString(column->getForm()) + ".");
    }
    columns_.back()->setIndependent(false);
  }
}

size_t BasicTable::checkedIndex(int index) const {
  if (index < 0 || index >= columns()) {
    throw TableRuntimeException("The table has " + std::to_string(columns()) + " columns, so none at " +
                                std::to_string(index) + ".");
  }
  return static_cast<size_t>(index);
}

ConstantSP BasicTable::getColumn(INDEX index) const {
  return columns_[checkedIndex(index)];
}

ConstantSP BasicTable::getColumn(const string& name) const {
  const int index = getColumnIndex(name);
  if (index < 0) throw TableRuntimeException("Unrecognized column name " + name);
  return getColumn(index);
}

INDEX BasicTable::size() const {
  const LockGuard<Mutex> guard(getLock());
  return columns_.front()->size();
}

const string& BasicTable::getColumnName(int index) const {
  return names_[checkedIndex(index)];
}

int BasicTable::getColumnIndex(const string& name) const {
  // Column names do not depend on case.
  const string wanted = Util::lower(name);
  const auto found = std::find_if(names_.begin(), names_.end(),
                                  [&](const string& own) { return Util::lower(own) == wanted; });
  return found == names_.end() ? -1 : static_cast<int>(found - names_.begin());
}

void BasicTable::setColumnName(int index, const string& name) {
  const int other = getColumnIndex(name);
  if (other >= 0 && other != index) {
    throw TableRuntimeException("A table cannot have two columns of the name " + name + ".");
  }
  names_[checkedIndex(index)] = name;
}

DATA_TYPE BasicTable::getColumnType(int index) const {
  return columns_[checkedIndex(index)]->getType();
}

bool BasicTable::convertColumns(const vector<ConstantSP>& values, vector<VectorSP>& converted,
                                string& errMsg) const {
  if (values.size() != columns_.size()) {
    errMsg = "The number of columns to append (" + std::to_string(values.size()) +
             ") does not match that of the table (" + std::to_string(columns_.size()) + ").";
    return false;
  }
  const INDEX length = commonLength(values);
  if (length < 0) {
    errMsg = "The columns to append must have the same length.";
    return false;
  }
  for (size_t i = 0; i < values.size(); ++i) {
    const ConstantSP& value = values[i];
    const DATA_TYPE type = columns_[i]->getType();
    // As it is, unless it is one of the columns that are about to grow.
    const bool own = std::any_of(columns_.begin(), columns_.end(),
                                 [&](const VectorSP& column) { return column.get() == value.get(); });
    if (!own && value->isVector() && type != DT_ANY && value->getType() == type) {
      converted.push_back(value);
      continue;
    }
    VectorSP column = Util::createVector(type, 0, length);
    if (!column->append(value, 0, length)) {
      errMsg = "Failed to append data to column '" + names_[i] +
               "': Incompatible type. Expected: " + Util::getDataTypeString(type) +
               ", Actual: " + Util::getDataTypeString(value->getType());
      return false;
    }
    converted.push_back(column);
  }
  return true;
}

bool BasicTable::append(vector<ConstantSP>& values, INDEX& insertedRows, string& errMsg) {
  insertedRows = 0;
  const bool tuple_is_value = columns_.size() == 1 && columns_[0]->getType() == DT_ANY;
  vector<VectorSP> converted;
  if (!convertColumns(flattened(values, tuple_is_value), converted, errMsg)) return false;
  const LockGuard<Mutex> guard(getLock());
  if (isReadOnly()) {
    errMsg = "The table is read-only.";
    return false;
  }
  for (size_t i = 0; i < columns_.size(); ++i) {
    columns_[i]->append(converted[i], 0, converted[i]->size());
  }
  insertedRows = converted.front()->size();
  return true;
}

bool BasicTable::clear() {
  const LockGuard<Mutex> guard(getLock());
  for (const VectorSP& column : columns_) {
    column->clear();
  }
  return true;
}

string BasicTable::getString() const {
  const LockGuard<Mutex> guard(getLock());
  return tableText(*this);
}

ConstantSP BasicTable::get(INDEX index) const {
  const LockGuard<Mutex> guard(getLock());
  DictionarySP row = Util::createDictionary(DT_STRING, nullptr, DT_ANY, nullptr);
  for (size_t i = 0; i < columns_.size(); ++i) {
    row->set(ConstantSP(new String(names_[i])), columns_[i]->get(index));
  }
  return row;
}

ConstantSP BasicTable::get(INDEX column, INDEX row) const {
  const LockGuard<Mutex> guard(getLock());
  return columns_[checkedIndex(column)]->get(row);
}

ConstantSP BasicTable::get(const ConstantSP& index) const {
  if (!index->isVector()) return get(index->getIndex());
  const LockGuard<Mutex> guard(getLock());
  return derive([&](const VectorSP& column) { return column->get(index); });
}

ConstantSP BasicTable::keys() const {
  const VectorSP result = Util::createVector(DT_STRING, 0, columns());
  result->appendString(names_.data(), columns());
  return result;
}

ConstantSP BasicTable::values() const {
  const LockGuard<Mutex> guard(getLock());
  const VectorSP result = Util::createVector(DT_ANY, 0, columns());
  for (const VectorSP& column : columns_) {
    result->append(column->getValue());
  }
  return result;
}

ConstantSP BasicTable::getInstance() const {
  return derive([](const VectorSP& column) { return column->getInstance(0); });
}

ConstantSP BasicTable::getValue() const {
  const LockGuard<Mutex> guard(getLock());
  return derive([](const VectorSP& column) { return column->getValue(); });
}

ConstantSP BasicTable::derive(const std::function<ConstantSP(const VectorSP&)>& makeColumn) const {
  vector<ConstantSP> columns(columns_.size());
  std::transform(columns_.begin(), columns_.end(), columns.begin(), makeColumn);
  return new BasicTable(columns, names_);
}

HOST_SDK_END
