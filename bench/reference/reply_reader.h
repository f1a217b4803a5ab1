#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "reference/socket.h"
#include "rocketmq/bytes.h"

namespace rocketmq::bench {

/// What the reference looks at of a reply; the body is valid until the next read.
struct Reply {
  std::int32_t code = 0;
  std::int32_t opaque = 0;
  ByteView header;
  ByteView body;
};

/// Cuts what a broker sends into replies, with no more work than finding code and opaque.
class ReplyReader {
 public:
  ReplyReader();

  /// Reads once from the socket; false where nothing was there.
  bool receive(const Socket& socket);
  /// Takes the next whole reply, if there is one.
  [[nodiscard]] bool next(Reply& reply);
  /// Waits for a reply.
  [[nodiscard]] Reply wait(const Socket& socket);

 private:
  Bytes buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

/// Messages in the body of a pull reply, found by their lengths alone.
[[nodiscard]] std::size_t count_messages(ByteView body);

/// Throws std::runtime_error with the broker's header unless its code says success.
void require_success(const Reply& reply);

}  // namespace rocketmq::bench
