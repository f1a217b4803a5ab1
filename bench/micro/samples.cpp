#include "micro/samples.h"

#include <stdexcept>

#include "support/send_reply.h"
#include "support/stored_message_encoder.h"
#include "wire/message_id.h"
#include "wire/properties.h"
#include "wire/pull.h"
#include "wire/send.h"

namespace rocketmq::bench {

namespace {

constexpr std::int64_t now_ms = 1'750'000'000'000;
constexpr const char* topic = "bench_topic";

void require(Errc error) {
  if (error != Errc::ok) throw std::logic_error("a sample could not be encoded");
}

}  // namespace

wire::Command send_header() {
  wire::SendMessageRequest request;
  request.producer_group = "bench_producer";
  request.topic = topic;
  request.queue_id = 3;
  request.born_timestamp = now_ms;
  request.batch = true;
  request.broker_name = "broker-a";
  wire::Command command = request.to_command();
  command.opaque = 4711;
  return command;
}

wire::Command send_reply(std::size_t messages) {
  wire::SendMessageReply reply;
  for (std::size_t i = 0; i < messages; ++i) {
    if (i > 0) reply.msg_id += ',';
    reply.msg_id += "7F00000100002A9F0000000000" + std::to_string(100'000 + i);
  }
  reply.queue_id = 3;
  reply.queue_offset = 123'456;
  reply.region = "DefaultRegion";
  return reply.to_command();
}

wire::Command pull_reply() {
  wire::PullMessageReply reply;
  reply.next_begin_offset = 123'488;
  reply.max_offset = 500'000;
  return reply.to_command();
}

std::string stored_messages(std::size_t messages, std::size_t body_bytes) {
  wire::UniqueIdGenerator ids({{127, 0, 0, 1}, 4711, 42});
  std::string bytes;
  for (std::size_t i = 0; i < messages; ++i) {
    std::string properties;
    require(wire::append_property(properties, wire::property::unique_key, ids.next(now_ms)));
    require(wire::append_property(properties, "CLUSTER", "DefaultCluster"));
    require(wire::append_property(properties, wire::property::wait_store_ok, "true"));
    const std::string body = make_body(i, {BodyKind::text, body_bytes});
    wire::StoredMessageView message;
    message.queue_offset = static_cast<std::int64_t>(i);
    message.physical_offset = static_cast<std::int64_t>(i * 300);
    message.born_timestamp = now_ms;
    message.store_timestamp = now_ms + 1;
    message.topic = topic;
    message.body = as_bytes(body);
    message.properties = properties;
    require(wire::append_stored_message(bytes, message));
  }
  return bytes;
}

BodyList::BodyList(std::size_t count, const BodyShape& shape) {
  for (std::size_t i = 0; i < count; ++i)
    texts.push_back(make_body(i, shape));
  views.assign(texts.begin(), texts.end());
}

}  // namespace rocketmq::bench
