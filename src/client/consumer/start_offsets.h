#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/backoff.h"
#include "client/consumer/consumer_context.h"
#include "rocketmq/consumer.h"
#include "transport/loop_timer.h"

namespace rocketmq::client {

/// Asks the consumer's user where queues that were assigned are to start: once for all queues that wait.
/// After a failure there is a pause. All functions: loop.
class StartOffsets {
 public:
  /// Nothing as the offset: the user does not name the queue.
  using Handler = std::function<void(const Failure& failure, std::optional<std::int64_t> offset)>;

  StartOffsets(const ConsumerContext& context, AskStartOffsets ask)
      : context_(context), ask_(std::move(ask)), timer_(context.core->loop()) {}

  /// The handler is called later. If it fails, it may ask again at once.
  void find(const MessageQueue& queue, Handler handler);

 private:
  using Waiting = std::vector<std::pair<MessageQueue, Handler>>;
  void ask_soon();
  void ask();
  void on_answer(const Waiting& asked_for, const Failure& failure, const std::vector<QueueStart>& starts);
  void warn_of_unknown(const std::map<MessageQueue, std::int64_t>& offsets) const;

  const ConsumerContext& context_;
  const AskStartOffsets ask_;
  Waiting waiting_;
  bool asking_ = false;
  Backoff pauses_{{std::chrono::milliseconds(50), std::chrono::milliseconds(1000)}};
  transport::LoopTimer timer_;  // Runs during a pause.
};

}  // namespace rocketmq::client
