#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reference/broker_address.h"

namespace rocketmq::bench {

/// What all works of the reference are told.
struct Target {
  std::vector<BrokerAddress> brokers;
  std::string topic;
  std::int32_t queues = 8;  ///< On each broker.
};

/// A queue of the topic and the broker that has it.
struct QueueTarget {
  BrokerAddress broker;
  std::int32_t queue_id = 0;
};

/// All queues, those of one broker after those of another.
[[nodiscard]] inline std::vector<QueueTarget> queues_of(const Target& target) {
  std::vector<QueueTarget> queues;
  for (const BrokerAddress& broker : target.brokers) {
    for (std::int32_t id = 0; id < target.queues; ++id)
      queues.push_back({broker, id});
  }
  return queues;
}

}  // namespace rocketmq::bench
