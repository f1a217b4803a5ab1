#include <algorithm>

#include "SpecialConstant.h"
#include "Util.h"

HOST_SDK_BEGIN

FastArrayVector::FastArrayVector(const VectorSP& index, const VectorSP& value, bool checkNull)
    : Vector(static_cast<DATA_TYPE>(value->getType() + ARRAY_TYPE_BASE), ARRAY),
      index_(index),
      value_(value),
      nullFlag_(!checkNull || value->hasNull()) {
  INDEX last = 0;
  for (INDEX row = 0; row < index->size(); ++row) {
    if (index->getInt(row) <= last) throw RuntimeException("The rows of an array vector must not be empty.");
    last = index->getInt(row);
  }
  if (last != value->size()) {
    throw RuntimeException("The rows of an array vector end at " + std::to_string(last) + ", but it has " +
                           std::to_string(value->size()) + " elements.");
  }
}

void FastArrayVector::checkRow(INDEX row) const {
  if (row < 0 || row >= size()) {
    throw RuntimeException("The row " + std::to_string(row) + " is outside the array vector of " +
                           std::to_string(size()) + " rows.");
  }
}

void FastArrayVector::resize(INDEX size) {
  if (size < this->size()) {
    value_->resize(size <= 0 ? 0 : end(size - 1));
    index_->resize(size);
  }
  while (this->size() < size)
    appendNull();
}

void FastArrayVector::clear() {
  index_->clear();
  value_->clear();
  nullFlag_ = false;
}

void FastArrayVector::appendNull() {
  value_->resize(value_->size() + 1);
  const int end = value_->size();
  index_->appendInt(&end, 1);
  nullFlag_ = true;
}

bool FastArrayVector::appendRow(const ConstantSP& row) {
  const bool fits = row->isScalar() || (row->isArray() && row->getCategory() != ARRAY);
  if (!fits) return false;
  if (row->size() == 0) {
    appendNull();
    return true;
  }
  if (!value_->append(row)) return false;
  const int end = value_->size();
  index_->appendInt(&end, 1);
  nullFlag_ = nullFlag_ || value_->getNullFlag();
  return true;
}

bool FastArrayVector::append(const ConstantSP& value, INDEX start, INDEX count) {
  const bool rows = value->isTuple() || value->getCategory() == ARRAY;
  const bool in_range = start >= 0 && count >= 0 && (!rows || start <= value->size() - count);
  if (!in_range || (!rows && !value->isScalar())) return false;
  const INDEX before = size();
  for (INDEX i = 0; i < count; ++i) {
    if (appendRow(rows ? value->get(start + i) : value)) continue;
    resize(before);
    return false;
  }
  return true;
}

void FastArrayVector::fill(INDEX, INDEX, const ConstantSP&, INDEX) {
  refuse("fill");
}

bool FastArrayVector::isNull(INDEX index) const {
  checkRow(index);
  return end(index) - begin(index) == 1 && value_->isNull(begin(index));
}

string FastArrayVector::getString() const {
  string text = "[";
  const INDEX shown = std::min(size(), Util::DISPLAY_ROWS);
  for (INDEX row = 0; row < shown; ++row)
    text += (row > 0 ? "," : "") + getString(row);
  return text + (shown < size() ? "...]" : "]");
}

string FastArrayVector::getString(INDEX index) const {
  return isNull(index) ? "[null]" : get(index)->getString();
}

ConstantSP FastArrayVector::get(INDEX index) const {
  checkRow(index);
  return value_->getSubVector(begin(index), end(index) - begin(index));
}

ConstantSP FastArrayVector::get(const ConstantSP& index) const {
  if (!index->isVector()) return get(index->getIndex());
  ConstantSP result = getInstance(0);
  auto* rows = static_cast<FastArrayVector*>(result.get());
  for (INDEX i = 0; i < index->size(); ++i) {
    const INDEX row = index->getIndex(i);
    if (row >= 0 && row < size()) {
      rows->appendRow(get(row));
    } else {
      rows->appendNull();
    }
  }
  return result;
}

ConstantSP FastArrayVector::column(INDEX position) const {
  const VectorSP positions = Util::createVector(DT_INT, size());
  for (INDEX row = 0; row < size(); ++row) {
    const bool inside = position >= 0 && position < end(row) - begin(row);
    positions->setInt(row, inside ? begin(row) + position : -1);
  }
  return value_->get(ConstantSP(positions));
}

ConstantSP FastArrayVector::getInstance(INDEX size) const {
  return Util::createVector(getType(), size);
}

ConstantSP FastArrayVector::getSubVector(INDEX start, INDEX length) const {
  ConstantSP result = getInstance(0);
  auto* rows = static_cast<FastArrayVector*>(result.get());
  for (INDEX row = start; row < start + length; ++row)
    rows->appendRow(get(row));
  rows->setName(getName());
  return result;
}

HOST_SDK_END
