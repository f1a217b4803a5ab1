#include "wire/names.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"

namespace rocketmq::wire {

namespace {

// Source: TopicValidator's SYSTEM_TOPIC_SET.
constexpr std::array<std::string_view, 10> system_topics = {
    "TBW102",
    "SCHEDULE_TOPIC_XXXX",
    "BenchmarkTest",
    "RMQ_SYS_TRANS_HALF_TOPIC",
    "RMQ_SYS_TRACE_TOPIC",
    "RMQ_SYS_TRANS_OP_HALF_TOPIC",
    "TRANS_CHECK_MAX_TIME_TOPIC",
    "SELF_TEST_TOPIC",
    "OFFSET_MOVED_EVENT",
    "CHECKPOINT_TOPIC",
};
// Source: TopicValidator's NOT_ALLOWED_SEND_TOPIC_SET.
constexpr std::array<std::string_view, 6> unsendable_topics = {
    "SCHEDULE_TOPIC_XXXX",        "RMQ_SYS_TRANS_HALF_TOPIC", "RMQ_SYS_TRANS_OP_HALF_TOPIC",
    "TRANS_CHECK_MAX_TIME_TOPIC", "SELF_TEST_TOPIC",          "OFFSET_MOVED_EVENT",
};
constexpr std::array<std::string_view, 3> reserved_producer_groups = {
    "DEFAULT_PRODUCER",
    "CLIENT_INNER_PRODUCER",
    "SELF_TEST_P_GROUP",
};
constexpr std::array<std::string_view, 10> reserved_consumer_groups = {
    "DEFAULT_CONSUMER",      "TOOLS_CONSUMER",    "SCHEDULE_CONSUMER",  "FILTERSRV_CONSUMER",
    "__MONITOR_CONSUMER",    "SELF_TEST_C_GROUP", "CID_ONS-HTTP-PROXY", "CID_ONSAPI_OWNER",
    "CID_ONSAPI_PERMISSION", "CID_ONSAPI_PULL",
};
constexpr std::string_view system_topic_prefix = "rmq_sys_";
constexpr std::string_view system_group_prefix = "CID_RMQ_SYS_";
constexpr std::size_t shown_bytes = 150;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '%' || c == '|' ||
         c == '_' || c == '-';
}

Failure bad_name(std::string message) {
  return {Errc::invalid_name, std::move(message), std::nullopt};
}

std::string quoted(std::string_view kind, std::string_view name) {
  std::string text = "the ";
  text += kind;
  text += " '";
  text += printable(name, shown_bytes);
  text += '\'';
  return text;
}

// The character at `position` as a person would name it, UTF-8 sequences whole.
std::string character_at(std::string_view name, std::size_t position) {
  std::size_t end = position + 1;
  while (end < name.size() && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U)
    ++end;
  const std::string_view character = name.substr(position, end - position);
  if (character == " ") return "a blank";
  if (character == "\t") return "a tab";
  std::string text(1, '\'');
  text += printable(character, 8);
  text += '\'';
  return text;
}

Failure check_name(std::string_view kind, std::string_view name, std::size_t max_length) {
  if (trim(name).empty()) return bad_name("the " + std::string(kind) + " is blank; give it a name");
  const auto* const wrong = std::find_if_not(name.begin(), name.end(), is_name_character);
  if (wrong != name.end()) {
    const auto position = static_cast<std::size_t>(wrong - name.begin());
    return bad_name(quoted(kind, name) + " contains " + character_at(name, position) + " at position " +
                    std::to_string(position + 1) + "; allowed are letters, digits and % | _ -");
  }
  if (name.size() > max_length) {
    return bad_name(quoted(kind, name) + " has " + std::to_string(name.size()) +
                    " characters; allowed are at most " + std::to_string(max_length));
  }
  return {};
}

template <std::size_t count>
bool is_one_of(const std::array<std::string_view, count>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_system_topic(std::string_view topic) {
  return topic.starts_with(system_topic_prefix) || is_one_of(system_topics, topic);
}

bool is_system_group(std::string_view group) {
  return group.starts_with(system_group_prefix);
}

Failure reserved_group(std::string_view group) {
  return bad_name(quoted("group", group) + " is one that RocketMQ keeps for itself; use another name");
}

// Splits `%RETRY%rest` and `%DLQ%rest`; the prefix of other names is empty.
std::string_view special_prefix(std::string_view resource) noexcept {
  if (is_retry_topic(resource)) return retry_topic_prefix;
  if (resource.starts_with(dlq_topic_prefix)) return dlq_topic_prefix;
  return {};
}

bool has_namespace(std::string_view name_space, std::string_view bare) noexcept {
  return bare.size() > name_space.size() && bare.starts_with(name_space) &&
         bare[name_space.size()] == namespace_separator;
}

std::string join(std::string_view first, std::string_view second) {
  std::string text(first);
  text += second;
  return text;
}

}  // namespace

Failure check_topic(std::string_view topic) {
  return check_name("topic", topic,
                    special_prefix(topic).empty() ? max_topic_length : max_special_topic_length);
}

Failure check_group(std::string_view group) {
  return check_name("group", group, max_group_length);
}

Failure check_producer_group(std::string_view group) {
  if (Failure failure = check_group(group); failure.failed()) return failure;
  return is_one_of(reserved_producer_groups, group) ? reserved_group(group) : Failure{};
}

Failure check_consumer_group(std::string_view group) {
  if (Failure failure = check_group(group); failure.failed()) return failure;
  const bool reserved = is_one_of(reserved_consumer_groups, group) || is_system_group(group);
  return reserved ? reserved_group(group) : Failure{};
}

Failure check_namespace(std::string_view name_space) {
  Failure failure = check_name("namespace", name_space, max_group_length);
  if (!failure.failed() && name_space.find(namespace_separator) != std::string_view::npos) {
    return bad_name(quoted("namespace", name_space) +
                    " contains '%', which separates it from the names; leave it out");
  }
  return failure;
}

Failure check_send_topic(std::string_view topic) {
  // The broker's own code breaks off on what it did not write itself. A message in the topic of its timers
  // stops all that come later, also after a restart (seen with 5.5.0).
  if (is_one_of(unsendable_topics, topic) || topic.starts_with(system_topic_prefix)) {
    return bad_name(quoted("topic", topic) + " is RocketMQ's own; send to another one");
  }
  return check_topic(topic);
}

bool is_retry_topic(std::string_view topic) noexcept {
  return topic.starts_with(retry_topic_prefix);
}

std::string retry_topic(std::string_view group) {
  return join(retry_topic_prefix, group);
}

std::string wrap_namespace(std::string_view name_space, std::string_view resource) {
  if (name_space.empty() || resource.empty() || is_system_topic(resource) || is_system_group(resource)) {
    return std::string(resource);
  }
  const std::string_view prefix = special_prefix(resource);
  const std::string_view bare = resource.substr(prefix.size());
  if (has_namespace(name_space, bare)) return std::string(resource);
  std::string wrapped = join(prefix, name_space);
  wrapped += namespace_separator;
  wrapped += bare;
  return wrapped;
}

std::string unwrap_namespace(std::string_view name_space, std::string_view resource) {
  const std::string_view prefix = special_prefix(resource);
  const std::string_view bare = resource.substr(prefix.size());
  if (name_space.empty() || !has_namespace(name_space, bare)) return std::string(resource);
  return join(prefix, bare.substr(name_space.size() + 1));
}

}  // namespace rocketmq::wire
