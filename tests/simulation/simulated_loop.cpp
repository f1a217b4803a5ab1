#include "simulation/simulated_loop.h"

#include <algorithm>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "simulation/virtual_time.h"
#include "transport/event_loop.h"
#include "transport/loop_timer.h"

namespace rocketmq::simulation {
namespace {

std::vector<asio::io_context*>& contexts() {
  static std::vector<asio::io_context*> all;
  return all;
}

}  // namespace

void SimulatedLoops::run_ready(std::minstd_rand& random) {
  std::vector<asio::io_context*> idle;
  while (idle.size() < contexts().size()) {
    const std::size_t chosen = random() % contexts().size();
    asio::io_context* const context = contexts()[chosen];
    if (std::find(idle.begin(), idle.end(), context) != idle.end()) continue;
    if (context->poll_one() > 0) {
      idle.clear();  // It may have given others something to do.
    } else {
      idle.push_back(context);
    }
  }
}

}  // namespace rocketmq::simulation

// What stands in for src/transport/event_loop.cpp and loop_timer.cpp.
namespace rocketmq::transport {

struct EventLoop::State {
  asio::io_context context;
  asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(context);
  bool closed = false;
};

EventLoop::EventLoop(LogSink /*log*/) : state_(std::make_shared<State>()) {
  simulation::contexts().push_back(&state_->context);
}

EventLoop::~EventLoop() {
  close(std::chrono::milliseconds(0));
}

asio::io_context& EventLoop::context() noexcept {
  return state_->context;
}

void EventLoop::start() {}

// There is one thread, and nobody waits.
EventLoop::Waiter::Waiter(EventLoop& loop) : state_(loop.state_) {}
EventLoop::Waiter::~Waiter() = default;
void EventLoop::Waiter::run_until(const std::function<bool()>& /*done*/,
                                  std::chrono::steady_clock::time_point /*deadline*/) {}
void EventLoop::Waiter::call_thread() {}

// An exception is a fault of the program here: nothing runs short of memory.
void EventLoop::note_failure(const char* what) noexcept {
  std::fprintf(stderr, "a handler of the client threw: %s\n", what);
  std::abort();
}

bool EventLoop::failed() const noexcept {
  return false;
}

void EventLoop::set_failure_handler(std::function<void()> /*handler*/) {}

void EventLoop::close(std::chrono::milliseconds /*deadline*/) {
  if (state_->closed) return;
  state_->closed = true;
  state_->work.reset();
  while (state_->context.poll() > 0) {
  }
  state_->context.stop();
  std::erase(simulation::contexts(), &state_->context);
}

bool EventLoop::ended() const {
  return state_->closed;
}

struct LoopTimer::State {
  explicit State(EventLoop& of) : loop(of) {}
  EventLoop& loop;
  std::uint64_t generation = 0;
  bool pending = false;
};

LoopTimer::LoopTimer(EventLoop& loop) : state_(std::make_shared<State>(loop)) {}

void LoopTimer::start(std::chrono::nanoseconds delay, std::function<void()> function) {
  const std::uint64_t generation = ++state_->generation;
  state_->pending = true;
  const auto due = [weak = std::weak_ptr<State>(state_), generation] {
    auto state = weak.lock();
    if (state && (!state->pending || state->generation != generation)) state.reset();
    return state;
  };
  simulation::VirtualTime::after(delay, [due, function = std::move(function)] {
    const auto state = due();
    if (!state) return;
    state->loop.post([due, function] {
      const auto still = due();
      if (!still) return;
      still->pending = false;
      function();
    });
  });
}

void LoopTimer::cancel() noexcept {
  ++state_->generation;
  state_->pending = false;
}

bool LoopTimer::pending() const noexcept {
  return state_->pending;
}

}  // namespace rocketmq::transport
