#pragma once

#include <cstddef>
#include <utility>

#include "client/consumer/process_queue.h"

namespace rocketmq::client {

/// What the messages of all queues take that are received, expected or being sent back, and whether there is
/// room for more. Guarded by the mutex of its AssignedQueues.
class CacheBudget {
 public:
  struct Limits {
    std::size_t max_messages = 0;  ///< Received, or being sent back, and not finished; over all queues.
    std::size_t max_bytes = 0;
  };
  struct Size {
    std::size_t messages = 0;
    std::size_t bytes = 0;
  };

  explicit CacheBudget(Limits limits) : limits_(limits) {}

  /// Keeps the totals right around a change of one process queue.
  template <class Change>
  decltype(auto) change(ProcessQueue& process, Change&& run) {
    const Recount recount(*this, process);
    return run(process);
  }

  /// What was asked for before its turn and is to come; `last` is what was said of the same queue before.
  void expect(Size& last, Size size) noexcept {
    expected_.messages += size.messages - last.messages;
    expected_.bytes += size.bytes - last.bytes;
    last = size;
  }

  [[nodiscard]] bool full() const noexcept {
    return unfinished_.messages + pending_ + expected_.messages >= limits_.max_messages ||
           unfinished_.bytes + expected_.bytes >= limits_.max_bytes;
  }
  /// Whether another reply of this queue may be received. A queue with nothing received always may.
  [[nodiscard]] bool has_room(const ProcessQueue& process) const noexcept {
    if (pending_ >= limits_.max_messages) return false;
    return process.unfinished_messages() == 0 || !full();
  }
  [[nodiscard]] std::size_t pending() const noexcept { return pending_; }  ///< Being sent back.
  [[nodiscard]] std::size_t open_deliveries() const noexcept { return open_deliveries_; }

 private:
  class Recount {
   public:
    Recount(CacheBudget& budget, const ProcessQueue& process) noexcept : budget_(budget), process_(process) {
      budget_.unfinished_.messages -= process.unfinished_messages();
      budget_.unfinished_.bytes -= process.unfinished_bytes();
      budget_.pending_ -= process.pending_count();
      budget_.open_deliveries_ -= process.is_delivered() ? 1U : 0U;
    }
    ~Recount() {
      budget_.unfinished_.messages += process_.unfinished_messages();
      budget_.unfinished_.bytes += process_.unfinished_bytes();
      budget_.pending_ += process_.pending_count();
      budget_.open_deliveries_ += process_.is_delivered() ? 1U : 0U;
    }
    Recount(const Recount&) = delete;
    Recount& operator=(const Recount&) = delete;

   private:
    CacheBudget& budget_;
    const ProcessQueue& process_;
  };

  const Limits limits_;
  Size unfinished_;
  Size expected_;
  std::size_t pending_ = 0;
  std::size_t open_deliveries_ = 0;
};

}  // namespace rocketmq::client
