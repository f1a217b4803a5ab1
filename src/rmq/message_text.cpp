#include "rmq/message_text.h"

#include <cstring>

#include "base/bytes.h"
#include "base/utf8.h"
#include "client/message_fields.h"
#include "rmq/base64.h"
#include "rmq/json_line.h"

namespace rocketmq::rmq {

namespace {

constexpr char hex_digits[] = "0123456789abcdef";

constexpr std::size_t word_bytes = sizeof(std::uint64_t);
constexpr std::uint64_t high_bits = 0x8080808080808080U;

/// Most bodies have bytes of ASCII only, which eight at a time show quickly.
bool is_ascii(std::string_view text) noexcept {
  std::uint64_t all = 0;
  while (text.size() >= word_bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), word_bytes);
    all |= word;
    text.remove_prefix(word_bytes);
  }
  unsigned rest = 0;
  for (const char c : text)
    rest |= static_cast<unsigned char>(c);
  return (all & high_bits) == 0 && rest < 0x80;
}

/// Of UTF-8. As append_json_string, a run of plain characters at once.
void append_json_text(std::string& out, std::string_view text) {
  out += '"';
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    out.append(text, begin, i - begin);
    begin = i + 1;
    out += '\\';
    switch (byte) {
      case '"':
      case '\\':
        out += text[i];
        break;
      case '\n':
        out += 'n';
        break;
      case '\t':
        out += 't';
        break;
      case '\r':
        out += 'r';
        break;
      default:
        out += "u00";
        out += hex_digits[byte >> 4];
        out += hex_digits[byte & 0xFU];
    }
  }
  out.append(text, begin);
  out += '"';
}

/// Names and tags are short; what is no UTF-8 in them becomes U+FFFD.
void append_text(std::string& out, std::string_view text) {
  is_ascii(text) ? append_json_text(out, text) : append_json_string(out, text);
}

bool has_own_member(std::string_view name) noexcept {
  return name == "TAGS" || name == "KEYS" || name == "UNIQ_KEY";
}

}  // namespace

void append_visible(std::string& out, std::string_view text) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != 0x7F) continue;
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

void append_properties(std::string& out, const ReceivedMessage& message, bool system) {
  std::string_view rest = message.properties;
  MessageProperty property;
  JsonObject object(out);
  while (next_property(rest, property)) {
    if (property.is_system != system || has_own_member(property.name)) continue;
    // A message has few; one that is repeated counts where it is last.
    MessageProperty later;
    bool repeated = false;
    for (std::string_view behind = rest; !repeated && next_property(behind, later);)
      repeated = later.name == property.name;
    if (repeated) continue;
    if (is_ascii(property.name) && property.name.find_first_of("\"\\") == std::string_view::npos) {
      append_text(object.key(property.name), property.value);
    } else {
      std::string quoted;
      append_json_string(quoted, property.name);
      append_text(object.key(quoted.substr(1, quoted.size() - 2)), property.value);
    }
  }
  object.end();
}

void append_message_json(std::string& out, const ReceivedMessage& message) {
  JsonObject object(out);
  append_text(object.key("topic"), message.topic);
  append_text(object.key("brokerName"), message.broker_name);
  object.number("queueId", message.queue_id);
  object.number("queueOffset", message.queue_offset);
  append_text(object.key("msgId"), message.message_id.empty()
                                       ? std::string_view(offset_message_id_of(message))
                                       : message.message_id);
  append_text(object.key("tag"), message.tag);
  append_text(object.key("keys"), keys_of(message));
  object.number("bornTimestamp", message.born_time_ms);
  object.number("storeTimestamp", message.store_time_ms);
  append_text(object.key("bornHost"), born_host_of(message));
  object.number("reconsumeTimes", message.reconsume_times);
  append_properties(object.key("properties"), message, false);
  append_properties(object.key("systemProperties"), message, true);
  const std::string_view body = as_text(message.body);
  if (is_ascii(body) || is_utf8(body)) {
    append_json_text(object.key("body"), body);
  } else {
    std::string& to = object.key("bodyBase64");
    to += '"';
    append_base64(to, body);
    to += '"';
  }
  object.end();
}

}  // namespace rocketmq::rmq
