#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rocketmq::rows {

/// The keys and indexes that lead to a value, from the object of a row on. JSON Pointer (RFC 6901) if `path`
/// begins with '/', otherwise a dot is a step. Throws std::invalid_argument that says what is wrong: an empty
/// step, blanks at an end, a '~' that no 0 or 1 follows.
[[nodiscard]] std::vector<std::string> read_json_path(std::string_view path);

}  // namespace rocketmq::rows
