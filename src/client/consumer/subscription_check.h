#pragma once

#include <chrono>

#include "client/consumer/consumer_context.h"

namespace rocketmq::client {

/// Asks a broker for each topic whether the group may have its subscription: a condition that the broker
/// cannot read would otherwise show only as a consumer that receives nothing. So would a wrong key if the
/// topic does not exist yet, since no broker is asked for it then.
///
/// Blocks until a broker has answered, at most until `deadline`. Without an answer there is no objection,
/// because pulls are refused with the same words later. Throws Error if there is one.
void check_subscriptions(const ConsumerContext& context, std::chrono::steady_clock::time_point deadline);

}  // namespace rocketmq::client
