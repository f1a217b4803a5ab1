#include "wire/subscription.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "base/text.h"
#include "wire/java_hash.h"

namespace rocketmq::wire {

bool SubscriptionData::matches(std::string_view tag) const noexcept {
  return tags_set.empty() || std::find(tags_set.begin(), tags_set.end(), tag) != tags_set.end();
}

std::string to_string(const SubscriptionData& subscription) {
  std::string text = "topic '" + printable(subscription.topic, 200) + "', ";
  if (subscription.expression_type != "TAG") text += printable(subscription.expression_type, 20) + ' ';
  return text + "expression '" + printable(subscription.sub_string, 200) + "'";
}

bool wants_the_same(const SubscriptionData& a, const SubscriptionData& b) {
  if (a.topic != b.topic || a.expression_type != b.expression_type ||
      a.class_filter_mode != b.class_filter_mode) {
    return false;
  }
  if (a.expression_type != "TAG") return trim(a.sub_string) == trim(b.sub_string);
  return std::set<std::string>(a.tags_set.begin(), a.tags_set.end()) ==
         std::set<std::string>(b.tags_set.begin(), b.tags_set.end());
}

std::string to_string(std::span<const SubscriptionData> subscriptions) {
  std::string text;
  for (const SubscriptionData& subscription : subscriptions)
    text += (text.empty() ? "" : " and ") + to_string(subscription);
  return text;
}

bool wants_the_same(std::span<const SubscriptionData> a, std::span<const SubscriptionData> b) {
  return a.size() == b.size() && std::all_of(a.begin(), a.end(), [b](const SubscriptionData& wanted) {
           return std::any_of(b.begin(), b.end(), [&wanted](const SubscriptionData& other) {
             return wants_the_same(wanted, other);
           });
         });
}

Failure parse_tag_expression(std::string_view topic, std::string_view expression, std::int64_t version,
                             SubscriptionData& out) {
  SubscriptionData subscription;
  subscription.topic = topic;
  subscription.sub_version = version;
  const std::string_view trimmed = trim(expression);
  if (!trimmed.empty() && trimmed != "*") {
    subscription.sub_string = expression;
    std::string_view rest = expression;
    for (bool more = true; more;) {
      const std::size_t bar = rest.find("||");
      const std::string_view tag = trim(rest.substr(0, bar));
      more = bar != std::string_view::npos;
      if (more) rest.remove_prefix(bar + 2);
      if (tag.empty() || (!subscription.tags_set.empty() && subscription.matches(tag))) continue;
      subscription.tags_set.emplace_back(tag);
      const std::int32_t code = java_string_hash(tag);
      if (std::find(subscription.code_set.begin(), subscription.code_set.end(), code) ==
          subscription.code_set.end()) {
        subscription.code_set.push_back(code);
      }
    }
    if (subscription.tags_set.empty()) {
      return {Errc::invalid_argument,
              "the subscription expression '" + printable(expression, 200) +
                  "' holds no tag; give \"*\", a tag, or tags separated by \"||\"",
              std::nullopt};
    }
  }
  out = std::move(subscription);
  return {};
}

Failure check_tag(std::string_view tag) {
  if (tag != "*" && tag.find("||") == std::string_view::npos && trim(tag).size() == tag.size()) return {};
  return {Errc::invalid_argument,
          "no consumer could subscribe to the tag '" + printable(tag, 200) +
              "': in a subscription \"*\" means everything, \"||\" separates tags, and blanks around a tag "
              "do not "
              "count; give one tag without them",
          std::nullopt};
}

Failure make_sql92_subscription(std::string_view topic, std::string_view expression, std::int64_t version,
                                SubscriptionData& out) {
  if (trim(expression).empty()) {
    return {Errc::invalid_argument, "the SQL92 expression is blank; give a condition on properties",
            std::nullopt};
  }
  SubscriptionData subscription;
  subscription.topic = topic;
  subscription.sub_string = expression;
  subscription.sub_version = version;
  subscription.expression_type = "SQL92";
  out = std::move(subscription);
  return {};
}

}  // namespace rocketmq::wire
