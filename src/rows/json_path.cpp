#include "rows/json_path.h"

#include <cstddef>
#include <stdexcept>

#include "base/text.h"

namespace rocketmq::rows {

namespace {

std::string unescaped(std::string_view step) {
  std::string text;
  for (std::size_t i = 0; i < step.size(); ++i) {
    if (step[i] != '~') {
      text += step[i];
      continue;
    }
    const char next = i + 1 < step.size() ? step[i + 1] : '\0';
    if (next != '0' && next != '1') {
      throw std::invalid_argument("in a JSON Pointer, '~' is written \"~0\" and '/' is written \"~1\"");
    }
    text += next == '0' ? '~' : '/';
    ++i;
  }
  return text;
}

}  // namespace

std::vector<std::string> read_json_path(std::string_view path) {
  if (trim(path).size() != path.size()) throw std::invalid_argument("it has blanks at an end");
  const bool is_pointer = path.starts_with('/');
  const char separator = is_pointer ? '/' : '.';
  if (is_pointer) path.remove_prefix(1);
  std::vector<std::string> steps;
  while (true) {
    const std::size_t end = path.find(separator);
    const std::string_view step = path.substr(0, end);
    if (step.empty()) throw std::invalid_argument("it has an empty step");
    steps.push_back(is_pointer ? unescaped(step) : std::string(step));
    if (end == std::string_view::npos) return steps;
    path.remove_prefix(end + 1);
  }
}

}  // namespace rocketmq::rows
