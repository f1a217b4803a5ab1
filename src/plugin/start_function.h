#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "plugin/sdk.h"
#include "rocketmq/consumer.h"

namespace rocketmq::plugin {

/// Calls a job's startOffsets function whenever its consumer asks where queues start, on a thread of its own,
/// because a function may take its time. Thread-safe.
class StartFunction {
 public:
  /// Starts the thread. `topics` are the job's.
  StartFunction(FunctionDefSP function, SessionSP session, std::vector<std::string> topics);
  ~StartFunction() { stop(); }
  StartFunction(const StartFunction&) = delete;
  StartFunction& operator=(const StartFunction&) = delete;

  /// Answers on the thread. A question that still waits is forgotten, because its client is gone.
  void ask(StartOffsetsAnswer answer);

  /// True in a call of the function: such a thread must not wait for the job's end.
  [[nodiscard]] bool is_this_thread() const;

  /// Waits for the running call and joins the thread. Later questions stay without an answer.
  void stop();

 private:
  class Caller;

  void work();
  void call_and(const StartOffsetsAnswer& answer);

  // Used by the thread only.
  FunctionDefSP function_;
  SessionSP session_;
  const std::vector<std::string> topics_;

  mutable std::mutex mutex_;  // The consumer's loop, the thread and the one that ends the job meet here.
  std::condition_variable changed_;
  StartOffsetsAnswer question_;
  bool stopping_ = false;
  ThreadSP thread_;
};

/// Lets the consumer ask `function` where its queues start; null if `function` is a null pointer. To be kept
/// until the consumer is closed.
[[nodiscard]] std::shared_ptr<StartFunction> ask_start_function(const FunctionDefSP& function,
                                                                const SessionSP& session,
                                                                ConsumerConfig& consumer);

}  // namespace rocketmq::plugin
