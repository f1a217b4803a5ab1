#include "plugin/subscription_arguments.h"

#include <map>
#include <utility>

#include "plugin/argument_error.h"
#include "plugin/value_text.h"

namespace rocketmq::plugin {

namespace {

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

}  // namespace rocketmq::plugin
