#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "wire/message_queue.h"

namespace rocketmq::client {

using wire::MessageQueue;

/// Reorders queues so that neighbours belong to different brokers as far as possible: taken in turn, they
/// spread the load over all brokers from the first message on.
[[nodiscard]] std::vector<MessageQueue> interleave_brokers(const std::vector<MessageQueue>& queues);

/// Chooses the queues of sends: all of them in turn, each topic with a turn of its own; brokers that just
/// failed are left out for a while, unless nothing else is left. Pure: the time comes from the caller.
class QueueSelector {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Busy = std::function<bool(const MessageQueue&)>;

  /// How long a broker is left out after a failure. Short, because one request finds out.
  static constexpr std::chrono::seconds avoid_time{3};

  /// `first_turn` shifts where the turns begin, so that many producers do not all start with the same queue.
  explicit QueueSelector(std::size_t first_turn) : first_turn_(first_turn) {}

  /// Up to `count` different queues of `queues`, which must be those of one topic. Queues that `busy` names
  /// come after idle ones, those of avoided brokers come last. Never empty if `queues` is not.
  [[nodiscard]] std::vector<MessageQueue> choose(const std::vector<MessageQueue>& queues, std::size_t count,
                                                 TimePoint now, const Busy& busy);

  void avoid(const std::string& broker_name, TimePoint now);
  /// To be called when the broker answered.
  void accept(const std::string& broker_name) { avoided_.erase(broker_name); }
  [[nodiscard]] bool is_avoided(const std::string& broker_name, TimePoint now) const;

 private:
  std::size_t first_turn_;
  std::map<std::string, std::size_t> turns_;  // By topic.
  std::map<std::string, TimePoint> avoided_;  // Broker name -> until when.
};

}  // namespace rocketmq::client
