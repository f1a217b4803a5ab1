#include "wire/message_queue.h"

#include <utility>

namespace rocketmq::wire {

std::string to_string(const MessageQueue& queue) {
  std::string text = queue.topic;
  text += '@';
  text += queue.broker_name;
  text += ':';
  text += std::to_string(queue.queue_id);
  return text;
}

void write_json(JsonWriter& writer, const MessageQueue& queue) {
  writer.begin_object()
      .member("brokerName", queue.broker_name)
      .member("queueId", queue.queue_id)
      .member("topic", queue.topic)
      .end_object();
}

Errc read_message_queue(const JsonValue& value, MessageQueue& out) {
  if (const Errc error = value.read("topic", out.topic); error != Errc::ok) return error;
  if (const Errc error = value.read("brokerName", out.broker_name); error != Errc::ok) return error;
  return value.read("queueId", out.queue_id);
}

Errc read_message_queues(const JsonValue& value, std::vector<MessageQueue>& out) {
  out.clear();
  if (value.is_null()) return Errc::ok;
  const JsonValue::Array* values = value.array();
  if (values == nullptr) return Errc::bad_field;
  out.reserve(values->size());
  for (const JsonValue& element : *values) {
    MessageQueue queue;
    if (const Errc error = read_message_queue(element, queue); error != Errc::ok) return error;
    out.push_back(std::move(queue));
  }
  return Errc::ok;
}

}  // namespace rocketmq::wire
