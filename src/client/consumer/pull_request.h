#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "client/consumer/consumer_context.h"
#include "client/consumer/pull_pipeline.h"
#include "client/core/topic_route.h"

namespace rocketmq::client {

/// How long a broker may hold a pull.
inline constexpr std::chrono::milliseconds pull_suspend{15'000};
/// Until we give a pull up that may be held.
inline constexpr std::chrono::milliseconds held_pull_timeout{30'000};
/// Until we give a pull up that is not held, because there are messages.
inline constexpr std::chrono::milliseconds prompt_pull_timeout{5'000};
inline constexpr std::int32_t max_pull_bytes = 1 << 20;

/// Where to pull a queue from: the id and the address of its broker, or of the slave `broker_id` of that.
/// Null if no address is known. Loop.
[[nodiscard]] const BrokerAddresses::value_type* pull_server(const ConsumerContext& context,
                                                             const MessageQueue& queue,
                                                             std::int64_t broker_id = master_id);

/// Whether that is the Proxy of RocketMQ 5, which gives its own address for every broker. It loses answers if
/// several pulls of one client are under way (seen with 5.5.0). Loop.
[[nodiscard]] bool is_a_proxy(const ConsumerContext& context, const BrokerAddresses::value_type* server);

/// Asks for `pull` there. The handler gets the answer, or why there is none; never from within the call.
/// Loop.
void request_pull(const ConsumerContext& context, const AssignedQueue& queue, const PullPipeline::Pull& pull,
                  const BrokerAddresses::value_type& server, std::function<void(PullAnswer&&)> handler);

}  // namespace rocketmq::client
