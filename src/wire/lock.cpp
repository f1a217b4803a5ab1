#include "wire/lock.h"

#include "wire/json_reader.h"
#include "wire/json_writer.h"
#include "wire/request_fields.h"

namespace rocketmq::wire {

namespace {

void write_queues(JsonWriter& writer, const char* name, const std::vector<MessageQueue>& queues) {
  writer.key(name).begin_array();
  for (const MessageQueue& queue : queues)
    write_json(writer, queue);
  writer.end_array();
}

Command make_command(RequestCode code, const std::string& broker_name) {
  Command command = make_request(code);
  set_unless_empty(command.ext_fields, broker_name_field, broker_name);
  return command;
}

}  // namespace

Command LockBatchRequest::to_lock_command() const {
  return make_command(RequestCode::lock_batch_mq, broker_name);
}

Command LockBatchRequest::to_unlock_command() const {
  return make_command(RequestCode::unlock_batch_mq, broker_name);
}

std::string LockBatchRequest::encode_body() const {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object().member("clientId", client_id).member("consumerGroup", consumer_group);
  write_queues(writer, "mqSet", queues);
  writer.member("onlyThisBroker", only_this_broker).end_object();
  return body;
}

Errc LockBatchRequest::decode_body(ByteView body, LockBatchRequest& out) {
  JsonValue root;
  if (const Errc error = read_json(as_text(body), root); error != Errc::ok) return error;
  Errc error = root.read("consumerGroup", out.consumer_group);
  if (error == Errc::ok) error = root.read("clientId", out.client_id);
  if (error == Errc::ok) error = root.read_optional("onlyThisBroker", out.only_this_broker);
  if (error != Errc::ok) return error;
  const JsonValue* set = root.find("mqSet");
  return set == nullptr ? Errc::missing_field : read_message_queues(*set, out.queues);
}

std::string LockBatchReply::encode_body() const {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object();
  write_queues(writer, "lockOKMQSet", locked_queues);
  writer.end_object();
  return body;
}

Errc LockBatchReply::decode_body(ByteView body, LockBatchReply& out) {
  JsonValue root;
  if (const Errc error = read_json(as_text(body), root); error != Errc::ok) return error;
  const JsonValue* set = root.find("lockOKMQSet");
  return set == nullptr ? Errc::missing_field : read_message_queues(*set, out.locked_queues);
}

}  // namespace rocketmq::wire
