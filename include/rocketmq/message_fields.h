#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rocketmq/consumer.h"

namespace rocketmq {

/// What a received message holds beyond the members of ReceivedMessage. It is read when somebody asks for it,
/// because most consumers never do.

/// The value of a property; the last one if the name is repeated, as Java's maps have it.
[[nodiscard]] std::optional<std::string_view> property_of(const ReceivedMessage& message,
                                                          std::string_view name) noexcept;

/// The KEYS property, joined by blanks; empty if there is none.
[[nodiscard]] std::string_view keys_of(const ReceivedMessage& message) noexcept;

/// A property, as views into the message's.
struct MessageProperty {
  std::string_view name;
  std::string_view value;
};
/// Takes the first property off `rest`, which begins as ReceivedMessage::properties. False at the end.
[[nodiscard]] bool next_property(std::string_view& rest, MessageProperty& property) noexcept;
/// Whether it is RocketMQ's own, such as TAGS; users give no such names.
[[nodiscard]] bool is_system(const MessageProperty& property) noexcept;

/// Appends all properties as a JSON object, in the order in which they are stored. A repeated name stands
/// where it is first and has its last value.
void append_properties_json(std::string& out, const ReceivedMessage& message);

/// The id that the message has by its place in the store. It is what Java's getMsgId() gives for a message
/// without UNIQ_KEY.
[[nodiscard]] std::string offset_message_id_of(const ReceivedMessage& message);

/// The sender's IP address as Java's getBornHostString() writes it; without the port.
[[nodiscard]] std::string born_host_of(const ReceivedMessage& message);

}  // namespace rocketmq
