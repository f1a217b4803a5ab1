#pragma once

#include <string>

namespace rocketmq {

/// A client's credentials for RocketMQ's access control. Never printed, never logged.
struct Credentials {
  std::string access_key;  ///< Both keys, or neither.
  std::string secret_key;
  std::string access_channel;  ///< Sent as OnsChannel if not empty.

  [[nodiscard]] bool empty() const noexcept { return access_key.empty() && secret_key.empty(); }
};

}  // namespace rocketmq
