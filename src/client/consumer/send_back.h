#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/backoff.h"
#include "base/log_limiter.h"
#include "client/consumer/consumer_context.h"
#include "client/consumer/retry_message.h"
#include "transport/loop_timer.h"
#include "wire/stored_message.h"

namespace rocketmq::client {

/// Has rejected messages delivered again: by request 36 to the broker that stores the message, else by a
/// normal message to %RETRY%group, else both again after a pause.
///
/// If both are refused for good, the message is dealt with here: it is handed out once more after growing
/// pauses until it is taken, or has failed as often as brokers would have delivered it. Then it is given up,
/// and the consumer's user is told.
///
/// The message holds its queue's commit offset meanwhile, so that nothing is lost when the consumer ends
/// first. One whose queue goes to another member is left to that member, but not one whose broker is gone:
/// that is sent to another broker. All functions: loop.
class SendBack {
 public:
  static constexpr std::chrono::milliseconds request_timeout{3000};
  static constexpr std::size_t max_in_flight = 64;

  /// `on_done` is called after each message that is finished.
  SendBack(ConsumerContext& context, std::int32_t max_reconsume_times, std::function<void()> on_done);

  void add(RejectedMessage message);
  /// The delivery of a message that was handed out once more has ended.
  void on_handed_out(const ReturnedMessage& message);
  /// Queues were dropped: what waits of their messages is left to their next owners.
  void on_drop();
  /// Tries no more; what is unfinished will be delivered again by its committed offset.
  void stop();

 private:
  struct Task;
  using TaskPtr = std::shared_ptr<Task>;
  void start_next();
  void start_next_later();
  /// Leaves a message to the next owner of its queue; false if there is none, or the queue is ours.
  [[nodiscard]] bool leave(const RejectedMessage& message);
  void to_broker(const TaskPtr& task);
  void to_retry_topic(const TaskPtr& task, const Failure& by_broker);
  void take_refusals(const TaskPtr& task, const Failure& by_broker, const Failure& by_retry_topic);
  void again_later(const TaskPtr& task, const std::string& problem);
  void hand_out(const TaskPtr& task);
  void hand_out_later(const TaskPtr& task);
  void give_up(const TaskPtr& task, const std::string& why);
  void finish(const TaskPtr& task);
  void log(LogLevel level, const std::string& what, const RejectedMessage& message);

  ConsumerContext& context_;
  const std::int32_t max_reconsume_times_;
  std::function<void()> on_done_;
  std::deque<RejectedMessage> waiting_;
  // By their numbers: they pause, or are with a poller. Timers end on the loop with their tasks.
  std::map<std::uint64_t, TaskPtr> held_;
  std::uint64_t last_number_ = 0;
  std::size_t in_flight_ = 0;
  std::size_t next_queue_ = 0;
  LogLimiter limiter_;
  std::shared_ptr<bool> alive_;
  bool stopped_ = false;
};

}  // namespace rocketmq::client
