#include "wire/frame.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/byte_reader.h"
#include "base/byte_writer.h"

namespace rocketmq::wire {

namespace {

constexpr std::size_t length_word_bytes = 4;
constexpr std::size_t header_word_bytes = 4;
constexpr std::uint32_t header_length_mask = 0x00FF'FFFF;

/// After this many reads in a row of less than minimum_read_bytes a connection is not busy any more.
constexpr int small_reads_at_rest = 8;

/// A body that takes less than this part of a large frame's own buffer is copied out: the rest is a header of
/// absurd length.
constexpr std::size_t copied_part = 4;

}  // namespace

void append_frame_head(std::string& out, const Command& command, SerializeType type, std::size_t body_bytes) {
  ByteWriter writer(out);
  const std::size_t start = writer.size();
  writer.put<std::uint32_t>(0);
  writer.put<std::uint32_t>(0);
  const std::size_t header_at = writer.size();
  const SerializeType written = append_header(out, command, type);
  const std::size_t header_bytes = writer.size() - header_at;
  const auto total = static_cast<std::uint32_t>(header_word_bytes + header_bytes + body_bytes);
  const std::uint32_t type_bits = static_cast<std::uint32_t>(written) << 24;
  const std::uint32_t length_bits = static_cast<std::uint32_t>(header_bytes) & header_length_mask;
  writer.patch<std::uint32_t>(start, total);
  writer.patch<std::uint32_t>(start + length_word_bytes, type_bits | length_bits);
}

FrameSplitter::FrameSplitter(std::size_t max_bytes) : max_bytes_(max_bytes) {}

bool FrameSplitter::keeps_enough_buffers() {
  if (kept_.size() < max_kept_buffers) return false;
  std::erase_if(kept_, [](const std::weak_ptr<const void>& buffer) { return buffer.expired(); });
  return kept_.size() >= max_kept_buffers;
}

void FrameSplitter::move_to_new_buffer(std::size_t bytes) {
  if (referenced_ && buffer_.size == busy_buffer_bytes) kept_.emplace_back(buffer_.bytes);
  Buffer fresh{std::shared_ptr<std::uint8_t[]>(new std::uint8_t[bytes]), bytes};
  if (pending() > 0) std::memcpy(fresh.bytes.get(), buffer_.bytes.get() + begin_, pending());
  end_ -= begin_;
  begin_ = 0;
  referenced_ = false;
  buffer_ = std::move(fresh);
}

// The length of a frame that has begun and that will be received as a whole, or 0.
std::size_t FrameSplitter::pending_frame_bytes() const {
  if (pending() < length_word_bytes) return 0;
  std::uint32_t total = 0;
  const bool known = ByteReader(ByteView(buffer_.bytes.get() + begin_, pending())).read(total);
  return known && total <= max_bytes_ ? length_word_bytes + total : 0;
}

std::span<std::uint8_t> FrameSplitter::room(std::size_t bytes) {
  room_ = bytes;
  return {buffer_.bytes.get() + end_, bytes};
}

std::span<std::uint8_t> FrameSplitter::prepare() {
  if (pending() == 0 && !referenced_) begin_ = end_ = 0;
  const std::size_t frame_bytes = pending_frame_bytes();
  if (frame_bytes > shared_frame_bytes) {
    if (buffer_.size < begin_ + frame_bytes) move_to_new_buffer(frame_bytes);
    // No more than this frame: the next one then starts at the front of a buffer of its own.
    return room(begin_ + frame_bytes - end_);
  }
  if (frame_bytes > minimum_read_bytes) busy_ = true;
  const std::size_t wanted = busy_ ? busy_buffer_bytes : shared_buffer_bytes;
  const bool fits = buffer_.size >= begin_ + frame_bytes && buffer_.size >= end_ + minimum_read_bytes;
  // A buffer left over from a large frame or from busy times is not kept: it would stay as large for ever.
  const bool right_size = buffer_.size == wanted;
  if (!fits || (!right_size && pending() == 0)) {
    if (referenced_ || !right_size) {
      move_to_new_buffer(wanted);
    } else {
      std::memmove(buffer_.bytes.get(), buffer_.bytes.get() + begin_, pending());
      end_ -= begin_;
      begin_ = 0;
    }
  }
  return room(buffer_.size - end_);
}

void FrameSplitter::commit(std::size_t count) {
  if (count >= minimum_read_bytes) {
    small_reads_ = 0;
  } else if (++small_reads_ >= small_reads_at_rest) {
    small_reads_ = 0;
    busy_ = false;
  }
  if (count > 0 && count == room_) busy_ = true;  // More may have been there.
  end_ += std::min(count, buffer_.size - end_);
}

bool FrameSplitter::must_copy(std::size_t body_bytes) {
  if (body_bytes < smallest_view_bytes) return true;
  if (buffer_.size == busy_buffer_bytes) return keeps_enough_buffers();
  return body_bytes < buffer_.size / copied_part;
}

SharedBytes FrameSplitter::take_body(std::size_t offset, std::size_t count) {
  if (count == 0) return {};
  const std::uint8_t* const body = buffer_.bytes.get() + offset;
  if (must_copy(count)) {
    std::shared_ptr<std::uint8_t[]> copy(new std::uint8_t[count]);
    std::memcpy(copy.get(), body, count);
    const ByteView copied(copy.get(), count);
    return {std::move(copy), copied};
  }
  referenced_ = true;
  return {buffer_.bytes, ByteView(body, count)};
}

void FrameSplitter::skip() noexcept {
  const std::size_t count = std::min(to_skip_, pending());
  begin_ += count;
  to_skip_ -= count;
}

Errc FrameSplitter::next(ReceivedCommand& out, bool& found) {
  found = false;
  skip();
  if (pending() < length_word_bytes) return Errc::ok;
  ByteReader reader(ByteView(buffer_.bytes.get() + begin_, pending()));
  std::uint32_t total = 0;
  if (!reader.read(total)) return Errc::truncated;
  if (total > max_frame_length) return Errc::frame_too_large;
  if (total < header_word_bytes) return Errc::bad_frame;
  std::uint32_t word = 0;
  if (!reader.read(word)) return Errc::ok;
  const std::size_t header_bytes = word & header_length_mask;
  const std::uint32_t type = word >> 24;
  if (type > static_cast<std::uint32_t>(SerializeType::binary)) return Errc::bad_serialize_type;
  if (header_bytes > total - header_word_bytes) return Errc::bad_frame;
  const bool kept = total <= max_bytes_;
  if (!kept && header_bytes >= max_skipped_header_bytes) return Errc::frame_too_large;
  const std::size_t wanted = length_word_bytes + (kept ? total : header_word_bytes + header_bytes);
  if (pending() < wanted) return Errc::ok;

  ByteView header;
  if (!reader.read_view(header_bytes, header)) return Errc::bad_frame;
  if (const Errc error = decode_header(header, static_cast<SerializeType>(type), out.header);
      error != Errc::ok) {
    return error;
  }
  const std::size_t body_bytes = total - header_word_bytes - header_bytes;
  out.body = kept ? take_body(begin_ + wanted - body_bytes, body_bytes) : SharedBytes{};
  out.skipped_bytes = kept ? 0 : body_bytes;
  to_skip_ = out.skipped_bytes;
  begin_ += wanted;
  skip();
  found = true;
  return Errc::ok;
}

}  // namespace rocketmq::wire
