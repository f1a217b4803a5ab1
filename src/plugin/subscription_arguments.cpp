#include "plugin/subscription_arguments.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "plugin/argument_error.h"
#include "plugin/value_text.h"

namespace rocketmq::plugin {

namespace {

bool is_sql_word(std::string_view word) {
  constexpr std::array<std::string_view, 7> words{"AND", "OR", "NOT", "IN", "IS", "BETWEEN", "LIKE"};
  const auto same = [](char a, char b) { return a == (b >= 'a' && b <= 'z' ? b - 'a' + 'A' : b); };
  return std::any_of(words.begin(), words.end(), [&](std::string_view sql) {
    return std::equal(sql.begin(), sql.end(), word.begin(), word.end(), same);
  });
}

/// Whether an expression of tags holds what only a condition would: a comparison, or SQL's words among
/// others.
bool looks_like_sql(std::string_view expression) {
  if (expression.find_first_of("=<>") != std::string_view::npos) return true;
  std::size_t words = 0;  // Of the present tag.
  bool sql = false;
  while (true) {
    const std::size_t begin = expression.find_first_not_of(" \t\n\r()");
    if (begin == std::string_view::npos) return false;
    expression.remove_prefix(begin);
    if (expression.starts_with("||")) {
      expression.remove_prefix(2);
      words = 0;
      sql = false;
      continue;
    }
    const std::size_t end = std::min(expression.find_first_of(" \t\n\r()"), expression.find("||"));
    ++words;
    sql = sql || is_sql_word(expression.substr(0, end));
    if (sql && words > 1) return true;
    expression.remove_prefix(std::min(end, expression.size()));
  }
}

/// Each is looked for, divided and named in every heartbeat.
constexpr int max_topics = 256;

/// The elements; NULL is "".
std::vector<std::string> read_texts(const ConstantSP& value, const char* name) {
  if (!is_text_type(value) || !(value->isScalar() || value->isVector())) {
    throw ArgumentError(std::string(name) +
                        " must be a STRING scalar or vector; given: " + describe_value(value) + ".");
  }
  std::vector<std::string> texts;
  for (INDEX i = 0; i < value->size(); ++i) {
    const ConstantSP element = value->isScalar() ? value : value->get(i);
    texts.push_back(element->isNull() ? std::string() : element->getString());
  }
  return texts;
}

}  // namespace

std::vector<Subscription> read_subscriptions(const Arguments& arguments, std::size_t topic_index,
                                             std::size_t expression_index) {
  const ConstantSP& topic = arguments.value(topic_index, "topic");
  if (topic->isScalar()) {
    return {
        {arguments.text(topic_index, "topic"), arguments.text_or(expression_index, "subExpression", "*")}};
  }
  std::vector<Subscription> subscriptions;
  std::map<std::string, std::size_t> known;
  for (std::string& name : read_texts(topic, "topic")) {
    const std::size_t index = subscriptions.size();
    if (name.empty()) throw ArgumentError("topic: element " + std::to_string(index) + " is empty.");
    const auto [first, is_new] = known.try_emplace(name, index);
    if (!is_new) {
      throw ArgumentError("topic: " + in_quotes(name) + " stands there twice, as elements " +
                          std::to_string(first->second) + " and " + std::to_string(index) + ".");
    }
    subscriptions.push_back({std::move(name), "*"});
  }
  if (subscriptions.empty() || subscriptions.size() > max_topics) {
    throw ArgumentError("topic must be a STRING scalar or a vector of 1 to " + std::to_string(max_topics) +
                        " elements; given: " + describe_type(topic) + ".");
  }
  if (!arguments.given(expression_index)) return subscriptions;
  const ConstantSP& expression = arguments.value(expression_index, "subExpression");
  const std::vector<std::string> texts = read_texts(expression, "subExpression");
  if (expression->isVector() && texts.size() != subscriptions.size()) {
    throw ArgumentError("subExpression must be a STRING scalar, or have one element per topic, " +
                        std::to_string(subscriptions.size()) + "; given: " + describe_type(expression) + ".");
  }
  for (std::size_t i = 0; i < subscriptions.size(); ++i) {
    const std::string& text = texts[expression->isVector() ? i : 0];
    if (!text.empty()) subscriptions[i].sub_expression = text;
  }
  return subscriptions;
}

std::vector<std::string> topics_of(const std::vector<Subscription>& subscriptions) {
  std::vector<std::string> topics;
  topics.reserve(subscriptions.size());
  for (const Subscription& subscription : subscriptions)
    topics.push_back(subscription.topic);
  return topics;
}

std::optional<std::string> warn_of_condition(const std::string& expression, ExpressionType type,
                                             const std::string& config_name) {
  if (type != ExpressionType::tag || !looks_like_sql(expression)) return std::nullopt;
  return "subExpression " + in_quotes(expression) +
         " looks like an SQL92 condition, but is read as tags: only messages with exactly such a tag are "
         "received. A condition needs expressionType=\"SQL92\" in " +
         config_name;
}

}  // namespace rocketmq::plugin
