#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/errc.h"
#include "wire/command.h"

namespace rocketmq::wire {

/// The largest frame, its length word excluded, that a RocketMQ peer accepts.
/// Source: NettyDecoder's FRAME_MAX_LENGTH, 16,777,216.
inline constexpr std::size_t max_frame_bytes = 16'777'216;

/// Appends a frame up to its body: length word, header word, header. The body of `body_bytes` bytes
/// follows on the wire and is written by the caller, so that it need not be copied.
void append_frame_head(std::string& out, const Command& command, SerializeType type, std::size_t body_bytes);

/// A received command: its decoded header, and its body inside the buffer that it arrived in.
struct ReceivedCommand {
  Command header;
  SharedBytes body;
};

/// Cuts a stream of bytes into commands; knows neither sockets nor clocks.
///
/// Use: read from the socket into `prepare()`, say how much arrived with `commit()`, then call
/// `next()` until it yields nothing. After an error the stream cannot be trusted: close the connection.
class FrameSplitter {
 public:
  explicit FrameSplitter(std::size_t max_bytes = max_frame_bytes);

  /// Room for bytes from the socket, never empty: at least `minimum_read_bytes` while frames are small,
  /// the missing rest of the frame while a large one arrives, so that its body is received in place.
  [[nodiscard]] std::span<std::uint8_t> prepare();
  void commit(std::size_t count);

  /// Takes the next whole command. Sets `found` and returns ok when there is one; ok without `found`
  /// when more bytes are needed. Errors: frame_too_large, bad_frame, bad_serialize_type and those of
  /// decode_header.
  [[nodiscard]] Errc next(ReceivedCommand& out, bool& found);

  static constexpr std::size_t minimum_read_bytes = 16 * 1024;

 private:
  std::size_t max_bytes_;
  std::shared_ptr<Bytes> buffer_;
  std::size_t begin_ = 0;  // The first byte that no command has taken yet.
  std::size_t end_ = 0;    // One past the last byte received.
};

}  // namespace rocketmq::wire
