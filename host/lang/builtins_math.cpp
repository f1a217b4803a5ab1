// Built-in functions on vectors: aggregates, order, choice, and functions over elements.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>
#include <set>

#include "ScalarImp.h"
#include "lang/builtins.h"
#include "lang/functions.h"
#include "lang/operators.h"

namespace host {
namespace {

const ConstantSP& numbers(const vector<ConstantSP>& arguments, const char* name) {
  const auto category = arguments[0]->getCategory();
  const bool countable =
      category == INTEGRAL || category == FLOATING || category == LOGICAL || category == NOTHING;
  if ((!arguments[0]->isScalar() && !arguments[0]->isVector()) || !countable) {
    throw RuntimeException(std::string(name) + " needs numbers, not " +
                           Util::getDataTypeString(arguments[0]->getType()));
  }
  return arguments[0];
}

ConstantSP sum(Heap*, vector<ConstantSP>& arguments) {
  const auto& values = numbers(arguments, "sum");
  const bool real = values->getCategory() == FLOATING;
  double total = 0;
  std::uint64_t whole = 0;
  INDEX count = 0;
  for (INDEX i = 0; i < values->size(); ++i) {
    if (values->isNull(i)) continue;
    ++count;
    if (real) {
      total += values->getDouble(i);
    } else {
      whole += static_cast<std::uint64_t>(values->getLong(i));
    }
  }
  if (count == 0) return Util::createConstant(real ? DT_DOUBLE : DT_LONG);
  return real ? ConstantSP(new Double(total)) : ConstantSP(new Long(static_cast<long long>(whole)));
}

ConstantSP average(Heap*, vector<ConstantSP>& arguments) {
  const auto& values = numbers(arguments, "avg");
  double total = 0;
  INDEX count = 0;
  for (INDEX i = 0; i < values->size(); ++i) {
    if (values->isNull(i)) continue;
    ++count;
    total += values->getDouble(i);
  }
  return count == 0 ? ConstantSP(Util::createConstant(DT_DOUBLE)) : ConstantSP(new Double(total / count));
}

// The smallest (Sign -1) or largest (Sign 1) element that is not NULL; of two arguments, element by element.
template <int Sign>
ConstantSP extreme(Heap* heap, vector<ConstantSP>& arguments) {
  if (arguments.size() == 2) {
    const ConstantSP first = apply(Sign < 0 ? Operator::less : Operator::greater, arguments[0], arguments[1]);
    if (first->isScalar()) return first->getBool() != 0 ? arguments[0] : arguments[1];
    vector<ConstantSP> chosen;
    for (INDEX i = 0; i < first->size(); ++i) {
      const auto& from = arguments[first->getBool(i) != 0 ? 0 : 1];
      chosen.push_back(from->isVector() ? from->get(i) : from);
    }
    return make_vector(chosen);
  }
  static_cast<void>(heap);
  const auto& values = arguments[0];
  if (!values->isVector()) return values;
  ConstantSP best = Util::createConstant(values->isTuple() ? DT_VOID : values->getType());
  for (INDEX i = 0; i < values->size(); ++i) {
    const ConstantSP value = values->get(i);
    if (value->isNull()) continue;
    if (best->isNull() || compare_scalars(value, best) * Sign > 0) best = value;
  }
  return best;
}

template <bool First>
ConstantSP end_element(Heap*, vector<ConstantSP>& arguments) {
  const auto& values = arguments[0];
  if (!values->isVector()) return values;
  if (values->size() == 0) return Util::createConstant(values->isTuple() ? DT_VOID : values->getType());
  return values->get(First ? 0 : values->size() - 1);
}

ConstantSP absolute(Heap*, vector<ConstantSP>& arguments) {
  const auto& values = numbers(arguments, "abs");
  const ConstantSP below = apply(Operator::less, values, new Int(0));
  const ConstantSP sign = apply(Operator::subtract, new Int(1), apply(Operator::multiply, below, new Int(2)));
  ConstantSP result = apply(Operator::multiply, values, sign);
  return result;
}

template <bool All>
ConstantSP quantifier(Heap*, vector<ConstantSP>& arguments) {
  const auto& flags = numbers(arguments, All ? "all" : "any");
  for (INDEX i = 0; i < flags->size(); ++i) {
    const bool holds = !flags->isNull(i) && flags->getDouble(i) != 0;
    if (holds != All) return new Bool(static_cast<char>(!All));
  }
  return new Bool(static_cast<char>(All));
}

ConstantSP positions(const std::vector<INDEX>& order) {
  const VectorSP result = Util::createVector(DT_INT, 0, static_cast<INDEX>(order.size()));
  result->appendInt(order.data(), static_cast<int>(order.size()));
  return result;
}

ConstantSP sort(Heap*, vector<ConstantSP>& arguments) {
  const auto& values = arguments[0];
  if (!values->isVector()) return values;
  const bool ascending = !given(arguments, 1) || is_true(arguments[1], "The second argument of sort");
  std::vector<INDEX> order(static_cast<std::size_t>(values->size()));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](INDEX a, INDEX b) {
    const int result = compare_scalars(values->get(a), values->get(b));
    return ascending ? result < 0 : result > 0;
  });
  return values->get(positions(order));
}

ConstantSP distinct(Heap*, vector<ConstantSP>& arguments) {
  const auto& values = arguments[0];
  if (!values->isVector()) return values;
  const auto less = [&](INDEX a, INDEX b) { return compare_scalars(values->get(a), values->get(b)) < 0; };
  std::set<INDEX, decltype(less)> seen(less);
  std::vector<INDEX> kept;
  for (INDEX i = 0; i < values->size(); ++i) {
    if (seen.insert(i).second) kept.push_back(i);
  }
  return values->get(positions(kept));
}

ConstantSP reverse(Heap*, vector<ConstantSP>& arguments) {
  std::vector<INDEX> order(static_cast<std::size_t>(arguments[0]->size()));
  std::iota(order.rbegin(), order.rend(), 0);
  return arguments[0]->isVector() ? arguments[0]->get(positions(order)) : arguments[0];
}

INDEX checked_count(long long count, const char* usage) {
  constexpr long long most = 200'000'000;
  if (count < -most || count > most) bad_argument(usage, "More than " + std::to_string(most) + " elements");
  return static_cast<INDEX>(count);
}

ConstantSP take(Heap*, vector<ConstantSP>& arguments) {
  constexpr const char* usage = "take(X, n)";
  const auto count = checked_count(whole_argument(arguments, 1, usage), usage);
  const auto& source = arguments[0];
  if (!source->isVector()) {
    const VectorSP result = Util::createVector(source->getType(), std::abs(count));
    if (count != 0) result->fill(0, std::abs(count), source);
    return result;
  }
  if (source->size() == 0 && count != 0) bad_argument(usage, "X is empty");
  std::vector<INDEX> order(static_cast<std::size_t>(std::abs(count)));
  // A negative count takes from the end.
  const INDEX start = count < 0 ? source->size() - std::abs(count) % source->size() : 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] =
        static_cast<INDEX>((static_cast<std::size_t>(start) + i) % static_cast<std::size_t>(source->size()));
  }
  return source->get(positions(order));
}

ConstantSP random(Heap*, vector<ConstantSP>& arguments) {
  constexpr const char* usage = "rand(X, count)";
  thread_local std::mt19937_64 engine{std::random_device{}()};
  const auto count = checked_count(whole_argument(arguments, 1, usage), usage);
  if (count < 0) bad_argument(usage, "count must not be negative");
  const auto& limit = arguments[0];
  if (limit->isScalar() && limit->getCategory() == FLOATING && limit->getDouble() > 0) {
    ConstantSP result = Util::createVector(DT_DOUBLE, count);
    std::uniform_real_distribution<double> draw(0, limit->getDouble());
    for (INDEX i = 0; i < count; ++i)
      result->setDouble(i, draw(engine));
    return result;
  }
  const bool pick = limit->isVector();
  const auto bound = pick                                                    ? limit->size()
                     : limit->isScalar() && limit->getCategory() == INTEGRAL ? limit->getLong()
                                                                             : 0;
  if (bound <= 0) bad_argument(usage, "X must be a positive number or a vector with elements");
  std::uniform_int_distribution<long long> draw(0, bound - 1);
  if (pick) {
    std::vector<INDEX> order(static_cast<std::size_t>(count));
    for (auto& position : order)
      position = static_cast<INDEX>(draw(engine));
    return limit->get(positions(order));
  }
  ConstantSP result = Util::createVector(limit->getType(), count);
  for (INDEX i = 0; i < count; ++i)
    result->setLong(i, draw(engine));
  return result;
}

ConstantSP til(Heap*, vector<ConstantSP>& arguments) {
  constexpr const char* usage = "til(n)";
  const auto count = checked_count(whole_argument(arguments, 0, usage), usage);
  if (count <= 0) return Util::createVector(DT_INT, 0);
  return make_range(new Int(0), new Int(count - 1));
}

ConstantSP choose(Heap*, vector<ConstantSP>& arguments) {
  const auto& condition = arguments[0];
  if (!condition->isVector()) return is_true(condition, "The condition of iif") ? arguments[1] : arguments[2];
  vector<ConstantSP> values;
  for (INDEX i = 0; i < condition->size(); ++i) {
    const auto& from = arguments[is_true(condition->get(i), "The condition of iif") ? 1 : 2];
    values.push_back(from->isVector() ? from->get(i) : from);
  }
  return make_vector(values);
}

// f over the elements of its arguments; arguments that are no vectors are passed as they are.
vector<ConstantSP> map_elements(Heap* heap, const vector<ConstantSP>& arguments, const char* usage) {
  const FunctionDefSP function = function_argument(arguments, 0, usage);
  INDEX count = -1;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (!arguments[i]->isVector() && !arguments[i]->isTable()) continue;
    if (count >= 0 && arguments[i]->size() != count) bad_argument(usage, "The vectors differ in length");
    count = arguments[i]->size();
  }
  vector<ConstantSP> results;
  for (INDEX row = 0; row < std::max(count, count < 0 ? 1 : 0); ++row) {
    vector<ConstantSP> values;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
      const bool list = arguments[i]->isVector() || arguments[i]->isTable();
      values.push_back(list ? arguments[i]->get(row) : arguments[i]);
    }
    results.push_back(call_function(Context{heap}, function, values));
  }
  return results;
}

ConstantSP each(Heap* heap, vector<ConstantSP>& arguments) {
  return make_vector(map_elements(heap, arguments, "each(func, args...)"));
}

ConstantSP loop(Heap* heap, vector<ConstantSP>& arguments) {
  return tuple_of(map_elements(heap, arguments, "loop(func, args...)"));
}

// call(f, args...) and f.call(args...)
ConstantSP call(Heap* heap, vector<ConstantSP>& arguments) {
  const FunctionDefSP function = function_argument(arguments, 0, "call(func, args...)");
  vector<ConstantSP> values(arguments.begin() + 1, arguments.end());
  return call_function(Context{heap}, function, values);
}

}  // namespace

std::vector<Builtin> math_builtins() {
  return {{"sum", sum, 1, 1},
          {"avg", average, 1, 1},
          {"mean", average, 1, 1},
          {"min", extreme<-1>, 1, 2},
          {"max", extreme<1>, 1, 2},
          {"first", end_element<true>, 1, 1},
          {"last", end_element<false>, 1, 1},
          {"abs", absolute, 1, 1},
          {"all", quantifier<true>, 1, 1},
          {"any", quantifier<false>, 1, 1},
          {"sort", sort, 1, 2},
          {"distinct", distinct, 1, 1},
          {"reverse", reverse, 1, 1},
          {"take", take, 2, 2},
          {"rand", random, 2, 2},
          {"til", til, 1, 1},
          {"iif", choose, 3, 3},
          {"each", each, 2, any_number},
          {"loop", loop, 2, any_number},
          {"call", call, 1, any_number}};
}

}  // namespace host
