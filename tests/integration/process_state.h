#pragma once

#include <string>
#include <vector>

namespace rocketmq::test {

/// What a library that is a guest in somebody's process must leave as it found it, one thing a line: signal
/// dispositions and the mask, locale, environment, current directory, umask, open files, threads.
[[nodiscard]] std::vector<std::string> process_state();

/// What is in one of the two only, each line with `-` (before) or `+` (after) in front.
[[nodiscard]] std::vector<std::string> differences(const std::vector<std::string>& before,
                                                   const std::vector<std::string>& after);

}  // namespace rocketmq::test
