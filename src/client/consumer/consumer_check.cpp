#include "client/consumer/consumer_check.h"

#include <set>
#include <string>
#include <string_view>

#include "wire/names.h"

namespace rocketmq::client {

namespace {

Failure read(const ConsumerConfig& config, std::int64_t version,
             std::vector<wire::SubscriptionData>& subscriptions) {
  if (config.subscriptions.empty()) return {Errc::invalid_argument, "there is no topic to subscribe to", {}};
  std::set<std::string_view> topics;
  for (const auto& [topic, expression] : config.subscriptions) {
    if (Failure failure = wire::check_topic(topic); failure.failed()) return failure;
    if (!topics.insert(topic).second)
      return {Errc::invalid_argument, "topic '" + topic + "' is subscribed to twice", {}};
    wire::SubscriptionData& subscription = subscriptions.emplace_back();
    Failure failure = config.expression_type == ExpressionType::tag
                          ? wire::parse_tag_expression(topic, expression, version, subscription)
                          : wire::make_sql92_subscription(topic, expression, version, subscription);
    if (failure.failed()) return failure;
  }
  return {};
}

}  // namespace

Failure check_consumer_config(const ConsumerConfig& config, std::int64_t version,
                              std::vector<wire::SubscriptionData>& subscriptions) {
  if (Failure failure = wire::check_group(config.group); failure.failed()) return failure;
  if (config.max_reconsume_times && *config.max_reconsume_times <= 0) {
    return {Errc::invalid_argument,
            "max_reconsume_times is " + std::to_string(*config.max_reconsume_times) + ", but must be > 0",
            {}};
  }
  if (config.max_cached_messages == 0) {
    return {Errc::invalid_argument, "max_cached_messages is 0, but must be > 0", {}};
  }
  if (config.max_cached_bytes == 0) {
    return {Errc::invalid_argument, "max_cached_bytes is 0, but must be > 0", {}};
  }
  if (config.message_model == MessageModel::broadcasting && config.offset_directory.empty()) {
    return {Errc::invalid_argument, "broadcasting needs an offset_directory to keep its progress in", {}};
  }
  if (config.message_model == MessageModel::broadcasting && config.max_reconsume_times) {
    return {
        Errc::invalid_argument,
        "max_reconsume_times has no effect with broadcasting: brokers take no message back from a consumer "
        "that gets everything; leave it out",
        {}};
  }
  if (config.poll_threads <= 0) {
    return {Errc::invalid_argument,
            "poll_threads is " + std::to_string(config.poll_threads) + ", but must be > 0",
            {}};
  }
  return read(config, version, subscriptions);
}

}  // namespace rocketmq::client
