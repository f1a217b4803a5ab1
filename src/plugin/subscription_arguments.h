#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plugin/arguments.h"
#include "rocketmq/consumer.h"

namespace rocketmq::plugin {

/// Reads createSubJob's topic, a STRING scalar or vector, and subExpression: a scalar for all topics, or a
/// vector with one element per topic. Throws ArgumentError.
[[nodiscard]] std::vector<Subscription> read_subscriptions(const Arguments& arguments,
                                                           std::size_t topic_index,
                                                           std::size_t expression_index);

/// The warning of an expression of tags that holds what only a condition would; nothing if there is none.
[[nodiscard]] std::optional<std::string> warn_of_condition(const std::string& expression, ExpressionType type,
                                                           const std::string& config_name);

/// The topics, e.g. for a table of start offsets.
[[nodiscard]] std::vector<std::string> topics_of(const std::vector<Subscription>& subscriptions);

}  // namespace rocketmq::plugin
