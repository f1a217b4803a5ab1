#include "reference/frames.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <random>
#include <stdexcept>
#include <utility>

#include "base/byte_writer.h"
#include "common/bodies.h"
#include "wire/batch.h"
#include "wire/frame.h"
#include "wire/properties.h"
#include "wire/pull.h"
#include "wire/send.h"
#include "wire/sys_flag.h"

namespace rocketmq::bench {

namespace {

/// Of a stored message besides topic, body and properties, plus what a broker adds to the properties of each.
constexpr std::size_t stored_overhead = 91 + 64;
constexpr int offset_digits = 19;
/// Where a binary header has its opaque: length word, header word, code, language, version.
constexpr std::size_t opaque_at = 4 + 4 + 2 + 1 + 2;

std::int64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

wire::UniqueIdGenerator::Identity identity() {
  return {{127, 0, 0, 1}, static_cast<std::uint16_t>(::getpid() & 0xFFFF), std::random_device{}()};
}

}  // namespace

FrameMaker::FrameMaker(std::string topic, const BodyShape& body)
    : topic_(std::move(topic)), body_(body), ids_(identity()) {}

std::string FrameMaker::properties() {
  std::string text;
  if (wire::append_property(text, wire::property::unique_key, ids_.next(now_ms())) != Errc::ok ||
      wire::append_property(text, wire::property::wait_store_ok, "true") != Errc::ok) {
    throw std::logic_error("a property could not be written");
  }
  return text;
}

std::string FrameMaker::request(const QueueTarget& queue, const std::string& properties, bool batch,
                                std::int32_t opaque, const std::string& body) const {
  wire::SendMessageRequest request;
  request.producer_group = "reference_producer";
  request.topic = topic_;
  request.queue_id = queue.queue_id;
  request.born_timestamp = now_ms();
  request.properties = properties;
  request.batch = batch;
  request.broker_name = queue.broker.name;
  wire::Command command = request.to_command();
  command.opaque = opaque;
  std::string bytes;
  wire::append_frame_head(bytes, command, wire::SerializeType::binary, body.size());
  return bytes + body;
}

std::vector<Frame> FrameMaker::batches(const QueueTarget& queue, std::size_t messages,
                                       std::size_t batch_bytes) {
  std::vector<Frame> frames;
  std::string items;
  std::size_t stored = 0;
  std::size_t count = 0;
  const auto finish = [&] {
    if (count == 0) return;
    frames.push_back({request(queue, "", true, static_cast<std::int32_t>(frames.size()) + 1, items), count});
    items.clear();
    stored = count = 0;
  };
  for (std::size_t i = 0; i < messages; ++i) {
    const std::string text = properties();
    const std::string body = make_body(made_++, body_);
    const std::size_t size = stored_overhead + topic_.size() + body.size() + text.size();
    const std::size_t item = wire::batch_item_size(body.size(), text.size());
    const bool fits =
        stored + size <= broker_batch_limit && (batch_bytes == 0 || items.size() + item <= batch_bytes);
    if (!fits) finish();
    if (wire::append_batch_item(items, 0, as_bytes(body), text) != Errc::ok) {
      throw std::logic_error("a message could not be encoded");
    }
    stored += size;
    ++count;
  }
  finish();
  return frames;
}

Frame FrameMaker::single(const QueueTarget& queue, std::int32_t opaque) {
  return {request(queue, properties(), false, opaque, make_body(made_++, body_)), 1};
}

PullFrame::PullFrame(const std::string& topic, const std::string& group, const QueueTarget& queue,
                     std::int32_t max_messages, std::chrono::milliseconds hold) {
  wire::PullMessageRequest request;
  request.consumer_group = group;
  request.topic = topic;
  request.queue_id = queue.queue_id;
  request.max_msg_nums = max_messages;
  // Without the subscription in the request the broker would want heartbeats.
  request.sys_flag = wire::pull_flag::subscription;
  request.subscription = "*";
  if (hold.count() > 0) {
    request.sys_flag |= wire::pull_flag::suspend;
    request.suspend_timeout_millis = hold.count();
  }
  request.broker_name = queue.broker.name;
  wire::Command command = request.to_command();
  // As many digits as any offset has, so that every offset fits the same place.
  const std::string digits(offset_digits, '0');
  command.ext_fields.set("queueOffset", digits);
  wire::append_frame_head(bytes_, command, wire::SerializeType::binary, 0);
  offset_at_ = bytes_.find(digits);
}

const std::string& PullFrame::at(std::int64_t offset, std::int32_t opaque) {
  ByteWriter(bytes_).patch<std::int32_t>(opaque_at, opaque);
  for (int i = offset_digits; i > 0; --i, offset /= 10) {
    bytes_[offset_at_ + static_cast<std::size_t>(i) - 1] = static_cast<char>('0' + offset % 10);
  }
  return bytes_;
}

}  // namespace rocketmq::bench
