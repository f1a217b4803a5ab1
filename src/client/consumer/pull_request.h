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

/// A slave of the broker that has the queue; null if it has none. Loop.
[[nodiscard]] const BrokerAddresses::value_type* pull_slave(const ConsumerContext& context,
                                                            const MessageQueue& queue);

/// Whether that is the Proxy of RocketMQ 5, which gives its own address for every broker. It loses answers if
/// several pulls of one client are under way (seen with 5.5.0). Loop.
[[nodiscard]] bool is_a_proxy(const ConsumerContext& context, const BrokerAddresses::value_type* server);

/// Asks for `pull` there; a null pointer is no address. The handler gets the answer, or why there is none;
/// never from within the call. Loop.
void request_pull(const ConsumerContext& context, const AssignedQueue& queue, const PullPipeline::Pull& pull,
                  const BrokerAddresses::value_type* server, std::function<void(PullAnswer&&)> handler);

/// The offsets that a queue has: [first, end).
struct QueueEnds {
  std::int64_t first = 0;
  std::int64_t end = 0;
};
/// The ends of a queue, as the reply to a pull names them. Access control 2.0 counts the questions for them
/// as GET, a right that those who pull need not have. `what` names the question in errors. As request_pull.
void query_ends_by_pull(const ConsumerContext& context, const AssignedQueue& queue,
                        const BrokerAddresses::value_type& server, const std::string& what,
                        std::function<void(const Failure&, const QueueEnds&)> handler);

}  // namespace rocketmq::client
