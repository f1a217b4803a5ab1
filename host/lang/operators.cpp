#include "lang/operators.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "ScalarImp.h"
#include "TableImp.h"
#include "lang/builtins.h"

namespace host {
namespace {

struct Spelling {
  std::string_view text;
  Operator op;
};
constexpr std::array<Spelling, 18> spellings{{{"+", Operator::add},
                                              {"-", Operator::subtract},
                                              {"*", Operator::multiply},
                                              {"/", Operator::divide},
                                              {"%", Operator::modulo},
                                              {"==", Operator::equal},
                                              {"=", Operator::equal},
                                              {"!=", Operator::not_equal},
                                              {"$", Operator::cast},
                                              {"<", Operator::less},
                                              {"<=", Operator::less_equal},
                                              {">", Operator::greater},
                                              {">=", Operator::greater_equal},
                                              {"&&", Operator::logical_and},
                                              {"||", Operator::logical_or},
                                              {"in", Operator::in},
                                              {"+=", Operator::add},
                                              {"-=", Operator::subtract}}};

[[noreturn]] void incompatible(std::string_view name, const ConstantSP& left, const ConstantSP& right) {
  const auto describe = [](const ConstantSP& value) {
    return Util::getDataTypeString(value->getType()) + " " + Util::getDataFormString(value->getForm());
  };
  throw OperatorRuntimeException(std::string(name), "The operands of " + std::string(name) +
                                                        " are incompatible: " + describe(left) + " and " +
                                                        describe(right));
}

bool is_list(const ConstantSP& value) {
  return value->isVector();
}

bool is_countable(const ConstantSP& value) {
  const auto category = value->getCategory();
  return category == LOGICAL || category == INTEGRAL || category == TEMPORAL || category == NOTHING;
}

bool is_numeric(const ConstantSP& value) {
  return is_countable(value) || value->getCategory() == FLOATING;
}

// The number of elements of the result, -1 for a scalar.
INDEX result_size(const ConstantSP& left, const ConstantSP& right, std::string_view name) {
  if (is_list(left) && is_list(right)) {
    if (left->size() != right->size()) {
      throw OperatorRuntimeException(std::string(name), "Both vectors of " + std::string(name) +
                                                            " must have the same length, they have " +
                                                            std::to_string(left->size()) + " and " +
                                                            std::to_string(right->size()));
    }
    return left->size();
  }
  if (is_list(left)) return left->size();
  if (is_list(right)) return right->size();
  return -1;
}

ConstantSP make_result(DATA_TYPE type, INDEX size) {
  if (size < 0) return Util::createConstant(type);
  return Util::createVector(type, size);
}

// Wraps around instead of overflowing, as the server's own arithmetic does.
long long wrap(Operator op, long long a, long long b) {
  const auto x = static_cast<std::uint64_t>(a);
  const auto y = static_cast<std::uint64_t>(b);
  std::uint64_t result = x * y;
  if (op == Operator::add) result = x + y;
  if (op == Operator::subtract) result = x - y;
  return static_cast<long long>(result);
}

// Division and remainder round towards minus infinity. NULL for a zero divisor.
long long divide_or_modulo(Operator op, long long a, long long b) {
  constexpr auto null = std::numeric_limits<long long>::min();
  if (b == 0) return null;
  if (b == -1) return op == Operator::divide ? wrap(Operator::subtract, 0, a) : 0;
  const long long quotient = a / b;
  const long long rest = a % b;
  const bool below = rest != 0 && (rest < 0) != (b < 0);
  return op == Operator::divide ? quotient - (below ? 1 : 0) : rest + (below ? b : 0);
}

long long whole(Operator op, long long a, long long b) {
  return op == Operator::divide || op == Operator::modulo ? divide_or_modulo(op, a, b) : wrap(op, a, b);
}

double real(Operator op, double a, double b) {
  switch (op) {
    case Operator::add:
      return a + b;
    case Operator::subtract:
      return a - b;
    case Operator::multiply:
      return a * b;
    case Operator::modulo:
      return b == 0 ? DBL_NMIN : a - b * std::floor(a / b);
    default:
      return b == 0 ? DBL_NMIN : a / b;
  }
}

DATA_TYPE arithmetic_type(Operator op, const ConstantSP& left, const ConstantSP& right,
                          std::string_view name) {
  if (!is_numeric(left) || !is_numeric(right)) incompatible(name, left, right);
  if (left->getCategory() == FLOATING || right->getCategory() == FLOATING) return DT_DOUBLE;
  const bool time_left = left->getCategory() == TEMPORAL;
  const bool time_right = right->getCategory() == TEMPORAL;
  if (time_left && time_right) {
    if (op != Operator::subtract || left->getType() != right->getType()) incompatible(name, left, right);
    return left->getRawType();
  }
  if (time_left || time_right) {
    if (op != Operator::add && op != Operator::subtract) incompatible(name, left, right);
    return time_left ? left->getType() : right->getType();
  }
  return left->getType() == DT_LONG || right->getType() == DT_LONG ? DT_LONG : DT_INT;
}

ConstantSP concatenate(const ConstantSP& left, const ConstantSP& right, std::string_view name) {
  const auto size = result_size(left, right, name);
  ConstantSP result = make_result(DT_STRING, size);
  if (size < 0) return new String(left->getString() + right->getString());
  for (INDEX i = 0; i < size; ++i)
    result->setString(i, left->getString(i) + right->getString(i));
  return result;
}

// Applies the operator to every element of tuples, which may hold values of any type.
ConstantSP apply_to_elements(Operator op, const ConstantSP& left, const ConstantSP& right,
                             std::string_view name) {
  const auto size = result_size(left, right, name);
  vector<ConstantSP> values;
  values.reserve(static_cast<std::size_t>(std::max<INDEX>(size, 0)));
  for (INDEX i = 0; i < size; ++i) {
    values.push_back(apply(op, is_list(left) ? left->get(i) : left, is_list(right) ? right->get(i) : right));
  }
  return make_vector(values);
}

ConstantSP arithmetic(Operator op, const ConstantSP& left, const ConstantSP& right, std::string_view name) {
  if (op == Operator::add && (left->getCategory() == LITERAL || right->getCategory() == LITERAL)) {
    return concatenate(left, right, name);
  }
  const auto type = arithmetic_type(op, left, right, name);
  const auto size = result_size(left, right, name);
  ConstantSP result = make_result(type, size);
  for (INDEX i = 0; i < std::max<INDEX>(size, size < 0 ? 1 : 0); ++i) {
    if (left->isNull(i) || right->isNull(i)) {
      result->setNull(i);
    } else if (type == DT_DOUBLE) {
      const double value = real(op, left->getDouble(i), right->getDouble(i));
      std::isfinite(value) ? result->setDouble(i, value) : result->setNull(i);
    } else {
      const long long value = whole(op, left->getLong(i), right->getLong(i));
      if (value == std::numeric_limits<long long>::min()) {
        result->setNull(i);
      } else if (result->getRawType() == DT_LONG) {
        result->setLong(i, value);
      } else {
        result->setInt(i, static_cast<int>(static_cast<std::uint32_t>(static_cast<std::uint64_t>(value))));
      }
    }
  }
  return result;
}

int three_way(const ConstantSP& left, INDEX i, const ConstantSP& right, INDEX k) {
  const bool left_null = left->isNull(i);
  const bool right_null = right->isNull(k);
  if (left_null || right_null) return static_cast<int>(right_null) - static_cast<int>(left_null);
  if (left->getCategory() == LITERAL) {
    const auto order = left->getString(i).compare(right->getString(k));
    return order < 0 ? -1 : static_cast<int>(order > 0);
  }
  if (is_countable(left) && is_countable(right)) {
    const auto a = left->getLong(i);
    const auto b = right->getLong(k);
    return a < b ? -1 : static_cast<int>(a > b);
  }
  const auto a = left->getDouble(i);
  const auto b = right->getDouble(k);
  return a < b ? -1 : static_cast<int>(a > b);
}

bool comparable(const ConstantSP& left, const ConstantSP& right) {
  if (left->getCategory() == NOTHING || right->getCategory() == NOTHING) return true;
  if (left->getCategory() == LITERAL || right->getCategory() == LITERAL) {
    return left->getCategory() == right->getCategory();
  }
  return is_numeric(left) && is_numeric(right);
}

bool holds(Operator op, int order) {
  switch (op) {
    case Operator::equal:
      return order == 0;
    case Operator::not_equal:
      return order != 0;
    case Operator::less:
      return order < 0;
    case Operator::less_equal:
      return order <= 0;
    case Operator::greater:
      return order > 0;
    default:
      return order >= 0;
  }
}

ConstantSP comparison(Operator op, const ConstantSP& left, const ConstantSP& right, std::string_view name) {
  if (!comparable(left, right)) incompatible(name, left, right);
  const auto size = result_size(left, right, name);
  if (size < 0) return new Bool(static_cast<char>(holds(op, three_way(left, 0, right, 0))));
  ConstantSP result = make_result(DT_BOOL, size);
  for (INDEX i = 0; i < size; ++i)
    result->setBool(i, static_cast<char>(holds(op, three_way(left, i, right, i))));
  return result;
}

ConstantSP logic(Operator op, const ConstantSP& left, const ConstantSP& right, std::string_view name) {
  if (!is_numeric(left) || !is_numeric(right)) incompatible(name, left, right);
  const auto size = result_size(left, right, name);
  ConstantSP result = make_result(DT_BOOL, size);
  for (INDEX i = 0; i < std::max<INDEX>(size, size < 0 ? 1 : 0); ++i) {
    const bool null = left->isNull(i) || right->isNull(i);
    const bool a = !null && left->getDouble(i) != 0;
    const bool b = !null && right->getDouble(i) != 0;
    if (null && op == Operator::logical_or) {
      result->setNull(i);
    } else {
      result->setBool(i, static_cast<char>(op == Operator::logical_and ? a && b : a || b));
    }
  }
  return result;
}

ConstantSP membership(const ConstantSP& left, const ConstantSP& right) {
  if (!is_list(right)) incompatible("in", left, right);
  const auto contains = [&](INDEX i) {
    for (INDEX k = 0; k < right->size(); ++k) {
      const ConstantSP element = right->isTuple() ? right->get(k) : right;
      if (!comparable(left, element)) continue;
      if (three_way(left, i, element, right->isTuple() ? 0 : k) == 0) return true;
    }
    return false;
  };
  if (!is_list(left)) return new Bool(static_cast<char>(contains(0)));
  ConstantSP result = make_result(DT_BOOL, left->size());
  for (INDEX i = 0; i < left->size(); ++i)
    result->setBool(i, static_cast<char>(contains(i)));
  return result;
}

std::string_view name_of(Operator op) {
  for (const auto& spelling : spellings) {
    if (spelling.op == op) return spelling.text;
  }
  return "?";
}

void require_operands(const ConstantSP& left, const ConstantSP& right, std::string_view name) {
  for (const auto& operand : {left, right}) {
    if (operand->isTable() || operand->isDictionary()) incompatible(name, left, right);
  }
}

}  // namespace

std::optional<Operator> operator_of(std::string_view text) {
  std::string lower = Util::lower(std::string(text));
  for (const auto& spelling : spellings) {
    if (spelling.text == lower) return spelling.op;
  }
  return std::nullopt;
}

ConstantSP apply(Operator op, const ConstantSP& left, const ConstantSP& right) {
  const auto name = name_of(op);
  if (left->getCategory() == ARRAY || right->getCategory() == ARRAY) incompatible(name, left, right);
  if (op == Operator::in) return membership(left, right);
  if (op == Operator::cast) {
    const auto type = type_argument(right);
    if (type == DT_VOID)
      throw OperatorRuntimeException("$", "The right side of $ must be a type such as INT");
    return convert_to(type, left);
  }
  require_operands(left, right, name);
  if (left->isTuple() || right->isTuple()) return apply_to_elements(op, left, right, name);
  if (op <= Operator::modulo) return arithmetic(op, left, right, name);
  if (op <= Operator::greater_equal) return comparison(op, left, right, name);
  return logic(op, left, right, name);
}

ConstantSP negate(const ConstantSP& operand) {
  if (operand->getCategory() != INTEGRAL && operand->getCategory() != FLOATING) {
    throw OperatorRuntimeException("-",
                                   "- needs a number, not " + Util::getDataTypeString(operand->getType()));
  }
  return apply(Operator::subtract, ConstantSP(new Int(0)), operand);
}

ConstantSP logical_not(const ConstantSP& operand) {
  require_operands(operand, operand, "!");
  if (!is_numeric(operand)) {
    throw OperatorRuntimeException("!",
                                   "! needs a boolean, not " + Util::getDataTypeString(operand->getType()));
  }
  const auto size = is_list(operand) ? operand->size() : -1;
  ConstantSP result = make_result(DT_BOOL, size);
  for (INDEX i = 0; i < std::max<INDEX>(size, size < 0 ? 1 : 0); ++i) {
    operand->isNull(i) ? result->setNull(i)
                       : result->setBool(i, static_cast<char>(operand->getDouble(i) == 0));
  }
  return result;
}

ConstantSP make_range(const ConstantSP& first, const ConstantSP& last) {
  if (!first->isScalar() || !last->isScalar() || first->getCategory() != INTEGRAL ||
      last->getCategory() != INTEGRAL || first->isNull() || last->isNull()) {
    throw OperatorRuntimeException("..", "a..b needs two integers that are not NULL");
  }
  constexpr long long most = 100'000'000;
  const auto a = first->getLong();
  const auto b = last->getLong();
  if (a > most * 10 || a < -most * 10 || b > most * 10 || b < -most * 10 || std::abs(b - a) >= most) {
    throw OperatorRuntimeException("..", "a..b would have more than " + std::to_string(most) + " elements");
  }
  const auto count = static_cast<INDEX>(std::abs(b - a) + 1);
  ConstantSP result = Util::createVector(DT_INT, count);
  for (INDEX i = 0; i < count; ++i)
    result->setInt(i, static_cast<int>(a <= b ? a + i : a - i));
  return result;
}

ConstantSP pair_of(const ConstantSP& first, const ConstantSP& second) {
  const vector<ConstantSP> values{first, second};
  ConstantSP both = make_vector(values);
  if (both->isTuple()) throw OperatorRuntimeException(":", "a:b needs two scalars of the same type");
  both->setForm(DF_PAIR);
  return both;
}

ConstantSP tuple_of(const vector<ConstantSP>& values) {
  ConstantSP tuple = Util::createVector(DT_ANY, static_cast<INDEX>(values.size()));
  for (std::size_t i = 0; i < values.size(); ++i)
    tuple->set(static_cast<INDEX>(i), values[i]);
  return tuple;
}

ConstantSP make_vector(const vector<ConstantSP>& values) {
  auto type = DT_VOID;
  for (const auto& value : values) {
    if (!value->isScalar()) return tuple_of(values);
    const auto next = value->getType();
    if (next == DT_VOID || next == type) continue;
    const auto category = value->getCategory();
    const auto known = Util::getCategory(type);
    if (type == DT_VOID) {
      type = next;
    } else if (category == LITERAL && known == LITERAL) {
      type = DT_STRING;
    } else if ((category == INTEGRAL || category == FLOATING || category == LOGICAL) &&
               (known == INTEGRAL || known == FLOATING || known == LOGICAL)) {
      type = std::max(type, next);
    } else {
      return tuple_of(values);
    }
  }
  const auto category = Util::getCategory(type);
  if (category == NOTHING || category == SYSTEM || category == MIXED) return tuple_of(values);
  const VectorSP result = Util::createVector(type, 0, static_cast<INDEX>(values.size()));
  for (const auto& value : values) {
    if (!result->append(value)) return tuple_of(values);
  }
  return result;
}

bool is_true(const ConstantSP& condition, const char* what) {
  if (!condition->isScalar() || !is_numeric(condition)) {
    throw RuntimeException(std::string(what) + " must be a boolean scalar, not " +
                           Util::getDataTypeString(condition->getType()) + " " +
                           Util::getDataFormString(condition->getForm()));
  }
  return !condition->isNull() && condition->getDouble() != 0;
}

int compare_scalars(const ConstantSP& left, const ConstantSP& right) {
  if (!left->isScalar() || !right->isScalar() || !comparable(left, right))
    incompatible("a comparison", left, right);
  return three_way(left, 0, right, 0);
}

bool equal_objects(const ConstantSP& left, const ConstantSP& right) {
  if (left->getForm() != right->getForm() || left->size() != right->size()) return false;
  if (left->getType() != right->getType()) return false;
  const bool of_vectors = left->isTuple() || left->getCategory() == ARRAY;
  for (INDEX i = 0; i < left->size(); ++i) {
    if (of_vectors ? !equal_objects(left->get(i), right->get(i)) : three_way(left, i, right, i) != 0)
      return false;
  }
  return true;
}

}  // namespace host
