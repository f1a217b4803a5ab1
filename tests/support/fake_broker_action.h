#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "wire/command.h"

namespace rocketmq::test {

/// What the fake server does about a request: a kind, refined by the functions below. A value.
class Action {
 public:
  /// Answers with this header; opaque and response flag are filled in.
  static Action reply(wire::Command header, std::string body = {}) {
    Action action(Kind::reply);
    action.header = std::move(header);
    action.bytes = std::move(body);
    return action;
  }
  static Action reply(std::int32_t code, std::string body = {}, std::string remark = {}) {
    wire::Command header;
    header.code = code;
    header.remark = std::move(remark);
    return reply(std::move(header), std::move(body));
  }
  /// Does nothing; the test may perform() something later.
  static Action never() { return Action(Kind::never); }
  /// Closes the connection without an answer.
  static Action close() { return Action(Kind::close); }
  /// Sends these bytes, whatever they are.
  static Action raw(std::string bytes) {
    Action action(Kind::raw);
    action.bytes = std::move(bytes);
    return action;
  }

  /// Not before so long after the request.
  [[nodiscard]] Action after(std::chrono::milliseconds delay_ms) const {
    Action action = *this;
    action.delay = delay_ms;
    return action;
  }
  [[nodiscard]] Action twice() const {
    Action action = *this;
    action.copies = 2;
    return action;
  }
  /// Under this opaque instead of the request's.
  [[nodiscard]] Action with_opaque(std::int32_t value) const {
    Action action = *this;
    action.opaque = value;
    return action;
  }
  /// With a binary header instead of JSON.
  [[nodiscard]] Action as_binary() const {
    Action action = *this;
    action.type = wire::SerializeType::binary;
    return action;
  }
  /// Each byte in a write of its own.
  [[nodiscard]] Action byte_by_byte() const {
    Action action = *this;
    action.write_size = 1;
    return action;
  }
  [[nodiscard]] Action then_close() const {
    Action action = *this;
    action.close_after = true;
    return action;
  }
  /// Only the first `count` bytes of the frame, then closes.
  [[nodiscard]] Action close_after_bytes(std::size_t count) const {
    Action action = *this;
    action.cut_at = count;
    action.close_after = true;
    return action;
  }

  // Read by the server.
  enum class Kind { reply, never, close, raw };
  Kind kind;
  wire::Command header;
  std::string bytes;  ///< The body of a reply, or the raw bytes.
  std::chrono::milliseconds delay{0};
  int copies = 1;
  std::optional<std::int32_t> opaque;
  wire::SerializeType type = wire::SerializeType::json;
  std::size_t write_size = 0;  ///< 0: all at once.
  bool close_after = false;
  std::optional<std::size_t> cut_at;

 private:
  explicit Action(Kind what) : kind(what) {}
};

}  // namespace rocketmq::test
