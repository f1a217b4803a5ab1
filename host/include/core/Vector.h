// Vector: many elements of one type, or of any type (a tuple).
#pragma once

#include "core/Constant.h"

HOST_SDK_BEGIN

/// A growing vector. Made by Util::createVector. Not synchronised: one thread at a time, or the lock of
/// the table it belongs to.
class Vector : public Constant {
 public:
  Vector(DATA_TYPE type, DATA_CATEGORY category) : Constant(DF_VECTOR, type, category) {}

  const string& getName() const { return name_; }
  void setName(const string& name) { name_ = name; }

  using Constant::getString;
  /// `[1,2,3]`, or `(1,"a")` for a tuple; long vectors are cut with "...".
  string getString() const override;
  string getString(INDEX index) const override = 0;
  string getScript() const override { return getString(); }

  virtual INDEX getCapacity() const = 0;
  virtual INDEX reserve(INDEX capacity) = 0;
  /// New elements are NULL.
  virtual void resize(INDEX size) = 0;
  virtual void clear() = 0;

  /// Appends the elements of a vector or a scalar, converted to this vector's type. False, and nothing
  /// appended, if one does not fit.
  virtual bool append(const ConstantSP& value) { return append(value, 0, value->size()); }
  virtual bool append(const ConstantSP& value, INDEX count) { return append(value, 0, count); }
  virtual bool append(const ConstantSP& value, INDEX start, INDEX count) = 0;

// NOLINTBEGIN(bugprone-macro-parentheses): types cannot stand in parentheses
#define HOST_SDK_DECLARE(Name, Type) \
  virtual bool append##Name(const Type*, int) { return false; }
  HOST_SDK_FOR_EACH_NUMBER(HOST_SDK_DECLARE)
#undef HOST_SDK_DECLARE
  // NOLINTEND(bugprone-macro-parentheses)
  virtual bool appendString(const DolphinString**, int) { return false; }
  virtual bool appendString(const string*, int) { return false; }
  virtual bool appendString(const char**, int) { return false; }

  using Constant::getInstance;
  ConstantSP getInstance() const override { return getInstance(size()); }
  /// A vector of the same type with so many NULLs.
  virtual ConstantSP getInstance(INDEX size) const = 0;
  /// A copy of length elements from start.
  virtual ConstantSP getSubVector(INDEX start, INDEX length) const = 0;
  virtual void fill(INDEX start, INDEX length, const ConstantSP& value, INDEX valueOffset = 0) = 0;

 private:
  string name_;
};

HOST_SDK_END
