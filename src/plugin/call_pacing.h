#pragma once

#include <chrono>

#include "plugin/consumer_config.h"
#include "rocketmq/consumer.h"

namespace rocketmq::plugin {

/// When a handler thread calls its handler, and with how much: a decision without clock and network.
///
/// asyncPull=false: as soon as there is anything, with all that is ready. asyncPull=true: when batchSize
/// messages are there, or throttle has passed since the last call and there is at least one.
class CallPacing {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  explicit CallPacing(const HandlerOptions& options);

  /// What to wait for next. A wait that ends empty is simply repeated, so that no thread polls.
  [[nodiscard]] PollLimits next(TimePoint now) const;

  /// A call of the handler has returned.
  void called(TimePoint now);

 private:
  HandlerOptions options_;
  std::chrono::steady_clock::duration throttle_;
  TimePoint last_call_{};
};

}  // namespace rocketmq::plugin
