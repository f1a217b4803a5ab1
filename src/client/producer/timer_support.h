#pragma once

#include <functional>
#include <set>
#include <string>

#include "client/core/client_core.h"
#include "client/core/route_table.h"

namespace rocketmq::client {

/// Which brokers keep a message until its delivery time: from 5.0 on, unless timerWheelEnable is false. Older
/// ones would deliver it at once. Loop.
class TimerSupport {
 public:
  explicit TimerSupport(ClientCore& core) : core_(core) {}

  /// Asks the brokers that may be sent to, once each. `done` gets a failure if one of them has no timers. One
  /// that cannot be asked passes, because it cannot be sent to either. Not called from within the call.
  void check(const TopicRoute& route, std::function<void(const Failure&)> done);

 private:
  ClientCore& core_;
  std::set<std::string> have_it_;  // Addresses.
};

}  // namespace rocketmq::client
