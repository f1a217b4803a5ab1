#include "rmq/message_text.h"

#include <cstddef>

#include "base/json_string.h"
#include "rmq/base64.h"
#include "rmq/json_line.h"
#include "rocketmq/bytes.h"
#include "rocketmq/message_fields.h"

namespace rocketmq::rmq {

namespace {

bool has_own_member(std::string_view name) noexcept {
  return name == "TAGS" || name == "KEYS" || name == "UNIQ_KEY";
}

/// A message has few properties; one that is repeated counts where it is last.
bool comes_again(std::string_view rest, std::string_view name) noexcept {
  MessageProperty later;
  while (next_property(rest, later)) {
    if (later.name == name) return true;
  }
  return false;
}

/// Both objects, in one walk through the properties.
class PropertyObjects {
 public:
  explicit PropertyObjects(const ReceivedMessage& message) {
    users_.clear();
    systems_.clear();
    JsonObject users(users_);
    JsonObject systems(systems_);
    std::string_view rest = message.properties;
    MessageProperty property;
    while (next_property(rest, property)) {
      if (property.name == "KEYS") keys_ = property.value;
      if (has_own_member(property.name) || comes_again(rest, property.name)) continue;
      JsonObject& object = is_system(property) ? systems : users;
      object.text(property.name, property.value);
    }
    users.end();
    systems.end();
  }

  [[nodiscard]] const std::string& users() const noexcept { return users_; }
  [[nodiscard]] const std::string& systems() const noexcept { return systems_; }
  [[nodiscard]] std::string_view keys() const noexcept { return keys_; }

 private:
  // Their memory is used again for the next message.
  static inline thread_local std::string users_;
  static inline thread_local std::string systems_;
  std::string_view keys_;
};

}  // namespace

void append_visible(std::string& out, std::string_view text) {
  constexpr char hex_digits[] = "0123456789abcdef";
  constexpr unsigned char del = 0x7F;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != del) continue;
    out.append(text, begin, i - begin);
    begin = i + 1;
    out += '\\';
    if (byte == '\n' || byte == '\t' || byte == '\r') {
      out += byte == '\n' ? 'n' : byte == '\t' ? 't' : 'r';
    } else {
      out += 'x';
      out += hex_digits[byte >> 4];
      out += hex_digits[byte & 0xFU];
    }
  }
  out.append(text, begin);
}

void append_properties(std::string& out, const ReceivedMessage& message) {
  out += PropertyObjects(message).users();
}

void append_message_json(std::string& out, const ReceivedMessage& message) {
  const PropertyObjects properties(message);
  JsonObject object(out);
  object.text("topic", message.topic);
  object.text("brokerName", message.broker_name);
  object.number("queueId", message.queue_id);
  object.number("queueOffset", message.queue_offset);
  object.text("msgId", message.message_id.empty() ? std::string_view(offset_message_id_of(message))
                                                  : message.message_id);
  object.text("tag", message.tag);
  object.text("keys", properties.keys());
  object.number("bornTimestamp", message.born_time_ms);
  object.number("storeTimestamp", message.store_time_ms);
  object.text("bornHost", born_host_of(message));
  object.number("reconsumeTimes", message.reconsume_times);
  object.key("properties") += properties.users();
  object.key("systemProperties") += properties.systems();
  const std::string_view body = as_text(message.body);
  const std::size_t before = out.size();
  if (!object.text("body", body)) {
    out.resize(before);
    std::string& to = object.key("bodyBase64");
    to += '"';
    append_base64(to, body);
    to += '"';
  }
  object.end();
}

}  // namespace rocketmq::rmq
