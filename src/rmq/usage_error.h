#pragma once

#include <stdexcept>
#include <string>

namespace rocketmq::rmq {

/// The command line is wrong: exit code 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Something failed, and the text says all: exit code 1.
class CommandError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace rocketmq::rmq
