#pragma once

#include <span>
#include <string_view>

#include "rocketmq/producer.h"

namespace rocketmq::client {

/// Throws Error if the configuration of a producer is wrong.
void check_producer_config(const ProducerConfig& config);

/// Throws Error if a message is empty, or longer than the configuration or a frame allows; it names the
/// index.
void check_bodies(std::span<const std::string_view> bodies, const ProducerConfig& config);

}  // namespace rocketmq::client
