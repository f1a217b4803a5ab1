#pragma once

#include <string>

namespace rocketmq {

/// What RocketMQ's access control asks of a client. Never printed, never logged.
struct Credentials {
  std::string access_key;
  std::string secret_key;
  std::string access_channel;  ///< Sent as OnsChannel when not empty.

  [[nodiscard]] bool empty() const noexcept { return access_key.empty() && secret_key.empty(); }
};

}  // namespace rocketmq
