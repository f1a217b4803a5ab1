#include "support/java_client.h"

#include <sstream>
#include <stdexcept>
#include <utility>

#include "support/run_command.h"

namespace rocketmq::test {

std::vector<JavaColumns> run_java_client(const std::vector<std::string>& arguments) {
  std::vector<std::string> words{"python3", ROCKETMQ_JAVA_CLIENT, "--build-dir", ROCKETMQ_JAVA_BUILD_DIR};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const CommandResult result = run_command(std::move(words));
  if (result.exit_code != 0) throw std::runtime_error("the Java client failed: " + result.output);
  std::vector<JavaColumns> lines;
  std::istringstream input(result.output);
  for (std::string line; std::getline(input, line);) {
    JavaColumns columns;
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, '\t');)
      columns.push_back(cell);
    lines.push_back(std::move(columns));
  }
  return lines;
}

}  // namespace rocketmq::test
