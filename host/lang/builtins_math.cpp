// Built-in functions on vectors: aggregates, order, and functions over elements.
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

// The smallest (Sign -1) or largest (Sign 1) element that is not NULL.
template <int Sign>
ConstantSP extreme(Heap*, vector<ConstantSP>& arguments) {
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

template <bool All>
ConstantSP quantifier(Heap*, vector<ConstantSP>& arguments) {
  const auto& flags = numbers(arguments, All ? "all" : "any");
  for (INDEX i = 0; i < flags->size(); ++i) {
    if (flags->isNull(i)) continue;
    if ((flags->getDouble(i) != 0) != All) return new Bool(static_cast<char>(!All));
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

ConstantSP random(Heap* heap, vector<ConstantSP>& arguments) {
  constexpr const char* usage = "rand(X, [count])";
  thread_local std::mt19937_64 engine{std::random_device{}()};
  if (!given(arguments, 1)) {
    vector<ConstantSP> one{arguments[0], new Int(1)};
    return random(heap, one)->get(0);
  }
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

// f over the elements of its arguments; arguments that are no vectors are passed as they are.
ConstantSP each(Heap* heap, vector<ConstantSP>& arguments) {
  constexpr const char* usage = "each(func, args...)";
  const FunctionDefSP function = function_argument(arguments, 0, usage);
  INDEX count = -1;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (arguments[i]->isDictionary()) bad_argument(usage, "The host does not go through dictionaries");
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
  return make_vector(results);
}

}  // namespace

std::vector<Builtin> math_builtins() {
  return {
      {"sum", sum, 1, 1},        {"avg", average, 1, 1},          {"min", extreme<-1>, 1, 1},
      {"max", extreme<1>, 1, 1}, {"all", quantifier<true>, 1, 1}, {"any", quantifier<false>, 1, 1},
      {"sort", sort, 1, 2},      {"distinct", distinct, 1, 1},    {"take", take, 2, 2},
      {"rand", random, 1, 2},    {"each", each, 2, any_number},
  };
}

}  // namespace host
