#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "base/log_limiter.h"
#include "client/consumer/consumer_context.h"

namespace rocketmq::client {

/// Warnings about one queue, which name group and queue. What repeats is left out for a while. Loop.
class QueueLog {
 public:
  QueueLog(const ConsumerContext& context, wire::MessageQueue queue)
      : context_(context), queue_(std::move(queue)) {}

  void warn(const std::string& what) {
    std::string left_out;
    if (!limiter_.pass(std::chrono::steady_clock::now(), what, left_out)) return;
    context_.core->log(LogLevel::warning, "consumer of group '" + context_.group + "', " + to_string(queue_) +
                                              ": " + what + left_out);
  }

 private:
  const ConsumerContext& context_;
  const wire::MessageQueue queue_;
  LogLimiter limiter_;
};

}  // namespace rocketmq::client
