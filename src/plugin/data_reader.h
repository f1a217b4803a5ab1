#pragma once

#include <string_view>
#include <vector>

#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// The bodies of a send, byte for byte.
struct Bodies {
  std::vector<std::string_view> views;
  std::vector<char> copy;  ///< What the views show if the value may change; else they show the value itself.

  Bodies() = default;
  Bodies(Bodies&&) = default;
  Bodies& operator=(Bodies&&) = default;
  Bodies(const Bodies&) = delete;  // Its views would be the other's.
  Bodies& operator=(const Bodies&) = delete;
};

/// The bodies in a STRING, SYMBOL or BLOB scalar or vector, for as long as `data` lives. They are not copied
/// if `data` belongs to the session that sends, whose script does nothing else meanwhile. What is contained
/// in another value (a column of a table, which may be shared, an element of a dictionary) may be changed by
/// other sessions while a send waits for brokers; that is copied at once.
///
/// Throws ArgumentError for other types and forms, and for a NULL or empty element, naming its index:
/// RocketMQ stores no empty body.
[[nodiscard]] Bodies read_bodies(const ConstantSP& data);

}  // namespace rocketmq::plugin
