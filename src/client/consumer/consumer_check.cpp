#include "client/consumer/consumer_check.h"

#include <string>

#include "wire/names.h"

namespace rocketmq::client {

Failure check_consumer_config(const ConsumerConfig& config, std::int64_t version,
                              wire::SubscriptionData& subscription) {
  if (Failure failure = wire::check_group(config.group); failure.failed()) return failure;
  if (Failure failure = wire::check_topic(config.topic); failure.failed()) return failure;
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
  return config.expression_type == ExpressionType::tag
             ? wire::parse_tag_expression(config.topic, config.sub_expression, version, subscription)
             : wire::make_sql92_subscription(config.topic, config.sub_expression, version, subscription);
}

}  // namespace rocketmq::client
