#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "rocketmq/bytes.h"
#include "rocketmq/errc.h"
#include "wire/command.h"

namespace rocketmq::wire {

/// The largest frame, its length word excluded, that a RocketMQ peer accepts.
/// Source: NettyDecoder's FRAME_MAX_LENGTH, 16,777,216.
inline constexpr std::size_t max_frame_bytes = 16'777'216;

/// The largest length that a frame can announce: it is an int of Java's, so a larger one is not a frame's.
inline constexpr std::size_t max_frame_length = 0x7FFF'FFFF;

/// Appends a frame up to its body: length word, header word, header. The body of `body_bytes` bytes
/// follows on the wire and is written by the caller, so that it need not be copied.
void append_frame_head(std::string& out, const Command& command, SerializeType type, std::size_t body_bytes);

/// A received command: its decoded header, and its body inside the buffer that it arrived in.
struct ReceivedCommand {
  Command header;
  SharedBytes body;
  std::size_t skipped_bytes = 0;  ///< Of a body that is not kept, because its frame is larger than allowed.
};

/// Cuts a stream of bytes into commands; knows neither sockets nor clocks.
///
/// Use: read from the socket into `prepare()`, say how much arrived with `commit()`, then call
/// `next()` until it yields nothing. After an error the stream cannot be trusted: close the connection.
///
/// Of a frame that is larger than allowed the header is given, and the body is passed over as it arrives: a
/// server may be configured to answer with more than a client can take, and its next answer is as good as
/// any.
class FrameSplitter {
 public:
  explicit FrameSplitter(std::size_t max_bytes = max_frame_bytes);

  /// Room for bytes from the socket, never empty: at least `minimum_read_bytes` while frames are small,
  /// the missing rest of the frame while a large one arrives, so that its body is received in place.
  [[nodiscard]] std::span<std::uint8_t> prepare();
  void commit(std::size_t count);

  /// Takes the next whole command, or the header of one whose body is skipped. Sets `found` and returns ok
  /// when there is one; ok without `found` when more bytes are needed. Errors: frame_too_large (a length that
  /// no frame has, or a header of max_skipped_header_bytes before a body that would be skipped), bad_frame,
  /// bad_serialize_type and those of decode_header.
  [[nodiscard]] Errc next(ReceivedCommand& out, bool& found);

  static constexpr std::size_t minimum_read_bytes = std::size_t{16} * 1024;

  /// A frame that is larger than allowed must have a smaller header than this, so that it fits every buffer.
  static constexpr std::size_t max_skipped_header_bytes = std::size_t{8} * 1024;

  /// The size of the buffer that small frames share.
  static constexpr std::size_t shared_buffer_bytes = std::size_t{32} * 1024;

  /// Its size while reads fill it or frames are as large as replies full of messages: then a read brings many
  /// frames at once, so that there are few of them, and few of the wake-ups and writes that follow from each.
  static constexpr std::size_t busy_buffer_bytes = std::size_t{512} * 1024;

  /// Frames up to this size are received in the shared buffer, larger ones in a buffer of their own.
  static constexpr std::size_t shared_frame_bytes = std::size_t{64} * 1024;

  /// Smaller bodies are copied out, larger ones are views into the buffer that they were received in.
  static constexpr std::size_t smallest_view_bytes = std::size_t{32} * 1024;

  /// A body may keep the whole buffer that it points into. While this many busy buffers are kept, new bodies
  /// are copied out. That bounds the memory of what is received ahead.
  static constexpr std::size_t max_kept_buffers = 24;

 private:
  /// Received bytes; what is not written yet has no value, since zeros would cost as much as receiving.
  struct Buffer {
    std::shared_ptr<std::uint8_t[]> bytes;
    std::size_t size = 0;
  };
  [[nodiscard]] std::size_t pending() const noexcept { return end_ - begin_; }
  [[nodiscard]] std::size_t pending_frame_bytes() const;
  [[nodiscard]] std::span<std::uint8_t> room(std::size_t bytes);
  void move_to_new_buffer(std::size_t bytes);
  [[nodiscard]] bool keeps_enough_buffers();
  [[nodiscard]] bool must_copy(std::size_t body_bytes);
  [[nodiscard]] SharedBytes take_body(std::size_t offset, std::size_t count);
  void skip() noexcept;

  std::size_t max_bytes_;
  Buffer buffer_;            // Made on first use; never resized, because bodies point into it.
  std::size_t begin_ = 0;    // The first byte that no command has taken yet.
  std::size_t end_ = 0;      // One past the last byte received.
  std::size_t room_ = 0;     // What prepare() gave.
  std::size_t to_skip_ = 0;  // Bytes of a body that are still to come and are not kept.
  int small_reads_ = 0;      // In a row.
  bool busy_ = false;        // Whether the next shared buffer is of busy_buffer_bytes.
  // A body points into buffer_: bytes before begin_ must never be written again. Whether that body still
  // lives is not asked, because a reference count read here would not order us after its last reader.
  bool referenced_ = false;
  // Busy buffers that were let go while bodies pointed into them.
  std::vector<std::weak_ptr<const void>> kept_;
};

}  // namespace rocketmq::wire
