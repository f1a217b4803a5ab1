#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "reference/queue_target.h"

namespace rocketmq::bench {

struct PullWork {
  Target target;
  std::string group;
  std::size_t messages = 0;   ///< Of the backlog, over all queues: so many must be there.
  std::size_t warmup = 0;     ///< So many are pulled before the measured span begins.
  std::size_t in_flight = 1;  ///< Pulls a queue.
};

/// Pulls a backlog; a connection a queue, one thread; messages are counted and dropped.
void pull_backlog(const PullWork& work);

}  // namespace rocketmq::bench
