#include "transport/loop_timer.h"

#include <asio/steady_timer.hpp>
#include <cstdint>
#include <system_error>
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

void LoopTimer::cancel() noexcept {
  ++state_->generation;
  state_->pending = false;
  try {
    state_->timer.cancel();
  } catch (const std::system_error&) {
    return;  // It ends later and calls nothing: its generation is over.
  }
}

bool LoopTimer::pending() const noexcept {
  return state_->pending;
}

}  // namespace rocketmq::transport
