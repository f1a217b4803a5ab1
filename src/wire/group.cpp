#include "wire/group.h"

#include <utility>

#include "wire/field_reader.h"
#include "wire/json_reader.h"
#include "wire/json_writer.h"
#include "wire/request_fields.h"

namespace rocketmq::wire {

Command ConsumerSendMsgBackRequest::to_command() const {
  Command command = make_request(RequestCode::consumer_send_msg_back);
  ExtFields& fields = command.ext_fields;
  fields.set("offset", offset);
  fields.set("group", group);
  fields.set("delayLevel", delay_level);
  set_unless_empty(fields, "originMsgId", origin_msg_id);
  set_unless_empty(fields, "originTopic", origin_topic);
  fields.set("unitMode", unit_mode);
  if (max_reconsume_times) fields.set("maxReconsumeTimes", *max_reconsume_times);
  set_unless_empty(fields, broker_name_field, broker_name);
  return command;
}

Errc ConsumerSendMsgBackRequest::decode(const Command& command, ConsumerSendMsgBackRequest& out) {
  out = {};
  return FieldReader(command)
      .required("offset", out.offset)
      .required("group", out.group)
      .required("delayLevel", out.delay_level)
      .optional("originMsgId", out.origin_msg_id)
      .optional("originTopic", out.origin_topic)
      .optional("unitMode", out.unit_mode)
      .optional("maxReconsumeTimes", out.max_reconsume_times)
      .optional(broker_name_field, out.broker_name)
      .error();
}

Command GetConsumerListByGroupRequest::to_command() const {
  Command command = make_request(RequestCode::get_consumer_list_by_group);
  command.ext_fields.set("consumerGroup", consumer_group);
  set_unless_empty(command.ext_fields, broker_name_field, broker_name);
  return command;
}

Errc GetConsumerListByGroupRequest::decode(const Command& command, GetConsumerListByGroupRequest& out) {
  out = {};
  return FieldReader(command)
      .required("consumerGroup", out.consumer_group)
      .optional(broker_name_field, out.broker_name)
      .error();
}

std::string ConsumerIdList::encode_body() const {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object().key("consumerIdList").begin_array();
  for (const std::string& id : consumer_ids)
    writer.value(id);
  writer.end_array().end_object();
  return body;
}

Errc ConsumerIdList::decode_body(ByteView body, ConsumerIdList& out) {
  out = {};
  JsonValue root;
  if (const Errc error = read_json(as_text(body), root); error != Errc::ok) return error;
  const JsonValue* list = root.find("consumerIdList");
  if (list == nullptr || list->is_null()) return Errc::missing_field;
  if (list->array() == nullptr) return Errc::bad_field;
  for (const JsonValue& id : *list->array()) {
    if (id.text() == nullptr) return Errc::bad_field;
    out.consumer_ids.push_back(*id.text());
  }
  return Errc::ok;
}

Command GetConsumerConnectionListRequest::to_command() const {
  Command command = make_request(RequestCode::get_consumer_connection_list);
  command.ext_fields.set("consumerGroup", consumer_group);
  return command;
}

Errc GetConsumerConnectionListRequest::decode(const Command& command, GetConsumerConnectionListRequest& out) {
  out = {};
  return FieldReader(command).required("consumerGroup", out.consumer_group).error();
}

std::string ConsumerConnection::encode_body() const {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object().key("connectionSet").begin_array();
  for (const std::string& id : client_ids)
    writer.begin_object().member("clientId", id).end_object();
  writer.end_array().member("messageModel", message_model).key("subscriptionTable").begin_object();
  for (const SubscriptionData& subscription : subscriptions) {
    writer.key(subscription.topic);
    write_json(writer, subscription);
  }
  writer.end_object().end_object();
  return body;
}

Errc ConsumerConnection::decode_body(ByteView body, ConsumerConnection& out) {
  out = {};
  JsonValue root;
  if (const Errc error = read_json(as_text(body), root); error != Errc::ok) return error;
  const JsonValue* connections = root.find("connectionSet");
  if (connections == nullptr || connections->is_null()) return Errc::missing_field;
  if (connections->array() == nullptr) return Errc::bad_field;
  for (const JsonValue& connection : *connections->array()) {
    std::string id;
    if (const Errc error = connection.read("clientId", id); error != Errc::ok) return error;
    out.client_ids.push_back(std::move(id));
  }
  if (const Errc error = root.read_optional("messageModel", out.message_model); error != Errc::ok)
    return error;
  const JsonValue* table = root.find("subscriptionTable");
  if (table == nullptr || table->is_null()) return Errc::missing_field;
  if (table->object() == nullptr) return Errc::bad_field;
  for (const JsonMember& member : *table->object()) {
    SubscriptionData subscription;
    if (const Errc error = read_subscription(member.value, subscription); error != Errc::ok) return error;
    out.subscriptions.push_back(std::move(subscription));
  }
  return Errc::ok;
}

Command NotifyConsumerIdsChangedRequest::to_command() const {
  Command command = make_request(RequestCode::notify_consumer_ids_changed);
  command.flag = Command::one_way_flag;
  command.ext_fields.set("consumerGroup", consumer_group);
  return command;
}

Errc NotifyConsumerIdsChangedRequest::decode(const Command& command, NotifyConsumerIdsChangedRequest& out) {
  return FieldReader(command).required("consumerGroup", out.consumer_group).error();
}

}  // namespace rocketmq::wire
