#include "wire/heartbeat.h"

#include <string_view>
#include <utility>

#include "wire/field_reader.h"
#include "wire/json_reader.h"
#include "wire/json_writer.h"
#include "wire/request_fields.h"

namespace rocketmq::wire {

namespace {

void write_consumer(JsonWriter& writer, const ConsumerData& consumer) {
  writer.begin_object()
      .member("consumeFromWhere", consumer.consume_from_where)
      .member("consumeType", consumer.consume_type)
      .member("groupName", consumer.group_name)
      .member("messageModel", consumer.message_model)
      .key("subscriptionDataSet")
      .begin_array();
  for (const SubscriptionData& subscription : consumer.subscription_data_set) {
    write_json(writer, subscription);
  }
  writer.end_array().member("unitMode", consumer.unit_mode).end_object();
}

// The elements of an array member that may be absent. nullptr where there are none.
Errc find_array(const JsonValue& value, std::string_view name, const JsonValue::Array*& out) {
  out = nullptr;
  const JsonValue* member = value.find(name);
  if (member == nullptr || member->is_null()) return Errc::ok;
  out = member->array();
  return out == nullptr ? Errc::bad_field : Errc::ok;
}

Errc read_consumer(const JsonValue& value, ConsumerData& out) {
  Errc error = value.read("groupName", out.group_name);
  if (error == Errc::ok) error = value.read_optional("consumeType", out.consume_type);
  if (error == Errc::ok) error = value.read_optional("messageModel", out.message_model);
  if (error == Errc::ok) error = value.read_optional("consumeFromWhere", out.consume_from_where);
  if (error == Errc::ok) error = value.read_optional("unitMode", out.unit_mode);
  const JsonValue::Array* subscriptions = nullptr;
  if (error == Errc::ok) error = find_array(value, "subscriptionDataSet", subscriptions);
  if (error != Errc::ok || subscriptions == nullptr) return error;
  for (const JsonValue& element : *subscriptions) {
    SubscriptionData subscription;
    error = read_subscription(element, subscription);
    if (error != Errc::ok) return error;
    out.subscription_data_set.push_back(std::move(subscription));
  }
  return Errc::ok;
}

}  // namespace

std::string HeartbeatData::encode_body() const {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object().member("clientID", client_id).key("consumerDataSet").begin_array();
  for (const ConsumerData& consumer : consumer_data_set)
    write_consumer(writer, consumer);
  writer.end_array().member("heartbeatFingerprint", 0).key("producerDataSet").begin_array();
  for (const std::string& group : producer_groups) {
    writer.begin_object().member("groupName", group).end_object();
  }
  writer.end_array().member("withoutSub", false).end_object();
  return body;
}

Errc HeartbeatData::decode_body(ByteView body, HeartbeatData& out) {
  out = {};
  JsonValue root;
  if (const Errc error = read_json(as_text(body), root); error != Errc::ok) return error;
  Errc error = root.read("clientID", out.client_id);
  const JsonValue::Array* producers = nullptr;
  const JsonValue::Array* consumers = nullptr;
  if (error == Errc::ok) error = find_array(root, "producerDataSet", producers);
  if (error == Errc::ok) error = find_array(root, "consumerDataSet", consumers);
  if (error != Errc::ok) return error;
  if (producers != nullptr) {
    for (const JsonValue& element : *producers) {
      std::string group;
      error = element.read("groupName", group);
      if (error != Errc::ok) return error;
      out.producer_groups.push_back(std::move(group));
    }
  }
  if (consumers != nullptr) {
    for (const JsonValue& element : *consumers) {
      ConsumerData consumer;
      error = read_consumer(element, consumer);
      if (error != Errc::ok) return error;
      out.consumer_data_set.push_back(std::move(consumer));
    }
  }
  return Errc::ok;
}

Command HeartbeatRequest::to_command() const {
  Command command = make_request(RequestCode::heart_beat);
  set_unless_empty(command.ext_fields, broker_name_field, broker_name);
  return command;
}

Errc HeartbeatRequest::decode(const Command& command, HeartbeatRequest& out) {
  out = {};
  return FieldReader(command).optional(broker_name_field, out.broker_name).error();
}

Command UnregisterClientRequest::to_command() const {
  Command command = make_request(RequestCode::unregister_client);
  command.ext_fields.set("clientID", client_id);
  set_unless_empty(command.ext_fields, "producerGroup", producer_group);
  set_unless_empty(command.ext_fields, "consumerGroup", consumer_group);
  set_unless_empty(command.ext_fields, broker_name_field, broker_name);
  return command;
}

Errc UnregisterClientRequest::decode(const Command& command, UnregisterClientRequest& out) {
  out = {};
  return FieldReader(command)
      .required("clientID", out.client_id)
      .optional("producerGroup", out.producer_group)
      .optional("consumerGroup", out.consumer_group)
      .optional(broker_name_field, out.broker_name)
      .error();
}

Command CheckClientConfigRequest::to_command() const {
  return make_request(RequestCode::check_client_config);
}

std::string CheckClientConfigRequest::encode_body() const {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object().member("clientId", client_id).member("group", group);
  if (!name_space.empty()) writer.member("namespace", name_space);
  writer.key("subscriptionData");
  write_json(writer, subscription);
  writer.end_object();
  return body;
}

Errc CheckClientConfigRequest::decode_body(ByteView body, CheckClientConfigRequest& out) {
  out = {};
  JsonValue root;
  if (const Errc error = read_json(as_text(body), root); error != Errc::ok) return error;
  Errc error = root.read("clientId", out.client_id);
  if (error == Errc::ok) error = root.read("group", out.group);
  if (error == Errc::ok) error = root.read_optional("namespace", out.name_space);
  if (error != Errc::ok) return error;
  const JsonValue* data = root.find("subscriptionData");
  return data == nullptr ? Errc::missing_field : read_subscription(*data, out.subscription);
}

}  // namespace rocketmq::wire
