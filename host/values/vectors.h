// The vectors behind Util::createVector: numbers, strings, and tuples.
#pragma once

#include <algorithm>
#include <vector>

#include "Util.h"
#include "core/Numbers.h"

HOST_SDK_BEGIN

/// All that vectors have in common over a std::vector of their element. A subclass says what one element
/// is: how it is made of another value, its NULL, and how it reads.
template <class T>
class VectorBase : public Vector {
 public:
  using Vector::Vector;

  INDEX size() const override { return static_cast<INDEX>(data_.size()); }
  INDEX getCapacity() const override { return static_cast<INDEX>(data_.capacity()); }
  INDEX reserve(INDEX capacity) override;
  void resize(INDEX size) override;
  void clear() override;
  using Vector::append;
  bool append(const ConstantSP& value, INDEX start, INDEX count) override;
  using Vector::fill;
  void fill(INDEX start, INDEX length, const ConstantSP& value, INDEX valueOffset) override;

  using Constant::isNull;
  bool isNull() const override { return false; }
  bool isNull(INDEX index) const override { return isNullElement(at(index)); }
  using Constant::setNull;
  void setNull(INDEX index) override;
  bool hasNull() override;
  bool getNullFlag() const override { return nullFlag_; }
  void setNullFlag(bool containNull) override { nullFlag_ = containNull; }

  using Constant::set;
  bool set(INDEX index, const ConstantSP& value) override { return set(index, value, 0); }
  bool set(INDEX index, const ConstantSP& value, INDEX valueIndex) override;
  bool set(const ConstantSP& index, const ConstantSP& value) override;

  using Constant::get;
  ConstantSP get(const ConstantSP& index) const override;
  using Vector::getInstance;
  ConstantSP getInstance(INDEX size) const override;
  ConstantSP getSubVector(INDEX start, INDEX length) const override;
  ConstantSP getValue() const override { return getSubVector(0, size()); }

 protected:
  virtual T nullElement() const = 0;
  virtual bool isNullElement(const T& element) const = 0;
  /// Makes an element of value[index]; false if it does not fit.
  virtual bool convert(const Constant& value, INDEX index, T& element) const = 0;
  /// A copy that shares nothing that can change.
  virtual T copyElement(const T& element) const { return element; }

  const T& at(INDEX index) const { return data_[checked(index)]; }
  /// The index as an offset; throws if it is outside the vector.
  size_t checked(INDEX index) const;
  bool inRange(INDEX start, INDEX count) const { return start >= 0 && count >= 0 && start <= size() - count; }

  std::vector<T> data_;
  bool nullFlag_ = false;

 private:
  VectorBase* emptyClone() const;
};

template <class T>
class NumericVector : public VectorBase<T> {
 public:
  explicit NumericVector(DATA_TYPE type) : VectorBase<T>(type, Util::getCategory(type)) {}

  DATA_TYPE getRawType() const override { return this->getType() == DT_BOOL ? DT_BOOL : numberType<T>(); }
  using Vector::getString;
  string getString(INDEX index) const override;
  using VectorBase<T>::get;
  ConstantSP get(INDEX index) const override;
  int compare(INDEX index, const ConstantSP& target) const override;

// NOLINTBEGIN(bugprone-macro-parentheses): types cannot stand in parentheses
#define HOST_SDK_DECLARE(Name, Type)                                                                      \
  using Constant::get##Name;                                                                              \
  Type get##Name(INDEX index) const override { return convertTo##Name(this->at(index)); }                 \
  bool get##Name(INDEX start, int len, Type* buf) const override {                                        \
    if (!this->inRange(start, len)) return false;                                                         \
    for (int i = 0; i < len; ++i) {                                                                       \
      buf[i] = convertTo##Name(this->at(start + i));                                                      \
    }                                                                                                     \
    return true;                                                                                          \
  }                                                                                                       \
  using Constant::set##Name;                                                                              \
  void set##Name(INDEX index, Type val) override { this->data_[this->checked(index)] = store(val); }      \
  bool set##Name(INDEX start, int len, const Type* buf) override {                                        \
    if (!this->inRange(start, len)) return false;                                                         \
    std::transform(buf, buf + len, this->data_.begin() + start, [this](Type v) { return store(v); });     \
    return true;                                                                                          \
  }                                                                                                       \
  bool append##Name(const Type* buf, int len) override {                                                  \
    std::transform(buf, buf + len, std::back_inserter(this->data_), [this](Type v) { return store(v); }); \
    return true;                                                                                          \
  }
  HOST_SDK_FOR_EACH_NUMBER(HOST_SDK_DECLARE)
#undef HOST_SDK_DECLARE
  // NOLINTEND(bugprone-macro-parentheses)

 protected:
  T nullElement() const override { return nullNumber<T>(); }
  bool isNullElement(const T& element) const override { return isNullNumber(element); }
  bool convert(const Constant& value, INDEX index, T& element) const override;

 private:
  template <class From>
  T store(From value) const {
    if constexpr (std::is_same_v<T, char>) {
      if (this->getType() == DT_BOOL) return convertToBool(storableNumber(value));
    }
    return convertNumber<T>(storableNumber(value));
  }
};

/// STRING, SYMBOL and BLOB.
class StringVector : public VectorBase<DolphinString> {
 public:
  explicit StringVector(DATA_TYPE type) : VectorBase(type, LITERAL) {}

  DATA_TYPE getRawType() const override { return getType() == DT_BLOB ? DT_BLOB : DT_STRING; }
  using Vector::getString;
  string getString(INDEX index) const override { return at(index).getString(); }
  using Constant::getStringRef;
  const DolphinString& getStringRef(INDEX index) const override { return at(index); }
  DolphinString** getStringConst(INDEX start, int len, DolphinString** buf) const override;
  char** getStringConst(INDEX start, int len, char** buf) const override;
  using Constant::setString;
  void setString(INDEX index, const DolphinString& val) override { data_[checked(index)] = val; }
  bool appendString(const DolphinString** buf, int len) override;
  bool appendString(const string* buf, int len) override;
  bool appendString(const char** buf, int len) override;
  using VectorBase::get;
  ConstantSP get(INDEX index) const override;
  int compare(INDEX index, const ConstantSP& target) const override;

 protected:
  DolphinString nullElement() const override { return {}; }
  bool isNullElement(const DolphinString& element) const override { return element.empty(); }
  bool convert(const Constant& value, INDEX index, DolphinString& element) const override;
};

/// A tuple: elements of any type and form.
class AnyVector : public VectorBase<ConstantSP> {
 public:
  AnyVector() : VectorBase(DT_ANY, MIXED) {}

  using VectorBase::append;
  /// Unlike the typed vectors, takes a vector that is no tuple as one element.
  bool append(const ConstantSP& value) override;
  using VectorBase::set;
  bool set(INDEX index, const ConstantSP& value) override;
  using Vector::getString;
  string getString(INDEX index) const override { return at(index)->getString(); }
  using Constant::getStringRef;
  const DolphinString& getStringRef(INDEX index) const override { return at(index)->getStringRef(); }
  using VectorBase::get;
  ConstantSP get(INDEX index) const override { return at(index); }
  int compare(INDEX index, const ConstantSP& target) const override { return at(index)->compare(0, target); }

// NOLINTBEGIN(bugprone-macro-parentheses): types cannot stand in parentheses
#define HOST_SDK_DECLARE(Name, Type) \
  using Constant::get##Name;         \
  Type get##Name(INDEX index) const override { return at(index)->get##Name(); }
  HOST_SDK_FOR_EACH_NUMBER(HOST_SDK_DECLARE)
#undef HOST_SDK_DECLARE
  // NOLINTEND(bugprone-macro-parentheses)

 protected:
  ConstantSP nullElement() const override;
  bool isNullElement(const ConstantSP& element) const override { return element->isNull(); }
  bool convert(const Constant& value, INDEX index, ConstantSP& element) const override;
  ConstantSP copyElement(const ConstantSP& element) const override {
    return element->copyable() ? element->getValue() : element;
  }
};

HOST_SDK_END
