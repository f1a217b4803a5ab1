#include "wire/route.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/address.h"
#include "base/text.h"
#include "wire/field_reader.h"
#include "wire/json_reader.h"
#include "wire/json_writer.h"
#include "wire/request_fields.h"

namespace rocketmq::wire {

namespace {

// A broker refuses topics of more queues; a route that claims more would have us allocate without bound.
constexpr std::int32_t max_queues = 65'535;

template <class Integer>
bool parse_key(const JsonValue& key, Integer& out) {
  const std::string* text = key.text();
  if (text == nullptr) return false;
  const char* const end = text->data() + text->size();
  const auto [stopped, error] = std::from_chars(text->data(), end, out);
  return error == std::errc() && stopped == end;
}

Errc read_queue(const JsonValue& value, QueueData& out) {
  Errc error = value.read("brokerName", out.broker_name);
  if (error == Errc::ok) error = value.read("readQueueNums", out.read_queue_nums);
  if (error == Errc::ok) error = value.read("writeQueueNums", out.write_queue_nums);
  if (error == Errc::ok) error = value.read("perm", out.perm);
  // Older name servers write topicSynFlag.
  if (error == Errc::ok) error = value.read_optional("topicSynFlag", out.topic_sys_flag);
  if (error == Errc::ok) error = value.read_optional("topicSysFlag", out.topic_sys_flag);
  if (error != Errc::ok) return error;
  const auto in_range = [](std::int32_t count) { return count >= 0 && count <= max_queues; };
  return in_range(out.read_queue_nums) && in_range(out.write_queue_nums) ? Errc::ok : Errc::bad_field;
}

// An address in the form that parse_address reads; one that cannot be read stays as it is, for an error that
// quotes it.
std::string announced_address(const std::string& text) {
  Address address;
  return parse_announced_address(text, address).failed() ? text : to_string(address);
}

Errc read_broker(const JsonValue& value, BrokerData& out) {
  Errc error = value.read("brokerName", out.broker_name);
  if (error == Errc::ok) error = value.read_optional("cluster", out.cluster);
  if (error == Errc::ok) error = value.read_optional("zoneName", out.zone_name);
  if (error == Errc::ok) error = value.read_optional("enableActingMaster", out.enable_acting_master);
  if (error != Errc::ok) return error;
  const JsonValue* addresses = value.find("brokerAddrs");
  if (addresses == nullptr || addresses->is_null()) return Errc::missing_field;
  if (addresses->object() == nullptr) return Errc::bad_field;
  for (const JsonMember& member : *addresses->object()) {
    std::int64_t id = 0;
    const std::string* address = member.value.text();
    if (address == nullptr || !parse_key(member.key, id)) return Errc::bad_field;
    out.broker_addrs[id] = announced_address(*address);
  }
  return Errc::ok;
}

Errc read_mapping(const JsonValue& value, TopicQueueMapping& out) {
  Errc error = value.read_optional("topic", out.topic);
  if (error == Errc::ok) error = value.read_optional("scope", out.scope);
  if (error == Errc::ok) error = value.read("totalQueues", out.total_queues);
  if (error == Errc::ok) error = value.read_optional("bname", out.broker_name);
  if (error == Errc::ok) error = value.read_optional("epoch", out.epoch);
  if (error != Errc::ok) return error;
  if (out.total_queues < 0 || out.total_queues > max_queues) return Errc::bad_field;
  const JsonValue* ids = value.find("currIdMap");
  if (ids == nullptr || ids->is_null()) return Errc::ok;
  if (ids->object() == nullptr) return Errc::bad_field;
  for (const JsonMember& member : *ids->object()) {
    std::int32_t logical = 0;
    const std::int64_t* physical = member.value.integer();
    if (physical == nullptr || *physical < 0 || *physical > max_queues || !parse_key(member.key, logical)) {
      return Errc::bad_field;
    }
    out.current_ids[logical] = static_cast<std::int32_t>(*physical);
  }
  return Errc::ok;
}

template <class Element>
Errc read_list(const JsonValue& root, std::string_view name, Errc (*read_one)(const JsonValue&, Element&),
               std::vector<Element>& out) {
  const JsonValue* list = root.find(name);
  if (list == nullptr || list->is_null()) return Errc::ok;
  if (list->array() == nullptr) return Errc::bad_field;
  for (const JsonValue& value : *list->array()) {
    Element element;
    if (const Errc error = read_one(value, element); error != Errc::ok) return error;
    out.push_back(std::move(element));
  }
  return Errc::ok;
}

Errc read_mappings(const JsonValue& root, std::map<std::string, TopicQueueMapping>& out) {
  const JsonValue* mappings = root.find("topicQueueMappingByBroker");
  if (mappings == nullptr || mappings->is_null()) return Errc::ok;
  if (mappings->object() == nullptr) return Errc::bad_field;
  for (const JsonMember& member : *mappings->object()) {
    const std::string* broker = member.key.text();
    if (broker == nullptr) return Errc::bad_field;
    if (const Errc error = read_mapping(member.value, out[*broker]); error != Errc::ok) return error;
  }
  return Errc::ok;
}

// What the parts `broker:count` of an order configuration ask for; parts that cannot be read ask for nothing.
std::int64_t ordered_queues(std::string_view order_conf) {
  std::int64_t total = 0;
  while (!order_conf.empty()) {
    const std::size_t end = std::min(order_conf.find(';'), order_conf.size());
    const std::string_view part = trim(order_conf.substr(0, end));
    order_conf.remove_prefix(std::min(end + 1, order_conf.size()));
    std::int32_t count = 0;
    const char* const last = part.data() + part.size();
    const std::size_t colon = part.rfind(':');
    if (colon == std::string_view::npos) continue;
    const auto [stopped, error] = std::from_chars(part.data() + colon + 1, last, count);
    if (error == std::errc() && stopped == last && count > 0) total += count;
  }
  return total;
}

bool has_too_many_queues(const TopicRouteData& route) {
  std::int64_t readable = 0;
  std::int64_t writable = ordered_queues(route.order_topic_conf);
  for (const QueueData& queues : route.queue_datas) {
    readable += queues.read_queue_nums;
    writable += queues.write_queue_nums;
  }
  for (const auto& [broker, mapping] : route.topic_queue_mapping_by_broker) {
    readable += mapping.total_queues;
    writable += static_cast<std::int64_t>(mapping.current_ids.size());
  }
  return readable > max_route_queues || writable > max_route_queues;
}

void write_mapping(JsonWriter& writer, const TopicQueueMapping& mapping) {
  writer.begin_object().member("bname", mapping.broker_name).key("currIdMap").begin_object();
  for (const auto& [logical, physical] : mapping.current_ids) {
    writer.member(std::to_string(logical), physical);
  }
  writer.end_object()
      .member("epoch", mapping.epoch)
      .member("scope", mapping.scope)
      .member("topic", mapping.topic)
      .member("totalQueues", mapping.total_queues)
      .end_object();
}

}  // namespace

Command GetRouteInfoRequest::to_command() const {
  Command command = make_request(RequestCode::get_route_info_by_topic);
  command.ext_fields.set("topic", topic);
  command.ext_fields.set("acceptStandardJsonOnly", accept_standard_json_only);
  return command;
}

Errc GetRouteInfoRequest::decode(const Command& command, GetRouteInfoRequest& out) {
  out = {};
  out.accept_standard_json_only = false;
  return FieldReader(command)
      .required("topic", out.topic)
      .optional("acceptStandardJsonOnly", out.accept_standard_json_only)
      .error();
}

std::string TopicRouteData::encode_body() const {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object().key("brokerDatas").begin_array();
  for (const BrokerData& broker : broker_datas) {
    writer.begin_object().key("brokerAddrs").begin_object();
    for (const auto& [id, address] : broker.broker_addrs)
      writer.member(std::to_string(id), address);
    writer.end_object()
        .member("brokerName", broker.broker_name)
        .member("cluster", broker.cluster)
        .member("enableActingMaster", broker.enable_acting_master);
    if (!broker.zone_name.empty()) writer.member("zoneName", broker.zone_name);
    writer.end_object();
  }
  writer.end_array().key("filterServerTable").begin_object().end_object();
  if (!order_topic_conf.empty()) writer.member("orderTopicConf", order_topic_conf);
  writer.key("queueDatas").begin_array();
  for (const QueueData& queue : queue_datas) {
    writer.begin_object()
        .member("brokerName", queue.broker_name)
        .member("perm", queue.perm)
        .member("readQueueNums", queue.read_queue_nums)
        .member("topicSysFlag", queue.topic_sys_flag)
        .member("writeQueueNums", queue.write_queue_nums)
        .end_object();
  }
  writer.end_array();
  if (!topic_queue_mapping_by_broker.empty()) {
    writer.key("topicQueueMappingByBroker").begin_object();
    for (const auto& [broker, mapping] : topic_queue_mapping_by_broker) {
      writer.key(broker);
      write_mapping(writer, mapping);
    }
    writer.end_object();
  }
  writer.end_object();
  return body;
}

Errc TopicRouteData::decode_body(ByteView body, TopicRouteData& out) {
  out = {};
  JsonValue root;
  if (const Errc error = read_json(as_text(body), root); error != Errc::ok) return error;
  if (root.object() == nullptr) return Errc::bad_json;
  Errc error = root.read_optional("orderTopicConf", out.order_topic_conf);
  if (error == Errc::ok) error = read_list(root, "queueDatas", &read_queue, out.queue_datas);
  if (error == Errc::ok) error = read_list(root, "brokerDatas", &read_broker, out.broker_datas);
  if (error == Errc::ok) error = read_mappings(root, out.topic_queue_mapping_by_broker);
  if (error == Errc::ok && has_too_many_queues(out)) error = Errc::too_large;
  return error;
}

}  // namespace rocketmq::wire
