// Operators on values: element by element on vectors, NULL in gives NULL out (comparisons: NULL is smallest).
#pragma once

#include <optional>
#include <string_view>

#include "CoreConcept.h"

HOST_SDK_USE;

namespace host {

enum class Operator {
  add,
  subtract,
  multiply,
  divide,
  modulo,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  logical_and,
  logical_or,
  in,
  cast,
};

// The operator that a script writes so; `&&`, `in`...
std::optional<Operator> operator_of(std::string_view text);

// Throws OperatorRuntimeException for operands that do not go together.
ConstantSP apply(Operator op, const ConstantSP& left, const ConstantSP& right);
ConstantSP negate(const ConstantSP& operand);
ConstantSP logical_not(const ConstantSP& operand);
// a..b: the integers from a to b, downwards if b is smaller.
ConstantSP make_range(const ConstantSP& first, const ConstantSP& last);
ConstantSP pair_of(const ConstantSP& first, const ConstantSP& second);
// A vector of one type if the values allow it, else a tuple.
ConstantSP make_vector(const vector<ConstantSP>& values);
ConstantSP tuple_of(const vector<ConstantSP>& values);
// NULL for values that have no truth; throws if the value is no scalar.
bool is_true(const ConstantSP& condition, const char* what);
// Order of two scalars of any comparable types: below, at, above zero. Throws if they do not compare.
int compare_scalars(const ConstantSP& left, const ConstantSP& right);
// Element-wise conversion to a type (int("12"), string(5)).
ConstantSP convert_to(DATA_TYPE type, const ConstantSP& value);
// Whether two scalars, pairs or vectors are the same in form, type, size and every element.
bool equal_objects(const ConstantSP& left, const ConstantSP& right);

}  // namespace host
