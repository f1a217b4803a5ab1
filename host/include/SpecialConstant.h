// FastArrayVector: a vector whose elements are vectors. The SDK keeps its special vectors in this file; the
// host's others are made by Util::createVector and used through Vector.
#pragma once

#include "CoreConcept.h"

HOST_SDK_BEGIN

/// An array vector: rows of any number of elements of one type, stored one behind the other. A row has at
/// least one element; NULL is a row of one element that is NULL. Rows can be appended, not changed.
class FastArrayVector : public Vector {
 public:
  /// `index` says where in `value` each row ends. It must grow from row to row, and the last row must end
  /// where `value` does. A server does not check. Takes both vectors, not copies of them.
  FastArrayVector(const VectorSP& index, const VectorSP& value, bool checkNull = true);

  VectorSP getSourceIndex() const { return index_; }
  VectorSP getSourceValue() const { return value_; }
  DATA_TYPE elementType() const { return static_cast<DATA_TYPE>(getType() - ARRAY_TYPE_BASE); }

  INDEX size() const override { return index_->size(); }
  INDEX getCapacity() const override { return index_->getCapacity(); }
  INDEX reserve(INDEX capacity) override { return index_->reserve(capacity); }
  void resize(INDEX size) override;
  void clear() override;
  using Vector::append;
  /// Takes array vectors, and scalars and the elements of tuples as a row each. A vector that is none of
  /// them is refused, as in DolphinDB's scripts.
  bool append(const ConstantSP& value, INDEX start, INDEX count) override;
  void fill(INDEX start, INDEX length, const ConstantSP& value, INDEX valueOffset) override;

  using Constant::isNull;
  bool isNull() const override { return false; }
  bool isNull(INDEX index) const override;
  bool hasNull() override { return value_->hasNull(); }
  bool getNullFlag() const override { return nullFlag_; }
  void setNullFlag(bool containNull) override { nullFlag_ = containNull; }

  /// `[[1,2],[3]]`.
  string getString() const override;
  string getString(INDEX index) const override;
  using Constant::get;
  /// A row, as a vector.
  ConstantSP get(INDEX index) const override;
  /// The rows at the positions of a vector; NULL where a position is out of range.
  ConstantSP get(const ConstantSP& index) const override;
  /// The elements at one position of all rows; NULL where a row is shorter.
  ConstantSP column(INDEX position) const;
  using Vector::getInstance;
  ConstantSP getInstance(INDEX size) const override;
  ConstantSP getSubVector(INDEX start, INDEX length) const override;
  ConstantSP getValue() const override { return getSubVector(0, size()); }

 private:
  INDEX begin(INDEX row) const { return row == 0 ? 0 : index_->getInt(row - 1); }
  INDEX end(INDEX row) const { return index_->getInt(row); }
  void checkRow(INDEX row) const;
  bool appendRow(const ConstantSP& row);
  void appendNull();

  VectorSP index_;
  VectorSP value_;
  bool nullFlag_;
};

HOST_SDK_END
