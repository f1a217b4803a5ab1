#include "rocketmq/message_fields.h"

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <utility>
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
  std::vector<std::pair<std::string_view, std::string_view>> list;
  std::unordered_map<std::string_view, std::size_t>
      places;  // A map, because a hostile sender may name thousands.
  wire::PropertyReader reader(message.properties);
  std::string_view name;
  std::string_view value;
  while (reader.next(name, value)) {
    const auto [place, is_new] = places.emplace(name, list.size());
    if (is_new) {
      list.emplace_back(name, value);
    } else {
      list[place->second].second = value;
    }
  }
  wire::JsonWriter json(out);
  json.begin_object();
  for (const auto& [key, text] : list)
    json.member(key, text);
  json.end_object();
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
