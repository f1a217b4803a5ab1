#include "wire/offsets.h"

#include "wire/field_reader.h"
#include "wire/queue_offset.h"
#include "wire/request_fields.h"

namespace rocketmq::wire {

namespace {

// The fields that every request of a queue has.
Command make_queue_request(RequestCode code, const std::string& topic, std::int32_t queue_id,
                           const std::string& broker_name) {
  Command command = make_request(code);
  command.ext_fields.set("topic", topic);
  command.ext_fields.set("queueId", queue_id);
  set_unless_empty(command.ext_fields, broker_name_field, broker_name);
  return command;
}

template <class Request>
FieldReader read_queue_fields(const Command& command, Request& out) {
  out = {};
  FieldReader reader(command);
  reader.required("topic", out.topic)
      .required("queueId", out.queue_id)
      .optional(broker_name_field, out.broker_name);
  return reader;
}

}  // namespace

Command QueryConsumerOffsetRequest::to_command() const {
  Command command = make_queue_request(RequestCode::query_consumer_offset, topic, queue_id, broker_name);
  command.ext_fields.set("consumerGroup", consumer_group);
  if (set_zero_if_not_found) command.ext_fields.set("setZeroIfNotFound", *set_zero_if_not_found);
  return command;
}

Errc QueryConsumerOffsetRequest::decode(const Command& command, QueryConsumerOffsetRequest& out) {
  return read_queue_fields(command, out)
      .required("consumerGroup", out.consumer_group)
      .optional("setZeroIfNotFound", out.set_zero_if_not_found)
      .error();
}

Command UpdateConsumerOffsetRequest::to_command() const {
  Command command = make_queue_request(RequestCode::update_consumer_offset, topic, queue_id, broker_name);
  command.ext_fields.set("consumerGroup", consumer_group);
  command.ext_fields.set("commitOffset", commit_offset);
  return command;
}

Errc UpdateConsumerOffsetRequest::decode(const Command& command, UpdateConsumerOffsetRequest& out) {
  return read_queue_fields(command, out)
      .required("consumerGroup", out.consumer_group)
      .required("commitOffset", out.commit_offset)
      .error();
}

Command SearchOffsetRequest::to_command() const {
  Command command = make_queue_request(RequestCode::search_offset_by_timestamp, topic, queue_id, broker_name);
  command.ext_fields.set("timestamp", timestamp);
  command.ext_fields.set("boundaryType", boundary_type == BoundaryType::upper ? "UPPER" : "LOWER");
  return command;
}

Errc SearchOffsetRequest::decode(const Command& command, SearchOffsetRequest& out) {
  std::string boundary;
  const Errc error = read_queue_fields(command, out)
                         .required("timestamp", out.timestamp)
                         .optional("boundaryType", boundary)
                         .error();
  // As BoundaryType.getType has it: what is not "upper" is lower.
  if (boundary == "UPPER" || boundary == "upper") out.boundary_type = BoundaryType::upper;
  return error;
}

Command GetMaxOffsetRequest::to_command() const {
  Command command = make_queue_request(RequestCode::get_max_offset, topic, queue_id, broker_name);
  command.ext_fields.set("committed", committed);
  return command;
}

Errc GetMaxOffsetRequest::decode(const Command& command, GetMaxOffsetRequest& out) {
  return read_queue_fields(command, out).optional("committed", out.committed).error();
}

Command GetMinOffsetRequest::to_command() const {
  return make_queue_request(RequestCode::get_min_offset, topic, queue_id, broker_name);
}

Errc GetMinOffsetRequest::decode(const Command& command, GetMinOffsetRequest& out) {
  return read_queue_fields(command, out).error();
}

Command GetEarliestStoreTimeRequest::to_command() const {
  return make_queue_request(RequestCode::get_earliest_msg_store_time, topic, queue_id, broker_name);
}

Errc GetEarliestStoreTimeRequest::decode(const Command& command, GetEarliestStoreTimeRequest& out) {
  return read_queue_fields(command, out).error();
}

Command OffsetReply::to_command() const {
  Command command = success_reply();
  command.ext_fields.set("offset", offset);
  return command;
}

Errc OffsetReply::decode(const Command& command, OffsetReply& out) {
  const Errc error = FieldReader(command).required("offset", out.offset).error();
  if (error != Errc::ok) return error;
  return is_offset_distance(out.offset) ? Errc::ok : Errc::bad_field;
}

Command TimestampReply::to_command() const {
  Command command = success_reply();
  command.ext_fields.set("timestamp", timestamp);
  return command;
}

Errc TimestampReply::decode(const Command& command, TimestampReply& out) {
  return FieldReader(command).required("timestamp", out.timestamp).error();
}

}  // namespace rocketmq::wire
