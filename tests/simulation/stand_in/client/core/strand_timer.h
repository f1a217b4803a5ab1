#pragma once

// Stands in for src/client/core/strand_timer.h where the client is compiled for the simulation: the same
// class, on virtual time.

#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/strand.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "simulation/virtual_time.h"

namespace rocketmq::client {

using Strand = asio::strand<asio::io_context::executor_type>;

class StrandTimer {
 public:
  StrandTimer(asio::io_context& /*context*/, const Strand& strand)
      : state_(std::make_shared<State>(strand)) {}
  ~StrandTimer() { cancel(); }
  StrandTimer(const StrandTimer&) = delete;
  StrandTimer& operator=(const StrandTimer&) = delete;

  void start(std::chrono::nanoseconds delay, std::function<void()> function) {
    const std::uint64_t generation = ++state_->generation;
    state_->pending = true;
    // Weak, because the strand must not outlive its context.
    simulation::VirtualTime::after(delay, [weak = std::weak_ptr<State>(state_), generation, function] {
      const auto state = weak.lock();
      if (!state || state->generation != generation) return;
      asio::post(state->strand, [weak, generation, function] {
        const auto due = weak.lock();
        if (!due || !due->pending || due->generation != generation) return;
        due->pending = false;
        function();
      });
    });
  }

  void cancel() {
    ++state_->generation;
    state_->pending = false;
  }

  [[nodiscard]] bool pending() const noexcept { return state_->pending; }

 private:
  struct State {
    explicit State(const Strand& strand_of_user) : strand(strand_of_user) {}
    Strand strand;
    std::uint64_t generation = 0;
    bool pending = false;
  };
  std::shared_ptr<State> state_;
};

}  // namespace rocketmq::client
