#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "client/consumer/consumer_context.h"

namespace rocketmq::client {

/// Stores the offset of one assigned queue: what the process queue says is done. A broker accepts a smaller
/// offset than it has, so two stores are never under way at once, and none goes back. All functions: loop.
class OffsetCommitter : public std::enable_shared_from_this<OffsetCommitter> {
 public:
  /// How many commits with nothing to store lie between two looks.
  static constexpr int commits_between_looks = 20;

  OffsetCommitter(ConsumerContext& context, AssignedQueuePtr queue);

  /// The process queue has its first offset, which is what the store has.
  void begin(std::int64_t stored_offset);
  [[nodiscard]] bool begun() const noexcept { return begun_; }
  /// What the store has, as far as we know.
  [[nodiscard]] std::optional<std::int64_t> committed() const noexcept { return committed_; }

  /// Why the last store failed; none if it has not.
  [[nodiscard]] const Failure& failure() const noexcept { return failure_; }

  /// The queue goes on elsewhere, maybe before what was stored: whatever is done from there on is stored.
  void restart();
  /// The store may have forgotten what we stored: if it has, the next commit stores it again. Asked until
  /// it has answered.
  void store_again();

  /// Stores what is done, unless it is stored already. `done` comes when no store is under way any more.
  /// If there is nothing to store for long, it looks now and then whether the store still has it: a
  /// consumer that does not know yet that the queue is no longer its own may have set it back.
  void commit(std::function<void()> done);
  /// The same once the queue is no longer ours: only if nobody went further meanwhile.
  void commit_after_drop(std::function<void()> done);

 private:
  void forget_committed() noexcept;
  void on_stored(std::int64_t offset, const Failure& failure);

  ConsumerContext& context_;
  const AssignedQueuePtr queue_;
  std::optional<std::int64_t> committed_;
  Failure failure_;
  bool storing_ = false;
  bool forgotten_ = false;  // Since that store began: it says nothing about committed_.
  std::vector<std::function<void()>> waiting_;
  LogLimiter limiter_;
  bool begun_ = false;
  int look_in_;  // After this many commits with nothing to store it looks.
  bool looking_ = false;
  bool dropped_ = false;  // What waits for the store under way looks first, too.
};

}  // namespace rocketmq::client
