#include "rmq/message_text.h"

#include <cstring>

#include "base/utf8.h"
#include "rmq/base64.h"
#include "rmq/json_line.h"
#include "rocketmq/bytes.h"
#include "rocketmq/message_fields.h"

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

/// Every byte of a word.
constexpr std::uint64_t each(unsigned char byte) noexcept {
  return 0x0101010101010101U * byte;
}
/// A word that is not 0 if a byte of `word` is 0. See Hacker's Delight, "find first 0-byte".
constexpr std::uint64_t zero_bytes(std::uint64_t word) noexcept {
  return (word - each(1)) & ~word & high_bits;
}

/// The first byte from `begin` on for which `is_special` holds. A control character is special, and so are
/// the two that are named; for eight bytes at a time it is looked whether there is one.
template <class IsSpecial>
std::size_t find_special(std::string_view text, std::size_t begin, unsigned char one, unsigned char other,
                         const IsSpecial& is_special) noexcept {
  std::size_t at = begin;
  while (at + word_bytes <= text.size()) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, word_bytes);
    const std::uint64_t controls = (word - each(0x20)) & ~word & high_bits;
    if ((controls | zero_bytes(word ^ each(one)) | zero_bytes(word ^ each(other))) != 0) break;
    at += word_bytes;
  }
  while (at < text.size() && !is_special(static_cast<unsigned char>(text[at])))
    ++at;
  return at;
}

/// Of UTF-8. As append_json_string, a run of plain characters at once.
void append_json_text(std::string& out, std::string_view text) {
  out += '"';
  const auto is_special = [](unsigned char byte) { return byte < 0x20 || byte == '"' || byte == '\\'; };
  std::size_t begin = 0;
  for (std::size_t i = 0; (i = find_special(text, begin, '"', '\\', is_special)) < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
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
      if (is_ascii(property.name) && property.name.find_first_of("\"\\") == std::string_view::npos) {
        append_text(object.key(property.name), property.value);
      } else {
        std::string quoted;
        append_json_string(quoted, property.name);
        append_text(object.key(quoted.substr(1, quoted.size() - 2)), property.value);
      }
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
  constexpr unsigned char del = 0x7F;
  const auto is_special = [](unsigned char byte) { return byte < 0x20 || byte == del; };
  std::size_t begin = 0;
  for (std::size_t i = 0; (i = find_special(text, begin, del, del, is_special)) < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
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
  append_text(object.key("topic"), message.topic);
  append_text(object.key("brokerName"), message.broker_name);
  object.number("queueId", message.queue_id);
  object.number("queueOffset", message.queue_offset);
  append_text(object.key("msgId"), message.message_id.empty()
                                       ? std::string_view(offset_message_id_of(message))
                                       : message.message_id);
  append_text(object.key("tag"), message.tag);
  append_text(object.key("keys"), properties.keys());
  object.number("bornTimestamp", message.born_time_ms);
  object.number("storeTimestamp", message.store_time_ms);
  append_text(object.key("bornHost"), born_host_of(message));
  object.number("reconsumeTimes", message.reconsume_times);
  object.key("properties") += properties.users();
  object.key("systemProperties") += properties.systems();
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
