#include "rmq/outgoing_batch.h"

#include <span>

#include "base/text.h"
#include "base/wall_clock.h"
#include "rmq/position.h"
#include "rmq/usage_error.h"
#include "rocketmq/error.h"

namespace rocketmq::rmq {

namespace {

template <class Value>
std::span<const Value> part(const std::vector<Value>& column, std::size_t first, std::size_t end) {
  return column.empty() || column.size() == 1 ? std::span(column)
                                              : std::span(column).subspan(first, end - first);
}

void read_property(const std::string& text, std::string& out) {
  const std::size_t sign = text.find('=');
  if (sign == std::string::npos)
    throw UsageError("the property '" + printable(text, 64) + "' is not NAME=VALUE");
  try {
    append_user_property(out, std::string_view(text).substr(0, sign),
                         std::string_view(text).substr(sign + 1));
  } catch (const Error& error) {
    throw UsageError(error.what());
  }
}

}  // namespace

OutgoingBatch::OutgoingBatch(const SendOptions& options, bool json)
    : json_(json), skip_empty_(options.skip_empty) {
  common_.tag = options.tag;
  common_.keys = options.keys;
  for (const std::string& property : options.properties)
    read_property(property, common_.properties);
  if (!options.order_key.empty()) common_.order_key = options.order_key;
  common_.delay_level = options.delay_level;
  if (!options.deliver_at.empty()) common_.deliver_time_ms = read_time(options.deliver_at, now_in_ms(), true);
  if (json_) return;
  // One value counts for all messages.
  if (!common_.tag.empty()) tags_.push_back(common_.tag);
  if (!common_.keys.empty()) keys_.push_back(common_.keys);
  if (!common_.properties.empty()) properties_.push_back(common_.properties);
  if (common_.order_key) order_keys_.push_back(order_key(*common_.order_key));
  if (common_.delay_level != 0) delay_levels_.push_back(common_.delay_level);
  if (common_.deliver_time_ms != 0) deliver_times_ms_.push_back(common_.deliver_time_ms);
}

void OutgoingBatch::set(const std::vector<InputLine>& lines, const std::string& file) {
  bodies_.clear();
  lines_.clear();
  if (json_) {
    tags_.clear();
    keys_.clear();
    properties_.clear();
    order_keys_.clear();
    has_order_key_.clear();
    delay_levels_.clear();
    deliver_times_ms_.clear();
    if (texts_.size() < lines.size()) texts_.resize(lines.size());  // Before anything points into it.
  }
  for (const InputLine& line : lines) {
    const std::string where = "line " + std::to_string(line.number) + " of " + file;
    if (line.text.empty() && skip_empty_) continue;
    if (line.text.empty()) {
      throw CommandError(where +
                         " is empty, and RocketMQ stores no message without a body; "
                         "--skip-empty leaves empty lines out");
    }
    if (json_) {
      try {
        add_json(line);
      } catch (const CommandError& error) {
        throw CommandError(where + ": " + error.what());
      }
    } else {
      bodies_.push_back(line.text);
    }
    lines_.push_back(line.number);
  }
}

void OutgoingBatch::add_json(const InputLine& line) {
  JsonMessage& message = texts_[bodies_.size()];
  read_json_message(line.text, message);
  if (message.body.empty()) throw CommandError("its body is empty, and RocketMQ stores no such message");
  if (message.delay_level != 0 && message.deliver_time_ms != 0)
    throw CommandError("it has a delayTimeLevel and a deliverTimestamp; give one of them");
  const auto choose = [](const std::string& own, const std::string& common) {
    return std::string_view(own.empty() ? common : own);
  };
  tags_.push_back(choose(message.tag, common_.tag));
  keys_.push_back(choose(message.keys, common_.keys));
  properties_.push_back(choose(message.properties, common_.properties));
  const auto& key = message.order_key ? message.order_key : common_.order_key;
  has_order_key_.push_back(key.has_value());
  order_keys_.push_back(key ? order_key(*key) : OrderKey{});
  const bool own_delay = message.delay_level != 0 || message.deliver_time_ms != 0;
  delay_levels_.push_back(own_delay ? message.delay_level : common_.delay_level);
  deliver_times_ms_.push_back(own_delay ? message.deliver_time_ms : common_.deliver_time_ms);
  bodies_.push_back(message.body);
}

std::size_t OutgoingBatch::run_end(std::size_t first) const {
  if (!json_) return bodies_.size();
  std::size_t end = first + 1;
  while (end < bodies_.size() && has_order_key_[end] == has_order_key_[first])
    ++end;
  return end;
}

OutgoingMessages OutgoingBatch::messages(std::size_t first, std::size_t end) const {
  OutgoingMessages messages;
  messages.bodies = std::span(bodies_).subspan(first, end - first);
  messages.tags = part(tags_, first, end);
  messages.keys = part(keys_, first, end);
  messages.properties = part(properties_, first, end);
  if (!json_ || has_order_key_[first]) messages.order_keys = part(order_keys_, first, end);
  messages.delay_levels = part(delay_levels_, first, end);
  messages.deliver_times_ms = part(deliver_times_ms_, first, end);
  return messages;
}

}  // namespace rocketmq::rmq
