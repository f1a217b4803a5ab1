#include "wire/consume_stats.h"

#include <utility>

#include "wire/field_reader.h"
#include "wire/json_reader.h"
#include "wire/json_writer.h"
#include "wire/queue_offset_map.h"
#include "wire/request_fields.h"

namespace rocketmq::wire {

namespace {

constexpr const char* table_name = "offsetTable";
constexpr const char* offset_name = "consumerOffset";

}  // namespace

Command GetConsumeStatsRequest::to_command() const {
  Command command = make_request(RequestCode::get_consume_stats);
  command.ext_fields.set("consumerGroup", consumer_group);
  set_unless_empty(command.ext_fields, "topic", topic);
  return command;
}

Errc GetConsumeStatsRequest::decode(const Command& command, GetConsumeStatsRequest& out) {
  out = {};
  return FieldReader(command)
      .required("consumerGroup", out.consumer_group)
      .optional("topic", out.topic)
      .error();
}

std::string ConsumeStats::encode_body() const {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object().key(table_name).begin_object();
  for (const QueueOffset& entry : consumer_offsets) {
    write_json(writer, entry.queue);
    writer.end_key().begin_object().member(offset_name, entry.offset).end_object();
  }
  writer.end_object().end_object();
  return body;
}

Errc ConsumeStats::decode_body(ByteView body, ConsumeStats& out) {
  out = {};
  JsonValue root;
  if (const Errc error = read_json(as_text(body), root); error != Errc::ok) return error;
  const JsonValue* table = root.find(table_name);
  if (table == nullptr || table->is_null()) return Errc::missing_field;
  if (table->object() == nullptr) return Errc::bad_field;
  for (const JsonMember& member : *table->object()) {
    QueueOffset entry;
    if (const Errc error = read_queue_key(member.key, entry.queue); error != Errc::ok) return error;
    if (member.value.object() == nullptr) return Errc::bad_field;
    if (const Errc error = member.value.read(offset_name, entry.offset); error != Errc::ok) return error;
    out.consumer_offsets.push_back(std::move(entry));
  }
  return Errc::ok;
}

}  // namespace rocketmq::wire
