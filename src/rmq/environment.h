#pragma once

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace rocketmq::rmq {

/// The value of a variable of the environment; empty if it is not set.
[[nodiscard]] inline std::string environment_value(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets one.
  return value == nullptr ? "" : value;
}

/// What the system says of `errno`.
[[nodiscard]] inline std::string system_message(int error = errno) {
  return std::generic_category().message(error);
}

}  // namespace rocketmq::rmq
