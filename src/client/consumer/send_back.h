#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "base/backoff.h"
#include "base/errc.h"
#include "base/log_limiter.h"
#include "client/consumer/consumer_context.h"
#include "client/core/strand_timer.h"
#include "wire/group.h"
#include "wire/send.h"
#include "wire/stored_message.h"

namespace rocketmq::client {

/// What of a failed message is needed to have it delivered again.
struct FailedMessage {
  std::string group;        ///< On the wire.
  std::string broker_name;  ///< Where it is stored.
  std::int32_t max_reconsume_times = 16;
};

/// Asks the storing broker to deliver a message again later. Pure.
[[nodiscard]] wire::ConsumerSendMsgBackRequest make_send_back(const wire::StoredMessageView& message,
                                                              const FailedMessage& failed);

/// The same as a normal message to %RETRY%group, for when the storing broker cannot: the properties say where
/// it comes from and how often it failed, as brokers and other clients expect. `queue_id` and `broker_name`
/// are where it goes. Pure. Fails with bad_properties where the properties would become too long.
[[nodiscard]] Errc make_retry_message(const wire::StoredMessageView& message, const FailedMessage& failed,
                                      std::int64_t now_ms, wire::SendMessageRequest& out);

/// Has rejected messages delivered again: by request 36 to the broker that stores the message, else by a
/// normal message to %RETRY%group, else both again after a pause, for as long as the consumer lives. The
/// message holds its queue's commit offset meanwhile, so that nothing is lost when the consumer ends first.
/// All functions: strand.
class SendBack {
 public:
  static constexpr std::chrono::milliseconds request_timeout{3000};
  static constexpr std::size_t max_in_flight = 64;

  /// `on_done` is called after each message that is finished.
  SendBack(ConsumerContext& context, std::int32_t max_reconsume_times, std::function<void()> on_done);

  void add(RejectedMessage message);
  /// Tries no more; what is unfinished will be delivered again by its committed offset.
  void stop();

 private:
  struct Task;
  using TaskPtr = std::shared_ptr<Task>;
  void start_next();
  void to_broker(const TaskPtr& task);
  void to_retry_topic(const TaskPtr& task, const std::string& problem);
  void again_later(const TaskPtr& task, const std::string& problem);
  void finish(const TaskPtr& task);
  void log(LogLevel level, const std::string& what, const RejectedMessage& message);

  ConsumerContext& context_;
  const std::int32_t max_reconsume_times_;
  std::function<void()> on_done_;
  std::deque<RejectedMessage> waiting_;
  std::set<TaskPtr> pausing_;  // Until their timers, which end on the strand with them.
  std::size_t in_flight_ = 0;
  std::size_t next_queue_ = 0;
  LogLimiter limiter_;
  std::shared_ptr<bool> alive_;
  bool stopped_ = false;
};

}  // namespace rocketmq::client
