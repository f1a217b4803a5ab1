#pragma once

#include <string>
#include <vector>

namespace rocketmq::test {

/// A line of the Java client's output, column by column; InteropClient.java says which these are.
using JavaColumns = std::vector<std::string>;

/// Runs RocketMQ's own Java client (tests/interop). Throws std::runtime_error where it fails.
[[nodiscard]] std::vector<JavaColumns> run_java_client(const std::vector<std::string>& arguments);

}  // namespace rocketmq::test
