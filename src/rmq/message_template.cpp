#include "rmq/message_template.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "base/text.h"
#include "rmq/base64.h"
#include "rmq/message_text.h"
#include "rmq/nearest.h"
#include "rmq/position.h"
#include "rmq/usage_error.h"
#include "rocketmq/bytes.h"
#include "rocketmq/message_fields.h"

namespace rocketmq::rmq {

namespace {

constexpr std::string_view property_prefix = "property:";
constexpr std::size_t shown_bytes = 64;

void append_number(std::string& out, std::int64_t number) {
  std::array<char, 24> digits{};
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

[[noreturn]] void refuse(const std::string& what) {
  throw UsageError("the format: " + what);
}

/// The byte of an escape that begins behind a backslash at `at`, which is moved behind it.
char read_escape(std::string_view text, std::size_t& at) {
  const char c = at < text.size() ? text[at] : '\0';
  ++at;
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case '0':
      return '\0';
    case '\\':
      return '\\';
    case 'x': {
      unsigned value = 0;
      const std::string_view digits = text.substr(std::min(at, text.size()), 2);
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
      if (digits.size() != 2 || error != std::errc() || end != digits.data() + digits.size())
        refuse("\\x needs two hexadecimal digits");
      at += 2;
      return static_cast<char>(static_cast<unsigned char>(value));
    }
    default:
      refuse("a backslash is followed by one of n t r 0 \\ xNN");
  }
}

}  // namespace

struct MessageTemplate::Name {
  std::string_view name;
  Append append;
};

const MessageTemplate::Name MessageTemplate::names[] = {
    {"topic", [](std::string& out, const ReceivedMessage& message) { out += message.topic; }},
    {"broker", [](std::string& out, const ReceivedMessage& message) { out += message.broker_name; }},
    {"queue", [](std::string& out, const ReceivedMessage& message) { append_number(out, message.queue_id); }},
    {"offset",
     [](std::string& out, const ReceivedMessage& message) { append_number(out, message.queue_offset); }},
    {"tag", [](std::string& out, const ReceivedMessage& message) { out += message.tag; }},
    {"keys", [](std::string& out, const ReceivedMessage& message) { out += keys_of(message); }},
    {"id",
     [](std::string& out, const ReceivedMessage& message) {
       message.message_id.empty() ? out += offset_message_id_of(message) : out += message.message_id;
     }},
    {"placeId",
     [](std::string& out, const ReceivedMessage& message) { out += offset_message_id_of(message); }},
    {"born",
     [](std::string& out, const ReceivedMessage& message) { append_time(out, message.born_time_ms); }},
    {"stored",
     [](std::string& out, const ReceivedMessage& message) { append_time(out, message.store_time_ms); }},
    {"bornMs",
     [](std::string& out, const ReceivedMessage& message) { append_number(out, message.born_time_ms); }},
    {"storedMs",
     [](std::string& out, const ReceivedMessage& message) { append_number(out, message.store_time_ms); }},
    {"host", [](std::string& out, const ReceivedMessage& message) { out += born_host_of(message); }},
    {"retries",
     [](std::string& out, const ReceivedMessage& message) { append_number(out, message.reconsume_times); }},
    {"size", [](std::string& out,
                const ReceivedMessage&
                    message) { append_number(out, static_cast<std::int64_t>(message.body.size())); }},
    {"properties", [](std::string& out, const ReceivedMessage& message) { append_properties(out, message); }},
    {"json", [](std::string& out, const ReceivedMessage& message) { append_message_json(out, message); }},
    {"body", [](std::string& out, const ReceivedMessage& message) { out += as_text(message.body); }},
    {"base64",
     [](std::string& out, const ReceivedMessage& message) { append_base64(out, as_text(message.body)); }},
};

MessageTemplate::MessageTemplate(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at++];
    if (c == '\\') {
      end_ += read_escape(text, at);
    } else if (c != '%') {
      end_ += c;
    } else if (text.substr(at).starts_with('%')) {
      end_ += '%';
      ++at;
    } else {
      const std::size_t end = text.find('}', at);
      if (!text.substr(at).starts_with('{') || end == std::string_view::npos)
        refuse("a % is followed by {NAME} or by another %");
      add_value(text.substr(at + 1, end - at - 1));
      at = end + 1;
    }
  }
}

void MessageTemplate::add_value(std::string_view name) {
  Part part;
  part.literal = std::exchange(end_, {});
  for (const Name& each : names) {
    if (each.name == name) part.value = each.append;
  }
  if (name.starts_with(property_prefix)) part.property = name.substr(property_prefix.size());
  if (part.value == nullptr && part.property.empty()) {
    std::vector<std::string> known{std::string(property_prefix) + "NAME"};
    for (const Name& each : names)
      known.emplace_back(each.name);
    refuse("there is no %{" + printable(name, shown_bytes) + "}" + did_you_mean(name, known));
  }
  parts_.push_back(std::move(part));
}

void MessageTemplate::append(std::string& out, const ReceivedMessage& message, bool raw) const {
  thread_local std::string value;
  for (const Part& part : parts_) {
    out += part.literal;
    value.clear();
    if (part.value != nullptr) {
      part.value(raw ? out : value, message);
    } else {
      (raw ? out : value) += property_of(message, part.property).value_or(std::string_view());
    }
    if (!raw) append_visible(out, value);
  }
  out += end_;
}

}  // namespace rocketmq::rmq
