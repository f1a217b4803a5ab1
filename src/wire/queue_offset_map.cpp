#include "wire/queue_offset_map.h"

#include <cstdint>
#include <string>
#include <utility>

#include "wire/json_reader.h"
#include "wire/queue_offset.h"

namespace rocketmq::wire {

namespace {

Errc read_map(const JsonValue::Object& members, std::vector<QueueOffset>& out) {
  for (const JsonMember& member : members) {
    QueueOffset entry;
    if (const Errc error = read_queue_key(member.key, entry.queue); error != Errc::ok) return error;
    const std::int64_t* offset = member.value.integer();
    if (offset == nullptr) return Errc::bad_field;
    if (!is_offset_distance(*offset)) return Errc::bad_field;
    entry.offset = *offset;
    out.push_back(std::move(entry));
  }
  return Errc::ok;
}

Errc read_list(const JsonValue::Array& values, std::vector<QueueOffset>& out) {
  for (const JsonValue& value : values) {
    QueueOffset entry;
    if (const Errc error = read_message_queue(value, entry.queue); error != Errc::ok) return error;
    if (const Errc error = value.read("offset", entry.offset); error != Errc::ok) return error;
    if (!is_offset_distance(entry.offset)) return Errc::bad_field;
    out.push_back(std::move(entry));
  }
  return Errc::ok;
}

}  // namespace

Errc read_queue_key(const JsonValue& key, MessageQueue& out) {
  const std::string* text = key.text();
  if (text == nullptr) return read_message_queue(key, out);
  JsonValue parsed;
  if (const Errc error = read_json(*text, parsed); error != Errc::ok) return error;
  return read_message_queue(parsed, out);
}

void write_queue_offset_map(JsonWriter& writer, std::string_view name,
                            const std::vector<QueueOffset>& offsets) {
  writer.key(name).begin_object();
  for (const QueueOffset& entry : offsets) {
    write_json(writer, entry.queue);
    writer.end_key().value(entry.offset);
  }
  writer.end_object();
}

Errc read_queue_offsets(ByteView body, std::string_view name, std::vector<QueueOffset>& out) {
  JsonValue root;
  if (const Errc error = read_json(as_text(body), root); error != Errc::ok) return error;
  const JsonValue* table = root.find(name);
  if (table == nullptr || table->is_null()) return Errc::missing_field;
  if (table->object() != nullptr) return read_map(*table->object(), out);
  if (table->array() != nullptr) return read_list(*table->array(), out);
  return Errc::bad_field;
}

}  // namespace rocketmq::wire
