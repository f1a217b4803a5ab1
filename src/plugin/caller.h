#pragma once

#include <chrono>
#include <string>

#include "plugin/sdk.h"
#include "rocketmq/client_config.h"

namespace rocketmq::plugin {

/// The user of the server that calls a function. Administrators see and control everything, others what is
/// their own.
struct Caller {
  std::string user;
  bool is_administrator = false;

  [[nodiscard]] bool may_see(const std::string& owner) const { return is_administrator || user == owner; }
};

[[nodiscard]] inline Caller caller_of(Heap* heap) {
  const AuthenticatedUserSP user = heap->currentSession()->getUser();
  return {user->getUserId(), user->isAdmin()};
}

/// How long a call waits before it looks again whether it is cancelled.
inline constexpr std::chrono::milliseconds look_for_cancel{100};

/// Whether the script that calls a function is to end. It may be asked in the call only.
[[nodiscard]] inline IsCancelled cancellation_of(Heap* heap) {
  return [session = heap->currentSession()] { return session->isCancelled(); };
}

}  // namespace rocketmq::plugin
