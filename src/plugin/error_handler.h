#pragma once

#include <functional>
#include <span>
#include <string>

#include "plugin/sdk.h"
#include "rocketmq/consumer.h"

namespace rocketmq::plugin {

/// A message that a job gives up, and why.
struct GivenUpMessage {
  const ReceivedMessage* message = nullptr;
  const std::string* error = nullptr;
};

/// The job's errorHandler, for one of its threads: a function of a table of the messages that the job gives
/// up.
class ErrorHandler {
 public:
  /// `function` may be a null pointer: then nothing is called.
  ErrorHandler(std::string job_id, FunctionDefSP function, SessionSP session);

  /// Calls the function once for all messages; if it throws, three times more. `pause` waits before each of
  /// these and says false if the job is to end: then there is no call more. Returns the last call's error;
  /// empty if the function has taken the messages, or there is none.
  [[nodiscard]] std::string take(std::span<const GivenUpMessage> messages,
                                 const std::function<bool()>& pause);

  /// Lets go of the function and the session.
  void clear();

 private:
  [[nodiscard]] TableSP make_table(std::span<const GivenUpMessage> messages) const;

  std::string job_id_;
  FunctionDefSP function_;
  SessionSP session_;
};

}  // namespace rocketmq::plugin
