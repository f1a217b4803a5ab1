#pragma once

#include <asio/bind_executor.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/strand.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace rocketmq::client {

using Strand = asio::strand<asio::io_context::executor_type>;

/// A timer whose function runs on a strand, at most once a start. To be used on that strand only, and there
/// a cancelled, restarted or destroyed timer never calls an earlier function any more, which Asio's own timer
/// does not promise.
class StrandTimer {
 public:
  StrandTimer(asio::io_context& context, const Strand& strand)
      : state_(std::make_shared<State>(context, strand)) {}
  ~StrandTimer() { cancel(); }
  StrandTimer(const StrandTimer&) = delete;
  StrandTimer& operator=(const StrandTimer&) = delete;

  /// Calls `function` after `delay`, in place of whatever was started before.
  void start(std::chrono::nanoseconds delay, std::function<void()> function) {
    const std::uint64_t generation = ++state_->generation;
    state_->pending = true;
    state_->timer.expires_after(delay);
    state_->timer.async_wait(asio::bind_executor(
        state_->strand, [state = state_, generation, run = std::move(function)](const asio::error_code&) {
          if (!state->pending || state->generation != generation) return;
          state->pending = false;
          run();
        }));
  }

  void cancel() {
    ++state_->generation;
    state_->pending = false;
    state_->timer.cancel();
  }

  [[nodiscard]] bool pending() const noexcept { return state_->pending; }

 private:
  struct State {
    State(asio::io_context& context, const Strand& strand_of_user) : timer(context), strand(strand_of_user) {}
    asio::steady_timer timer;
    Strand strand;
    std::uint64_t generation = 0;
    bool pending = false;
  };
  std::shared_ptr<State> state_;
};

}  // namespace rocketmq::client
