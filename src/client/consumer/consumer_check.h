#pragma once

#include <cstdint>
#include <vector>

#include "rocketmq/consumer.h"
#include "rocketmq/error.h"
#include "wire/subscription.h"

namespace rocketmq::client {

/// Checks what a user configured and reads the subscription expressions; `version` becomes that of the
/// subscriptions. Fails with invalid_argument or invalid_name and a text that names the setting, its value
/// and what is allowed. Pure. The client's own settings are checked by ClientCore::create.
[[nodiscard]] Failure check_consumer_config(const ConsumerConfig& config, std::int64_t version,
                                            std::vector<wire::SubscriptionData>& subscriptions);

}  // namespace rocketmq::client
