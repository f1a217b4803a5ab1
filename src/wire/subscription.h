#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rocketmq/error.h"

namespace rocketmq::wire {

/// What a group wants of a topic. Source: org.apache.rocketmq.remoting.protocol.heartbeat.SubscriptionData.
struct SubscriptionData {
  std::string topic;
  std::string sub_string = "*";         ///< The expression as the user wrote it; "*" is everything.
  std::vector<std::string> tags_set;    ///< Empty for "*" and for SQL92.
  std::vector<std::int32_t> code_set;   ///< java_string_hash of each tag; what brokers filter by.
  std::int64_t sub_version = 0;         ///< Grows with each change; usually the time in milliseconds.
  std::string expression_type = "TAG";  ///< "TAG" or "SQL92".
  bool class_filter_mode = false;

  /// Whether a message with this tag is wanted. Brokers compare hash codes only, so a client must ask again.
  /// Always true for "*" and for SQL92: the broker has decided.
  [[nodiscard]] bool matches(std::string_view tag) const noexcept;

  /// Whether every message is wanted, so that a gap in the offsets means messages that are gone.
  [[nodiscard]] bool is_everything() const noexcept {
    return expression_type == "TAG" && tags_set.empty() && !class_filter_mode;
  }

  static void visit_fields(auto& self, auto& fields) {
    fields.optional("classFilterMode", self.class_filter_mode)
        .optional("codeSet", self.code_set)
        .optional("expressionType", self.expression_type)
        .optional("subString", self.sub_string)
        .optional("subVersion", self.sub_version)
        .optional("tagsSet", self.tags_set)
        .required("topic", self.topic);
  }
  bool operator==(const SubscriptionData&) const = default;
};

/// Topic and expression for people, e.g. "topic 't', expression 'a || b'".
[[nodiscard]] std::string to_string(const SubscriptionData& subscription);

/// The same of several, joined by "and".
[[nodiscard]] std::string to_string(std::span<const SubscriptionData> subscriptions);

/// Whether both want the same messages: of tags the order and the blanks between them do not matter.
[[nodiscard]] bool wants_the_same(const SubscriptionData& a, const SubscriptionData& b);
/// The same of several, in any order; no topic comes twice in one of them.
[[nodiscard]] bool wants_the_same(std::span<const SubscriptionData> a, std::span<const SubscriptionData> b);

/// Reads a tag expression: empty or "*" is everything, otherwise tags separated by "||". Fails with
/// invalid_argument if no tag is left (e.g. "||"); `out` is then untouched.
[[nodiscard]] Failure parse_tag_expression(std::string_view topic, std::string_view expression,
                                           std::int64_t version, SubscriptionData& out);

/// A subscription whose SQL92 condition the broker evaluates. Fails with invalid_argument if it is blank.
[[nodiscard]] Failure make_sql92_subscription(std::string_view topic, std::string_view expression,
                                              std::int64_t version, SubscriptionData& out);

/// Fails with invalid_argument if no tag expression could ever ask for messages with this tag: "*" asks
/// for everything, "||" separates tags, and blanks around a tag do not count. An empty tag is none.
[[nodiscard]] Failure check_tag(std::string_view tag);

}  // namespace rocketmq::wire
