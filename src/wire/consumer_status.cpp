#include "wire/consumer_status.h"

#include "wire/field_reader.h"
#include "wire/json_reader.h"
#include "wire/json_writer.h"
#include "wire/queue_offset_map.h"
#include "wire/request_fields.h"

namespace rocketmq::wire {

namespace {

// The members that Java's class has and we have no use for are written as what an idle consumer would have.
void write_queue_info(JsonWriter& writer, const ProcessQueueInfo& info) {
  writer.begin_object()
      .member("cachedMsgCount", info.cached_msg_count)
      .member("cachedMsgMaxOffset", info.cached_msg_max_offset)
      .member("cachedMsgMinOffset", info.cached_msg_min_offset)
      .member("cachedMsgSizeInMiB", info.cached_msg_size_mib)
      .member("commitOffset", info.commit_offset)
      .member("droped", info.dropped)
      .member("lastConsumeTimestamp", info.last_consume_timestamp)
      .member("lastLockTimestamp", info.last_lock_timestamp)
      .member("lastPullTimestamp", info.last_pull_timestamp)
      .member("locked", info.locked)
      .member("transactionMsgCount", 0)
      .member("transactionMsgMaxOffset", 0)
      .member("transactionMsgMinOffset", 0)
      .member("tryUnlockTimes", 0)
      .end_object();
}

void write_status(JsonWriter& writer, const ConsumeStatus& status) {
  writer.begin_object()
      .member("consumeFailedMsgs", status.consume_failed_msgs)
      .member("consumeFailedTPS", status.consume_failed_tps)
      .member("consumeOKTPS", status.consume_ok_tps)
      .member("consumeRT", status.consume_rt)
      .member("pullRT", status.pull_rt)
      .member("pullTPS", status.pull_tps)
      .end_object();
}

}  // namespace

Command GetConsumerRunningInfoRequest::to_command() const {
  Command command = make_request(RequestCode::get_consumer_running_info);
  command.ext_fields.set("consumerGroup", consumer_group);
  command.ext_fields.set("clientId", client_id);
  command.ext_fields.set("jstackEnable", jstack_enable);
  return command;
}

Errc GetConsumerRunningInfoRequest::decode(const Command& command, GetConsumerRunningInfoRequest& out) {
  out = {};
  return FieldReader(command)
      .required("consumerGroup", out.consumer_group)
      .required("clientId", out.client_id)
      .optional("jstackEnable", out.jstack_enable)
      .error();
}

std::string ConsumerRunningInfo::encode_body() const {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object();
  if (!jstack.empty()) writer.member("jstack", jstack);
  writer.key("mqTable").begin_object();
  for (const ProcessQueueInfo& info : queues) {
    write_json(writer, info.queue);
    writer.end_key();
    write_queue_info(writer, info);
  }
  writer.end_object().key("properties").begin_object();
  for (const auto& [name, value] : properties)
    writer.member(name, value);
  writer.end_object().key("statusTable").begin_object();
  for (const ConsumeStatus& status : statuses) {
    writer.key(status.topic);
    write_status(writer, status);
  }
  writer.end_object().key("subscriptionSet").begin_array();
  for (const SubscriptionData& subscription : subscriptions)
    write_json(writer, subscription);
  writer.end_array().end_object();
  return body;
}

Errc ConsumerRunningInfo::decode_subscriptions(ByteView body, std::vector<SubscriptionData>& out) {
  out.clear();
  JsonValue root;
  if (const Errc error = read_json(as_text(body), root); error != Errc::ok) return error;
  const JsonValue* set = root.find("subscriptionSet");
  if (set == nullptr || set->is_null()) return Errc::ok;
  if (set->array() == nullptr) return Errc::bad_field;
  for (const JsonValue& item : *set->array()) {
    SubscriptionData subscription;
    if (const Errc error = read_subscription(item, subscription); error != Errc::ok) return error;
    out.push_back(std::move(subscription));
  }
  return Errc::ok;
}

Command GetConsumerStatusRequest::to_command() const {
  Command command = make_request(RequestCode::get_consumer_status_from_client);
  command.ext_fields.set("topic", topic);
  command.ext_fields.set("group", group);
  set_unless_empty(command.ext_fields, "clientAddr", client_address);
  return command;
}

Errc GetConsumerStatusRequest::decode(const Command& command, GetConsumerStatusRequest& out) {
  out = {};
  return FieldReader(command)
      .required("topic", out.topic)
      .required("group", out.group)
      .optional("clientAddr", out.client_address)
      .error();
}

std::string ConsumerStatusBody::encode_body() const {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object();
  write_queue_offset_map(writer, "messageQueueTable", offsets);
  writer.end_object();
  return body;
}

Errc ConsumerStatusBody::decode_body(ByteView body, ConsumerStatusBody& out) {
  out = {};
  return read_queue_offsets(body, "messageQueueTable", out.offsets);
}

}  // namespace rocketmq::wire
