#include "transport/loop_timer.h"

#include <asio/steady_timer.hpp>
#include <cstdint>
#include <utility>

#include "transport/event_loop.h"

namespace rocketmq::transport {

struct LoopTimer::State {
  explicit State(EventLoop& loop) : timer(loop.context()) {}
  asio::steady_timer timer;
  std::uint64_t generation = 0;
  bool pending = false;
};

LoopTimer::LoopTimer(EventLoop& loop) : state_(std::make_shared<State>(loop)) {}

void LoopTimer::start(std::chrono::nanoseconds delay, std::function<void()> function) {
  const std::uint64_t generation = ++state_->generation;
  state_->pending = true;
  state_->timer.expires_after(delay);
  state_->timer.async_wait([state = state_, generation, run = std::move(function)](const asio::error_code&) {
    if (!state->pending || state->generation != generation) return;
    state->pending = false;
    run();
  });
}

void LoopTimer::cancel() {
  ++state_->generation;
  state_->pending = false;
  state_->timer.cancel();
}

bool LoopTimer::pending() const noexcept {
  return state_->pending;
}

}  // namespace rocketmq::transport
