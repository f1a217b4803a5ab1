#include "rocketmq/message_fields.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <unordered_map>
#include <vector>

#include "wire/host_address.h"
#include "wire/json_writer.h"
#include "wire/message_id.h"
#include "wire/properties.h"
#include "wire/stored_message.h"

namespace rocketmq {

namespace {

/// The body's checksum was compared when the message was decoded.
wire::StoredMessageView read_stored(const ReceivedMessage& message) noexcept {
  wire::StoredMessageReader reader(message.stored, wire::CrcCheck::skip);
  wire::StoredMessageView view;
  bool found = false;
  if (reader.next(view, found) != Errc::ok || !found) return {};
  return view;
}

void append_json_object(std::string& out, std::span<const MessageProperty> properties) {
  wire::JsonWriter json(out);
  json.begin_object();
  for (const MessageProperty& property : properties)
    json.member(property.name, property.value);
  json.end_object();
}

void append_many_properties_json(std::string& out, const ReceivedMessage& message) {
  std::vector<MessageProperty> list;
  std::unordered_map<std::string_view, std::size_t> places;
  std::string_view rest = message.properties;
  for (MessageProperty property; next_property(rest, property);) {
    const auto [place, is_new] = places.emplace(property.name, list.size());
    if (is_new) {
      list.push_back(property);
    } else {
      list[place->second].value = property.value;
    }
  }
  append_json_object(out, list);
}

}  // namespace

std::optional<std::string_view> property_of(const ReceivedMessage& message, std::string_view name) noexcept {
  return wire::find_property(message.properties, name);
}

std::string_view keys_of(const ReceivedMessage& message) noexcept {
  return property_of(message, wire::property::keys).value_or(std::string_view());
}

bool next_property(std::string_view& rest, MessageProperty& property) noexcept {
  wire::PropertyReader reader(rest);
  if (!reader.next(property.name, property.value)) return false;
  const auto used = static_cast<std::size_t>(property.value.data() + property.value.size() - rest.data());
  rest.remove_prefix(std::min(used + 1, rest.size()));  // Also what ends the value.
  return true;
}

bool is_system(const MessageProperty& property) noexcept {
  return wire::is_system_property(property.name);
}

void append_properties_json(std::string& out, const ReceivedMessage& message) {
  // Few names are compared with each other. A map is for a hostile sender, who may give thousands.
  constexpr std::size_t few = 32;
  std::array<MessageProperty, few> list;
  std::size_t size = 0;
  std::string_view rest = message.properties;
  for (MessageProperty property; next_property(rest, property);) {
    const auto end = list.begin() + static_cast<std::ptrdiff_t>(size);
    const auto same = std::find_if(
        list.begin(), end, [&property](const MessageProperty& other) { return other.name == property.name; });
    if (same != end) {
      same->value = property.value;
    } else if (size == few) {
      return append_many_properties_json(out, message);
    } else {
      list[size++] = property;
    }
  }
  append_json_object(out, std::span(list).first(size));
}

std::string offset_message_id_of(const ReceivedMessage& message) {
  const wire::StoredMessageView stored = read_stored(message);
  if (stored.store_host.ip.empty()) return {};
  return wire::encode_offset_message_id(stored.store_host, stored.physical_offset);
}

std::string born_host_of(const ReceivedMessage& message) {
  return wire::java_ip_text(read_stored(message).born_host.ip);
}

}  // namespace rocketmq
