#include "wire/properties.h"

#include <algorithm>
#include <iterator>

#include "wire/read_number.h"

namespace rocketmq::wire {

namespace {

bool has_separator(std::string_view text) {
  return text.find(property_name_end) != std::string_view::npos ||
         text.find(property_value_end) != std::string_view::npos;
}

constexpr std::string_view system_properties[] = {"1ST_POP_TIME",
                                                  "ARRIVE_TIME",
                                                  "BORN_TIMESTAMP",
                                                  "BUYER_ID",
                                                  "CLUSTER",
                                                  "CONSUME_START_TIME",
                                                  "CORRECTION_FLAG",
                                                  "CORRELATION_ID",
                                                  "DELAY",
                                                  "DLQ_ORIGIN_MESSAGE_ID",
                                                  "DLQ_ORIGIN_TOPIC",
                                                  "DUP_INFO",
                                                  "EXTEND_UNIQ_INFO",
                                                  "INNER_MULTI_QUEUE_OFFSET",
                                                  "INNER_NUM",
                                                  "INSTANCE_ID",
                                                  "KEYS",
                                                  "MAX_OFFSET",
                                                  "MAX_RECONSUME_TIMES",
                                                  "MIN_OFFSET",
                                                  "MQ2_FLAG",
                                                  "MSG_REGION",
                                                  "MSG_TYPE",
                                                  "ORIGIN_MESSAGE_ID",
                                                  "PGROUP",
                                                  "POP_CK",
                                                  "POP_CK_OFFSET",
                                                  "PUSH_REPLY_TIME",
                                                  "REAL_QID",
                                                  "REAL_TOPIC",
                                                  "RECONSUME_TIME",
                                                  "REPLY_TO_CLIENT",
                                                  "RETRY_TOPIC",
                                                  "TAGS",
                                                  "TIMER_DELAY_LEVEL",
                                                  "TIMER_DELAY_MS",
                                                  "TIMER_DELAY_SEC",
                                                  "TIMER_DELIVER_MS",
                                                  "TIMER_DEL_UNIQKEY",
                                                  "TIMER_DEQUEUE_MS",
                                                  "TIMER_ENQUEUE_MS",
                                                  "TIMER_OUT_MS",
                                                  "TIMER_ROLL_TIMES",
                                                  "TRACE_ON",
                                                  "TRANSFER_FLAG",
                                                  "TRAN_MSG",
                                                  "TRAN_PREPARED_QUEUE_OFFSET",
                                                  "TTL",
                                                  "UNIQ_KEY",
                                                  "WAIT",
                                                  "__BORNHOST",
                                                  "__CRC32#",
                                                  "__SHARDINGKEY"};
static_assert(std::is_sorted(std::begin(system_properties), std::end(system_properties)));

}  // namespace

bool is_system_property(std::string_view name) noexcept {
  return std::binary_search(std::begin(system_properties), std::end(system_properties), name);
}

Errc append_property(std::string& out, std::string_view name, std::string_view value) {
  if (name.empty() || has_separator(name) || has_separator(value)) return Errc::bad_properties;
  if (out.size() > max_properties_bytes || name.size() > max_properties_bytes ||
      value.size() > max_properties_bytes ||
      out.size() + name.size() + value.size() + 2 > max_properties_bytes) {
    return Errc::bad_properties;
  }
  out += name;
  out += property_name_end;
  out += value;
  out += property_value_end;
  return Errc::ok;
}

bool are_properties(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t split = text.find(property_name_end);
    const std::size_t end = text.find(property_value_end);
    if (split == 0 || split >= end || end == std::string_view::npos) return false;
    if (text.substr(split + 1, end - split).find(property_name_end) != std::string_view::npos) return false;
    text.remove_prefix(end + 1);
  }
  return true;
}

bool PropertyReader::next(std::string_view& name, std::string_view& value) noexcept {
  while (!rest_.empty()) {
    const std::size_t end = rest_.find(property_value_end);
    const std::string_view pair = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    const std::size_t split = pair.find(property_name_end);
    if (split == std::string_view::npos || split == 0) continue;
    name = pair.substr(0, split);
    value = pair.substr(split + 1);
    return true;
  }
  return false;
}

std::optional<std::string_view> find_property(std::string_view text, std::string_view name) noexcept {
  std::optional<std::string_view> found;
  PropertyReader reader(text);
  std::string_view key;
  std::string_view value;
  while (reader.next(key, value)) {
    if (key == name) found = value;
  }
  return found;
}

Errc read_property(std::string_view text, std::string_view name, std::int64_t& value) noexcept {
  const std::optional<std::string_view> found = find_property(text, name);
  if (!found) return Errc::missing_field;
  return read_number(*found, value) ? Errc::ok : Errc::bad_field;
}

}  // namespace rocketmq::wire
