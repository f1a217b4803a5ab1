// Built-in functions on vectors: aggregates, order, random numbers.
#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <set>

#include "ScalarImp.h"
#include "lang/builtins.h"
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
  std::vector<INDEX> order(static_cast<std::size_t>(values->size()));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](INDEX a, INDEX b) { return compare_scalars(values->get(a), values->get(b)) < 0; });
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

INDEX count_argument(const vector<ConstantSP>& arguments, const char* usage) {
  constexpr long long most = 200'000'000;
  const auto count = whole_argument(arguments, 1, usage);
  if (count < 0 || count > most)
    bad_argument(usage, "The count must be between 0 and " + std::to_string(most));
  return static_cast<INDEX>(count);
}

ConstantSP take(Heap*, vector<ConstantSP>& arguments) {
  constexpr const char* usage = "take(X, n)";
  const auto count = count_argument(arguments, usage);
  const auto& value = arguments[0];
  if (value->isVector()) {
    if (value->size() == 0) bad_argument(usage, "X must not be empty");
    std::vector<INDEX> taken(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < taken.size(); ++i)
      taken[i] = static_cast<INDEX>(i) % value->size();
    return value->get(positions(taken));
  }
  if (!value->isScalar()) bad_argument(usage, "The host repeats scalars and vectors only");
  const VectorSP result = Util::createVector(value->getType(), count);
  if (count != 0) result->fill(0, count, value);
  return result;
}

ConstantSP random(Heap*, vector<ConstantSP>& arguments) {
  constexpr const char* usage = "rand(X, count)";
  thread_local std::mt19937_64 engine{std::random_device{}()};
  const auto limit = whole_argument(arguments, 0, usage);
  const auto count = count_argument(arguments, usage);
  if (limit <= 0) bad_argument(usage, "X must be positive");
  std::uniform_int_distribution<long long> draw(0, limit - 1);
  ConstantSP result = Util::createVector(arguments[0]->getType(), count);
  for (INDEX i = 0; i < count; ++i)
    result->setLong(i, draw(engine));
  return result;
}

}  // namespace

std::vector<Builtin> math_builtins() {
  return {{"sum", sum, 1, 1},
          {"min", extreme<-1>, 1, 1},
          {"max", extreme<1>, 1, 1},
          {"all", quantifier<true>, 1, 1},
          {"any", quantifier<false>, 1, 1},
          {"sort", sort, 1, 1},
          {"distinct", distinct, 1, 1},
          {"take", take, 2, 2},
          {"rand", random, 2, 2}};
}

}  // namespace host
