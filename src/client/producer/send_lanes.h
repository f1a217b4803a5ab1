#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "wire/message_queue.h"

namespace rocketmq::client {

using wire::MessageQueue;

/// Which slice of a send goes to which queue, and when. Keeps the promise that within a queue the order of
/// storage is the order of the vector, also if a slice has to move because its broker failed: a slice goes
/// only to a queue that has not been given anything later.
///
/// A lane is a queue with the slices that go there, in order; only the first one of them, the lane's head,
/// may send. Pure.
class SendLanes {
 public:
  /// Slice i starts in `queues[i]`. With `gate_last` the last slice begins after the first one has ended, so
  /// that until then there is a queue where even the first slice could move to.
  SendLanes(const std::vector<MessageQueue>& queues, bool gate_last);

  [[nodiscard]] const MessageQueue& queue_of(std::size_t slice) const {
    return lanes_[slice_lane_[slice]].queue;
  }

  /// Whether the slice may send now: it is its lane's head and not held back.
  [[nodiscard]] bool may_send(std::size_t slice) const;

  /// To be called before a slice's first request to its present queue.
  void mark_started(std::size_t slice);

  /// Moves a slice to a queue of another broker than its present one's. `candidates` are queues of the topic
  /// that may be used in addition to those of the send. Queues of `usable` brokers only.
  /// Returns whether it moved; it may have to wait there for its turn.
  template <class Usable>
  bool move(std::size_t slice, const std::vector<MessageQueue>& candidates, const Usable& usable) {
    const std::string broker = queue_of(slice).broker_name;
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
      const auto& queue = lanes_[lane].queue;
      if (queue.broker_name == broker || !usable(queue.broker_name) || !accepts(lane, slice)) continue;
      put(slice, lane);
      return true;
    }
    for (const auto& queue : candidates) {
      if (queue.broker_name == broker || !usable(queue.broker_name) || has_lane(queue)) continue;
      lanes_.push_back(Lane{queue, {}, std::nullopt});
      put(slice, lanes_.size() - 1);
      return true;
    }
    return false;
  }

  /// Takes a slice out of its lane: all its batches are done.
  void end(std::size_t slice);

  /// The slices that may send now. Others may be among them after a move or an end.
  [[nodiscard]] std::vector<std::size_t> heads() const;

 private:
  struct Lane {
    MessageQueue queue;
    std::vector<std::size_t> slices;          // Ascending; the front is the head.
    std::optional<std::size_t> last_started;  // The highest slice that ever sent to this queue.
  };
  [[nodiscard]] bool accepts(std::size_t lane, std::size_t slice) const;
  [[nodiscard]] bool has_lane(const MessageQueue& queue) const;
  void put(std::size_t slice, std::size_t lane);
  void take_out(std::size_t slice);

  std::vector<Lane> lanes_;
  std::vector<std::size_t> slice_lane_;
  std::vector<bool> ended_;
  bool gate_last_;
};

}  // namespace rocketmq::client
