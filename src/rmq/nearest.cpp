#include "rmq/nearest.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace rocketmq::rmq {

namespace {

/// Longer words are no names, and comparing them costs.
constexpr std::size_t longest_word = 64;

/// How many letters have to be put in, left out or replaced.
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < right.size(); ++j) {
      const std::size_t replaced = diagonal + (left[i] == right[j] ? 0U : 1U);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string did_you_mean(std::string_view word, const std::vector<std::string>& names) {
  if (word.size() > longest_word) return {};
  const std::string* best = nullptr;
  std::size_t least = word.size() / 3 + 2;  // Further away is another word.
  for (const std::string& name : names) {
    const std::size_t away = distance(word, name);
    if (away < least) {
      least = away;
      best = &name;
    }
  }
  return best == nullptr ? "" : "; did you mean '" + *best + "'?";
}

}  // namespace rocketmq::rmq
