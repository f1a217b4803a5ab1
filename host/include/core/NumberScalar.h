// The scalars that are one number underneath: truth values, numbers, dates and times.
#pragma once

#include "core/Constant.h"
#include "core/Numbers.h"

HOST_SDK_BEGIN

/// A number with a type. The classes below only choose the type.
template <class T>
class AbstractScalar : public Constant {
 public:
  AbstractScalar(DATA_TYPE type, DATA_CATEGORY category, T val)
      : Constant(DF_SCALAR, type, category), val_(storableNumber(val)) {}

  DATA_TYPE getRawType() const override;
  using Constant::isNull;
  bool isNull() const override { return isNullNumber(val_); }
  using Constant::setNull;
  void setNull() override { val_ = nullNumber<T>(); }
  using Constant::getString;
  string getString() const override;
  string getScript() const override;
  using Constant::set;
  bool set(INDEX index, const ConstantSP& value) override;
  int compare(INDEX index, const ConstantSP& target) const override;
  ConstantSP getInstance() const override {
    return new AbstractScalar(getType(), getCategory(), nullNumber<T>());
  }
  ConstantSP getValue() const override { return new AbstractScalar(getType(), getCategory(), val_); }

// NOLINTBEGIN(bugprone-macro-parentheses): types cannot stand in parentheses
#define HOST_SDK_DECLARE(Name, Type)                                \
  using Constant::get##Name;                                        \
  Type get##Name() const override { return convertTo##Name(val_); } \
  bool get##Name(INDEX, int len, Type* buf) const override {        \
    for (int i = 0; i < len; ++i) {                                 \
      buf[i] = convertTo##Name(val_);                               \
    }                                                               \
    return true;                                                    \
  }                                                                 \
  using Constant::set##Name;                                        \
  void set##Name(Type val) override { val_ = convertNumber<T>(storableNumber(val)); }
  HOST_SDK_FOR_EACH_NUMBER(HOST_SDK_DECLARE)
#undef HOST_SDK_DECLARE
  // NOLINTEND(bugprone-macro-parentheses)

 private:
  T val_;
};

extern template class AbstractScalar<char>;
extern template class AbstractScalar<short>;
extern template class AbstractScalar<int>;
extern template class AbstractScalar<long long>;
extern template class AbstractScalar<float>;
extern template class AbstractScalar<double>;

#define HOST_SDK_DEFINE(Name, Type, Code, Category)                                   \
  class Name : public AbstractScalar<Type> { /* NOLINT(bugprone-macro-parentheses) */ \
   public:                                                                            \
    Name(Type val = 0) : AbstractScalar(Code, Category, val) {}                       \
  };
HOST_SDK_DEFINE(Bool, char, DT_BOOL, LOGICAL)
HOST_SDK_DEFINE(Char, char, DT_CHAR, INTEGRAL)
HOST_SDK_DEFINE(Short, short, DT_SHORT, INTEGRAL)
HOST_SDK_DEFINE(Int, int, DT_INT, INTEGRAL)
HOST_SDK_DEFINE(Long, long long, DT_LONG, INTEGRAL)
HOST_SDK_DEFINE(Float, float, DT_FLOAT, FLOATING)
HOST_SDK_DEFINE(Double, double, DT_DOUBLE, FLOATING)
HOST_SDK_DEFINE(Date, int, DT_DATE, TEMPORAL)
HOST_SDK_DEFINE(Month, int, DT_MONTH, TEMPORAL)
HOST_SDK_DEFINE(Time, int, DT_TIME, TEMPORAL)
HOST_SDK_DEFINE(Minute, int, DT_MINUTE, TEMPORAL)
HOST_SDK_DEFINE(Second, int, DT_SECOND, TEMPORAL)
HOST_SDK_DEFINE(DateTime, int, DT_DATETIME, TEMPORAL)
HOST_SDK_DEFINE(DateHour, int, DT_DATEHOUR, TEMPORAL)
HOST_SDK_DEFINE(Timestamp, long long, DT_TIMESTAMP, TEMPORAL)
HOST_SDK_DEFINE(NanoTime, long long, DT_NANOTIME, TEMPORAL)
HOST_SDK_DEFINE(NanoTimestamp, long long, DT_NANOTIMESTAMP, TEMPORAL)
#undef HOST_SDK_DEFINE

HOST_SDK_END
