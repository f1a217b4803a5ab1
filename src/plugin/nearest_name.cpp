#include "plugin/nearest_name.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "plugin/value_text.h"

namespace rocketmq::plugin {

namespace {

/// No key is longer; a longer word cannot be near one, and the table below stays small.
constexpr std::size_t max_length = 64;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::size_t edit_distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replaced = diagonal + (lower(left[i - 1]) == lower(right[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

}  // namespace

std::string nearest_name(const std::string& word, const std::vector<std::string>& names) {
  if (word.size() > max_length) return {};
  std::string nearest;
  std::size_t fewest = std::max<std::size_t>(2, word.size() / 3) + 1;  // Two letters may always be swapped.
  for (const std::string& name : names) {
    const std::size_t changes = edit_distance(word, name);
    if (changes >= fewest) continue;
    fewest = changes;
    nearest = name;
  }
  return nearest;
}

std::string describe_unknown_column(const std::string& name, const std::vector<std::string>& names) {
  const std::string near = nearest_name(name, names);
  return "a table with the column " + in_quotes(name) +
         (near.empty() ? "" : ", did you mean " + in_quotes(near) + "?");
}

}  // namespace rocketmq::plugin
