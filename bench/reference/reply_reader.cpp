#include "reference/reply_reader.h"

#include <charconv>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/byte_reader.h"
#include "wire/frame.h"
#include "wire/response_code.h"

namespace rocketmq::bench {

namespace {

constexpr std::size_t initial_bytes = std::size_t{1} << 20;
constexpr std::size_t head_bytes = 8;

std::int32_t json_number(std::string_view header, std::string_view name) {
  std::int32_t value = -1;
  const std::size_t at = header.find(name);
  if (at != std::string_view::npos) {
    std::from_chars(header.data() + at + name.size(), header.data() + header.size(), value);
  }
  return value;
}

void read_header(Reply& reply, bool binary) {
  if (!binary) {
    const std::string_view text = as_text(reply.header);
    reply.code = json_number(text, "\"code\":");
    reply.opaque = json_number(text, "\"opaque\":");
    return;
  }
  ByteReader reader(reply.header);
  std::int16_t code = 0;
  if (!reader.read(code) || !reader.skip(3) || !reader.read(reply.opaque)) {
    throw std::runtime_error("the broker sent a reply with a header that is too short");
  }
  reply.code = code;
}

}  // namespace

ReplyReader::ReplyReader() : buffer_(initial_bytes) {}

bool ReplyReader::receive(const Socket& socket) {
  if (begin_ == end_) begin_ = end_ = 0;
  if (end_ == buffer_.size()) {
    if (begin_ > 0) {
      std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    } else {
      buffer_.resize(2 * buffer_.size());
    }
  }
  const std::size_t count = socket.read_some(std::span(buffer_).subspan(end_));
  end_ += count;
  return count > 0;
}

bool ReplyReader::next(Reply& reply) {
  ByteReader reader(ByteView(buffer_).subspan(begin_, end_ - begin_));
  std::uint32_t total = 0;
  std::uint32_t word = 0;
  if (reader.remaining() < head_bytes || !reader.read(total) || !reader.read(word)) return false;
  const std::size_t header_bytes = word & 0x00FF'FFFFU;
  if (total > wire::max_frame_bytes || total < 4 + header_bytes) {
    throw std::runtime_error("the broker sent a frame of impossible length");
  }
  if (!reader.read_view(header_bytes, reply.header) ||
      !reader.read_view(total - 4 - header_bytes, reply.body)) {
    return false;
  }
  read_header(reply, word >> 24 == 1);
  begin_ += 4 + total;
  return true;
}

Reply ReplyReader::wait(const Socket& socket) {
  Reply reply;
  while (!next(reply)) {
    socket.wait_readable();
    receive(socket);
  }
  return reply;
}

std::size_t count_messages(ByteView body) {
  std::size_t count = 0;
  ByteReader reader(body);
  std::uint32_t bytes = 0;
  while (reader.read(bytes)) {
    if (bytes < 4 || !reader.skip(bytes - 4)) throw std::runtime_error("a stored message is cut off");
    ++count;
  }
  return count;
}

void require_success(const Reply& reply) {
  if (reply.code == wire::ResponseCode::success) return;
  throw std::runtime_error("the broker answered code " + std::to_string(reply.code) + ": " +
                           std::string(as_text(reply.header)));
}

}  // namespace rocketmq::bench
