#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

#include "rocketmq/errc.h"

namespace rocketmq {

/// A server's error answer, separate from the client's own text.
struct ServerReply {
  std::int32_t code = 0;  ///< RocketMQ's response code, e.g. 17 TOPIC_NOT_EXIST.
  std::string remark;     ///< The server's own words; may be empty.
  std::string address;    ///< The server's address, `host:port`.
};

/// An error as a value: a code for programs and a text for people.
/// `message` names the object (address, topic, queue, key) and says what to do.
struct Failure {
  Errc code = Errc::ok;
  std::string message;
  std::optional<ServerReply> server;

  [[nodiscard]] bool failed() const noexcept { return code != Errc::ok; }
};

/// The exception of the client's blocking calls. `what()` is the failure's message,
/// followed by the server's words if there are any.
class Error : public std::runtime_error {
 public:
  explicit Error(Failure failure);
  Error(Errc code, const std::string& message);

  [[nodiscard]] Errc code() const noexcept { return failure_.code; }
  [[nodiscard]] const Failure& failure() const noexcept { return failure_; }

 private:
  Failure failure_;
};

/// Throws an Error if the failure is one.
void throw_if(const Failure& failure);

/// The failure in one line, for logs and exceptions: message, then "(the server HOST:PORT said CODE:
/// REMARK)".
[[nodiscard]] std::string to_string(const Failure& failure);

}  // namespace rocketmq
