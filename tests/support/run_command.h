#pragma once

#include <string>
#include <vector>

namespace rocketmq::test {

struct CommandResult {
  int exit_code = -1;  ///< -1 where it could not be started or was ended by a signal.
  std::string output;  ///< What it wrote to its standard output; its standard error is ours.
};

/// Runs a program found on the PATH and waits for its end. The program has to bound its own time.
[[nodiscard]] CommandResult run_command(std::vector<std::string> words);

}  // namespace rocketmq::test
