#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "plugin/consumer_config.h"
#include "plugin/empty_columns.h"
#include "plugin/error_handler.h"
#include "plugin/failure_log.h"
#include "plugin/message_table.h"
#include "plugin/sdk.h"
#include "plugin/start_function.h"
#include "rocketmq/consumer.h"

namespace rocketmq::plugin {

/// A member of a group whose script asks for the messages: what createConsumer makes. Its calls run one after
/// another. Thread-safe.
class PolledConsumer {
 public:
  /// Starts the consumer; throws what that throws. `session` is for the errorHandler.
  PolledConsumer(JobConfig config, const SessionSP& session);
  ~PolledConsumer();
  PolledConsumer(const PolledConsumer&) = delete;
  PolledConsumer& operator=(const PolledConsumer&) = delete;

  [[nodiscard]] const std::string& client_id() const noexcept { return consumer_->client_id(); }

  /// A table of what is there, of `max_messages` at most; waits for the first message until `timeout`.
  /// Without messages it has no rows. Throws std::runtime_error if it is cancelled, or if errorHandler fails:
  /// nothing counts as polled then.
  [[nodiscard]] TableSP poll(int max_messages, std::chrono::milliseconds timeout,
                             const IsCancelled& is_cancelled);
  /// What was polled so far is done.
  void commit(const IsCancelled& is_cancelled);
  /// What was polled since the last commit comes again.
  void rewind(const IsCancelled& is_cancelled);
  /// Ends a poll that runs and leaves the group. What is not committed comes again. From one of its own
  /// functions it throws std::runtime_error.
  void close(std::chrono::milliseconds deadline);

  /// What closing may take.
  static constexpr std::chrono::seconds close_time{3};

 private:
  class Turn;

  void hand_to_error_handler(const Delivery& delivery, const std::vector<BadBody>& bad);
  void log_bad(const ReceivedMessage& message, const std::string& error);
  /// How many bodies were left out without a line of their own.
  void log_rest_of_bad();
  void throw_if_own_thread() const;
  /// False at the deadline.
  [[nodiscard]] bool wait_until_free(std::unique_lock<std::mutex>& lock,
                                     std::chrono::steady_clock::time_point deadline);

  const std::string subject_;
  const MessageTableFormat format_;
  std::shared_ptr<StartFunction> start_function_;
  std::unique_ptr<Consumer> consumer_;
  bool has_error_handler_;
  std::atomic<bool> closed_{false};
  std::atomic<std::thread::id> busy_thread_{};  // That is in a call. Changed under mutex_.

  std::mutex mutex_;  // Scripts' threads wait for their turn here.
  std::condition_variable turn_ended_;
  MessageTableMaker maker_;
  EmptyColumns empty_columns_;
  ErrorHandler error_handler_;
  FailureLog failure_log_;
};

}  // namespace rocketmq::plugin
