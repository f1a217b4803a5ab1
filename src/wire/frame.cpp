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

void FrameSplitter::move_to_new_buffer(std::size_t bytes) {
  auto fresh = std::make_shared<Bytes>(bytes);
  if (end_ > begin_) std::memcpy(fresh->data(), buffer_->data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  referenced_ = false;
  buffer_ = std::move(fresh);
}

std::span<std::uint8_t> FrameSplitter::prepare() {
  const std::size_t pending = end_ - begin_;
  if (pending == 0 && !referenced_) begin_ = end_ = 0;

  // The length of a frame that has begun. next() has seen it, so it is within the limit; one that is not
  // makes next() fail, and what is prepared here no longer matters.
  std::size_t frame_bytes = 0;
  if (pending >= length_word_bytes) {
    std::uint32_t total = 0;
    if (ByteReader(ByteView(buffer_->data() + begin_, pending)).read(total) && total <= max_bytes_) {
      frame_bytes = length_word_bytes + total;
    }
  }
  const bool far_from_complete = frame_bytes > pending + minimum_read_bytes;
  const bool large_and_in_place =
      frame_bytes > pending && frame_bytes > minimum_read_bytes && buffer_->size() >= begin_ + frame_bytes;
  if (far_from_complete || large_and_in_place) {
    if (buffer_->size() < begin_ + frame_bytes) move_to_new_buffer(frame_bytes);
    // No more than this frame: the next one then starts at the front of a buffer of its own.
    return std::span(*buffer_).subspan(end_, begin_ + frame_bytes - end_);
  }

  if (buffer_ == nullptr) buffer_ = std::make_shared<Bytes>(shared_buffer_bytes);
  if (buffer_->size() - end_ < minimum_read_bytes) {
    const std::size_t needed = std::max(shared_buffer_bytes, pending + minimum_read_bytes);
    // A buffer left over from a large frame is not kept: it would stay as large for ever.
    if (referenced_ || buffer_->size() != needed) {
      move_to_new_buffer(needed);
    } else {
      std::memmove(buffer_->data(), buffer_->data() + begin_, pending);
      begin_ = 0;
      end_ = pending;
    }
  }
  return std::span(*buffer_).subspan(end_);
}

void FrameSplitter::commit(std::size_t count) {
  end_ += std::min(count, buffer_ == nullptr ? 0 : buffer_->size() - end_);
}

SharedBytes FrameSplitter::take_body(std::size_t offset, std::size_t count) {
  if (count == 0) return {};
  const ByteView view(buffer_->data() + offset, count);
  if (count <= copied_body_bytes) {
    auto copy = std::make_shared<const Bytes>(view.begin(), view.end());
    const ByteView copied(*copy);
    return {std::move(copy), copied};
  }
  referenced_ = true;
  return {buffer_, view};
}

Errc FrameSplitter::next(ReceivedCommand& out, bool& found) {
  found = false;
  const std::size_t pending = end_ - begin_;
  if (pending < length_word_bytes) return Errc::ok;
  ByteReader reader(ByteView(buffer_->data() + begin_, pending));
  std::uint32_t total = 0;
  if (!reader.read(total)) return Errc::truncated;
  if (total > max_bytes_) return Errc::frame_too_large;
  if (total < header_word_bytes) return Errc::bad_frame;
  std::uint32_t word = 0;
  if (!reader.read(word)) return Errc::ok;
  const std::size_t header_bytes = word & header_length_mask;
  const std::uint32_t type = word >> 24;
  if (type > static_cast<std::uint32_t>(SerializeType::binary)) return Errc::bad_serialize_type;
  if (header_bytes > total - header_word_bytes) return Errc::bad_frame;
  if (pending < length_word_bytes + total) return Errc::ok;

  ByteView header;
  if (!reader.read_view(header_bytes, header)) return Errc::bad_frame;
  if (const Errc error = decode_header(header, static_cast<SerializeType>(type), out.header);
      error != Errc::ok) {
    return error;
  }
  const std::size_t body_at = begin_ + length_word_bytes + header_word_bytes + header_bytes;
  out.body = take_body(body_at, total - header_word_bytes - header_bytes);
  begin_ += length_word_bytes + total;
  found = true;
  return Errc::ok;
}

}  // namespace rocketmq::wire
