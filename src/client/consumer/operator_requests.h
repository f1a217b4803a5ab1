#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "client/consumer/consumer_context.h"
#include "client/consumer/pull_loop.h"
#include "rocketmq/errc.h"
#include "wire/consumer_status.h"
#include "wire/frame.h"
#include "wire/reset_offset.h"
#include "wire/subscription.h"

namespace rocketmq::client {

/// What brokers ask of a consumer, mostly for an operator: to look at the group's members again, to move its
/// offsets, and how it fares. As RocketMQ's own clients do, it tells the averages of the last minute and the
/// failures of the last hour (`mqadmin consumerStatus`). All functions: loop.
class OperatorRequests {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  /// How often the counts are remembered.
  static constexpr std::chrono::seconds sample_interval{10};

  struct Consumer {
    const PullLoops& loops;  ///< Of the queues that it has at present.
    int poll_threads = 1;
    std::function<void()> on_members_changed;  ///< Loop.
  };

  OperatorRequests(ConsumerContext& context, Consumer consumer, TimePoint start = TimePoint::clock::now())
      : context_(context), consumer_(std::move(consumer)), samples_{sample(start)} {}

  /// What touches the consumer's state is posted, and so runs later.
  void answer(const std::string& address, wire::ReceivedCommand&& request,
              const transport::Responder& respond);

  /// To be called every second or so.
  void remember_counts(TimePoint now);
  /// What the consumer achieves in one of the context's topics.
  [[nodiscard]] wire::ConsumeStatus achieved_in(std::size_t topic, TimePoint now) const;

 private:
  struct Sample {
    TimePoint at;
    std::vector<ConsumeCounts> counts;  // Of the context's topics.
  };
  [[nodiscard]] Sample sample(TimePoint now) const;
  [[nodiscard]] const Sample& sample_of(TimePoint time) const;
  [[nodiscard]] bool refuses(Errc error, const std::string& group, const transport::Responder& respond);
  void reset_offsets(const std::string& address, const wire::ResetOffsetBody& body);
  [[nodiscard]] transport::Response status(const wire::GetConsumerStatusRequest& request) const;
  [[nodiscard]] transport::Response running_info(const wire::GetConsumerRunningInfoRequest& request) const;

  ConsumerContext& context_;
  const Consumer consumer_;
  std::deque<Sample> samples_;  // Of the last hour, the oldest first.
  const std::chrono::system_clock::time_point start_time_ = std::chrono::system_clock::now();
};

}  // namespace rocketmq::client
