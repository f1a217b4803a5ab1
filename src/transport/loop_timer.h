#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace rocketmq::transport {

class EventLoop;

/// A timer whose function runs on a loop, at most once per start. To be used on that loop only. A cancelled,
/// restarted or destroyed timer never calls an earlier function any more, which Asio's own timer does not
/// promise.
class LoopTimer {
 public:
  explicit LoopTimer(EventLoop& loop);
  ~LoopTimer() { cancel(); }
  LoopTimer(const LoopTimer&) = delete;
  LoopTimer& operator=(const LoopTimer&) = delete;

  /// Calls `function` after `delay`, in place of whatever was started before.
  void start(std::chrono::nanoseconds delay, std::function<void()> function);
  void cancel() noexcept;
  [[nodiscard]] bool pending() const noexcept;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace rocketmq::transport
