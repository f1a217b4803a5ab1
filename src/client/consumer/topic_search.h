#pragma once

#include <chrono>
#include <string>

#include "client/consumer/consumer_context.h"
#include "client/core/topic_route.h"
#include "transport/loop_timer.h"

namespace rocketmq::client {

/// Looks again and again for topics that have no queues for us: because they do not exist yet, because no
/// broker lets us read them, or because a slave stands in for its master. All functions: loop.
class TopicSearch {
 public:
  static constexpr std::chrono::milliseconds interval{700};

  explicit TopicSearch(ConsumerContext& context) : context_(context), timer_(context.core->loop()) {}

  void start() { look(); }
  void stop();
  void look_for(const std::string& topic);

 private:
  void look();
  void check_readable(const TopicRoute& route);

  ConsumerContext& context_;
  transport::LoopTimer timer_;
  bool stopped_ = false;
};

}  // namespace rocketmq::client
