#include "wire/reset_offset.h"

#include "wire/field_reader.h"
#include "wire/queue_offset_map.h"
#include "wire/request_fields.h"

namespace rocketmq::wire {

Command ResetOffsetRequest::to_command() const {
  Command command = make_request(RequestCode::reset_consumer_client_offset);
  command.flag = Command::one_way_flag;
  command.ext_fields.set("topic", topic);
  command.ext_fields.set("group", group);
  command.ext_fields.set("timestamp", timestamp);
  command.ext_fields.set("isForce", is_force);
  return command;
}

Errc ResetOffsetRequest::decode(const Command& command, ResetOffsetRequest& out) {
  out = {};
  return FieldReader(command)
      .required("topic", out.topic)
      .required("group", out.group)
      .required("timestamp", out.timestamp)
      .optional("isForce", out.is_force)
      .error();
}

std::string ResetOffsetBody::encode_as_map() const {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object();
  write_queue_offset_map(writer, "offsetTable", offsets);
  writer.end_object();
  return body;
}

std::string ResetOffsetBody::encode_as_list() const {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object().key("offsetTable").begin_array();
  for (const QueueOffset& entry : offsets) {
    writer.begin_object()
        .member("brokerName", entry.queue.broker_name)
        .member("offset", entry.offset)
        .member("queueId", entry.queue.queue_id)
        .member("topic", entry.queue.topic)
        .end_object();
  }
  writer.end_array().end_object();
  return body;
}

Errc ResetOffsetBody::decode_body(ByteView body, ResetOffsetBody& out) {
  out = {};
  return read_queue_offsets(body, "offsetTable", out.offsets);
}

}  // namespace rocketmq::wire
