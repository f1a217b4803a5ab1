#include "client/producer/message_properties.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "rocketmq/error.h"
#include "wire/java_hash.h"
#include "wire/properties.h"
#include "wire/subscription.h"

namespace rocketmq {

namespace {

constexpr std::size_t shown_bytes = 64;

}  // namespace

OrderKey order_key(std::string_view text) noexcept {
  return {text, wire::java_string_hash(text)};
}

void append_user_property(std::string& out, std::string_view name, std::string_view value) {
  const std::string shown = "the property '" + printable(name, shown_bytes) + "'";
  if (trim(name).empty() || trim(value).empty())
    throw Error(Errc::invalid_argument, shown + " needs a name and a value that are not blank");
  if (wire::is_system_property(name))
    throw Error(Errc::invalid_argument, shown + " is one of RocketMQ's own; choose another name");
  if (wire::append_property(out, name, value) != Errc::ok) {
    throw Error(Errc::invalid_argument, shown + " is too long (a message's properties may have " +
                                            std::to_string(wire::max_properties_bytes) +
                                            " bytes in all) or holds the bytes 1 or 2, which end properties");
  }
}

namespace client {

namespace {

constexpr int max_delay_level = 18;

[[noreturn]] void refuse(const std::string& text) {
  throw Error(Errc::invalid_argument, text);
}

}  // namespace

MessageProperties::MessageProperties(const OutgoingMessages& messages, std::size_t reserved_bytes)
    : messages_(messages), reserved_bytes_(reserved_bytes) {
  (void)wire::append_property(shared_, wire::property::wait_store_ok, "true");
  add({.label = "the tag", .name = wire::property::tags, .texts = messages.tags});
  add({.label = "the keys", .name = wire::property::keys, .texts = messages.keys});
  add({.label = "the order key", .name = wire::property::sharding_key, .order_keys = messages.order_keys});
  add({.label = "the delay level", .name = wire::property::delay_level, .levels = messages.delay_levels});
  add({.label = "the delivery time",
       .name = wire::property::deliver_time_ms,
       .times = messages.deliver_times_ms});
  add({.label = "the properties", .name = {}, .texts = messages.properties});
  find_alone();
  measure();
}

std::string_view MessageProperties::value_of(const Column& column, std::size_t index, Digits& digits) {
  if (!column.texts.empty()) return column.texts[index];
  if (!column.order_keys.empty()) return column.order_keys[index].text;
  const std::int64_t number = column.levels.empty() ? column.times[index] : column.levels[index];
  if (number == 0) return {};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return {digits.data(), end};
}

void MessageProperties::check(const Column& column, std::size_t index, std::string_view value) {
  if (value.empty()) return;
  const auto where = [&] {
    const std::string place = column.size() == 1 ? "" : " at index " + std::to_string(index);
    return std::string(column.label) + place + ": ";
  };
  if (column.name.empty()) {
    if (wire::are_properties(value)) return;
    refuse(where() + "'" + printable(value, shown_bytes) + "' was not written by append_user_property");
  }
  if (!column.levels.empty() && (column.levels[index] < 1 || column.levels[index] > max_delay_level)) {
    refuse(where() + "a level is from 1 to " + std::to_string(max_delay_level) + ", not " +
           std::string(value));
  }
  if (!column.times.empty() && column.times[index] < 0) refuse(where() + "a time before 1970");
  if (value.find(wire::property_name_end) != std::string_view::npos ||
      value.find(wire::property_value_end) != std::string_view::npos) {
    refuse(where() + "'" + printable(value, shown_bytes) + "' holds the bytes 1 or 2, which end properties");
  }
  if (column.name != wire::property::tags) return;
  if (const Failure failure = wire::check_tag(value); failure.failed()) refuse(where() + failure.message);
}

void MessageProperties::add(const Column& column) {
  const std::size_t size = column.size();
  const std::size_t messages = messages_.bodies.size();
  if (size == 0) return;
  if (size != 1 && size != messages) {
    refuse(std::string(column.label) + ": " + std::to_string(size) + " values for " +
           std::to_string(messages) + " messages; give one for all, or one a message");
  }
  Digits digits;
  for (std::size_t i = 0; i < size; ++i)
    check(column, i, value_of(column, i, digits));
  if (size != 1) {
    own_.push_back(column);
    return;
  }
  const std::string_view value = value_of(column, 0, digits);
  if (value.empty()) return;
  if (!column.name.empty()) (shared_ += column.name) += wire::property_name_end;
  shared_ += value;
  if (!column.name.empty()) shared_ += wire::property_value_end;
}

void MessageProperties::measure() {
  std::size_t longest = 0;
  std::size_t longest_at = 0;
  if (!own_.empty()) own_bytes_.resize(messages_.bodies.size());
  const std::size_t for_all = reserved_bytes_ + shared_.size();
  for (std::size_t i = 0; i < own_bytes_.size(); ++i) {
    std::size_t bytes = 0;
    Digits digits;
    for (const Column& column : own_) {
      const std::string_view value = value_of(column, i, digits);
      if (!value.empty()) bytes += value.size() + (column.name.empty() ? 0 : column.name.size() + 2);
    }
    if (bytes > longest) longest_at = i;
    longest = std::max(longest, bytes);
    own_bytes_[i] = static_cast<std::uint16_t>(std::min<std::size_t>(bytes, wire::max_properties_bytes));
  }
  if (for_all + longest <= wire::max_properties_bytes) return;
  refuse("message " + std::to_string(longest_at) + ": its properties have " +
         std::to_string(for_all + longest) + " bytes, and a message's may have " +
         std::to_string(wire::max_properties_bytes));
}

void MessageProperties::append_own(std::string& out, std::size_t message) const {
  Digits digits;
  for (const Column& column : own_) {
    const std::string_view value = value_of(column, message, digits);
    if (value.empty()) continue;
    if (!column.name.empty()) (out += column.name) += wire::property_name_end;
    out += value;
    if (!column.name.empty()) out += wire::property_value_end;
  }
}

void MessageProperties::find_alone() {
  const auto at = [](const auto& column, std::size_t message) -> std::int64_t {
    if (column.empty()) return 0;
    return column.size() == 1 ? column[0] : column[message];
  };
  if (messages_.delay_levels.empty() && messages_.deliver_times_ms.empty()) return;
  alone_.resize(messages_.bodies.size());
  for (std::size_t i = 0; i < alone_.size(); ++i) {
    const bool delayed = at(messages_.delay_levels, i) != 0;
    const bool timed = at(messages_.deliver_times_ms, i) != 0;
    if (delayed && timed) {
      refuse("message " + std::to_string(i) + " has a delay level and a delivery time; give it one of them");
    }
    alone_[i] = delayed || timed ? 1 : 0;
    needs_timers_ = needs_timers_ || timed;
  }
  all_alone_ = std::all_of(alone_.begin(), alone_.end(), [](std::uint8_t alone) { return alone != 0; });
}

}  // namespace client

}  // namespace rocketmq
