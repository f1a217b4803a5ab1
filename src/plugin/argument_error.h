#pragma once

#include <stdexcept>
#include <string>

namespace rocketmq::plugin {

/// A script gave an argument or a configuration value that is not allowed. The text says what was given and
/// what is allowed; the entry puts the usage of its function before it. Never holds a secret.
class ArgumentError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace rocketmq::plugin
