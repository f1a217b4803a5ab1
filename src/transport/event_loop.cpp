#include "transport/event_loop.h"

#include <pthread.h>

#include <asio/executor_work_guard.hpp>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/guarded.h"

namespace rocketmq::transport {
namespace {

/// Blocks all signals of this thread while it lives; threads that are started meanwhile inherit the mask.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    blocked_ = pthread_sigmask(SIG_SETMASK, &all, &before_) == 0;
  }
  ~SignalsBlocked() {
    if (blocked_) pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
  bool blocked_ = false;
};

thread_local const void* current_loop = nullptr;

}  // namespace

struct EventLoop::State {
  explicit State(LogSink sink) : log(std::move(sink)) {}

  void run();
  void take_turn();
  void note_failure(const char* what) noexcept;
  void call_thread();  // Under the mutex.
  [[nodiscard]] bool idle() const { return !thread_lives && !waiter_runs; }

  /// Runs what `handlers` runs, survives what it throws, and gives its result.
  template <class Handlers>
  std::size_t run_guarded(const Handlers& handlers) {
    std::size_t ran = 0;
    while (!guarded([&] { ran = handlers(); }, [this](const char* what) { note_failure(what); })) {
    }
    return ran;
  }

  asio::io_context context;
  asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(context);
  LogSink log;
  std::function<void()> on_failure;
  std::atomic<bool> failed{false};
  std::atomic<bool> wanted{false};  // A waiter wants to run the handlers.
  std::atomic<bool> called{false};  // The thread wants to.

  std::mutex mutex;  // The loop's own thread meets its waiters here, and the threads that close it.
  std::condition_variable changed;
  std::thread thread;
  bool thread_lives = false;
  bool thread_runs = false;  // At most one of both runs handlers.
  bool waiter_runs = false;
  bool closed = false;
  int waiters = 0;
  std::chrono::steady_clock::time_point aside_until;
};

void EventLoop::State::note_failure(const char* what) noexcept {
  failed = true;
  try {
    if (log) log(LogLevel::error, std::string("A handler of the RocketMQ client failed: ") + what);
  } catch (...) {  // NOLINT(bugprone-empty-catch): memory has run out or the sink is broken, so nobody hears
  }
  if (on_failure) on_failure();
}

void EventLoop::State::run() {
  pthread_setname_np(pthread_self(), "rocketmq-io");
  current_loop = this;
  std::size_t ran = 1;
  while (ran > 0) {
    take_turn();
    while (ran > 0 && !wanted.load(std::memory_order_acquire))
      ran = run_guarded([this] { return context.run_one(); });
    const std::lock_guard lock(mutex);
    thread_runs = false;
    if (ran == 0) thread_lives = false;
    changed.notify_all();
  }
}

void EventLoop::State::take_turn() {
  std::unique_lock lock(mutex);
  const auto may_run = [this] {
    if (waiter_runs) return false;
    if (closed || called) return true;
    return !wanted && std::chrono::steady_clock::now() >= aside_until;
  };
  while (!may_run()) {
    // A waiter's end is not told: mostly the next one follows, and waking up would be for nothing.
    const bool idle = !waiter_runs && !wanted;
    changed.wait_until(lock, idle ? aside_until : std::chrono::steady_clock::now() + look_again);
  }
  called = false;
  thread_runs = true;
}

void EventLoop::State::call_thread() {
  if (thread_runs && !wanted) return;
  called = true;
  changed.notify_all();
}

EventLoop::Waiter::Waiter(EventLoop& loop) : state_(loop.state_) {
  const std::lock_guard lock(state_->mutex);
  if (++state_->waiters > 1) state_->call_thread();
}

EventLoop::Waiter::~Waiter() {
  const std::lock_guard lock(state_->mutex);
  --state_->waiters;
}

void EventLoop::Waiter::call_thread() {
  const std::lock_guard lock(state_->mutex);
  state_->call_thread();
}

void EventLoop::Waiter::run_until(const std::function<bool()>& done,
                                  std::chrono::steady_clock::time_point deadline) {
  State& state = *state_;
  {
    std::unique_lock lock(state.mutex);
    const auto refused = [&] {
      return state.closed || state.called || state.waiter_runs || state.waiters > 1 || !state.thread_lives;
    };
    if (refused()) return;
    if (state.thread_runs) {
      state.wanted = true;
      asio::post(state.context, [] {});  // It may sleep.
      state.changed.wait_until(lock, deadline, [&] { return !state.thread_runs; });
      state.wanted = false;
      if (state.thread_runs || refused()) {
        state.changed.notify_all();
        return;
      }
    }
    state.waiter_runs = true;
  }
  const void* const outer = std::exchange(current_loop, &state);
  std::size_t ran = 1;
  while (ran > 0 && !state.called && !done())
    ran = state.run_guarded([&] { return state.context.run_one_until(deadline); });
  current_loop = outer;
  const std::lock_guard lock(state.mutex);
  state.waiter_runs = false;
  state.aside_until = std::chrono::steady_clock::now() + stand_aside;
  if (state.closed || state.called) state.changed.notify_all();
}

EventLoop::EventLoop(LogSink log) : state_(std::make_shared<State>(std::move(log))) {}

EventLoop::~EventLoop() {
  close(std::chrono::milliseconds(0));
}

asio::io_context& EventLoop::context() noexcept {
  return state_->context;
}

void EventLoop::start() {
  const SignalsBlocked blocked;
  const std::lock_guard lock(state_->mutex);
  state_->thread = std::thread([state = state_] { state->run(); });
  state_->thread_lives = true;
}

void EventLoop::note_failure(const char* what) noexcept {
  state_->note_failure(what);
}

bool EventLoop::failed() const noexcept {
  return state_->failed.load();
}

void EventLoop::set_failure_handler(std::function<void()> handler) {
  state_->on_failure = std::move(handler);
}

void EventLoop::close(std::chrono::milliseconds deadline) {
  const auto state = state_;
  const bool own = current_loop == state.get();
  std::thread thread;
  {
    std::unique_lock lock(state->mutex);
    if (!state->closed) {
      state->closed = true;
      state->work.reset();
      state->changed.notify_all();
    }
    if (!own) state->changed.wait_for(lock, deadline, [&] { return state->idle(); });
    state->context.stop();
    thread.swap(state->thread);
  }
  if (own) {
    if (thread.joinable()) thread.detach();
    return;
  }
  if (thread.joinable()) thread.join();
  // Another caller may be the one that joins: nobody returns before all threads have left their handlers.
  std::unique_lock lock(state->mutex);
  state->changed.wait(lock, [&] { return state->idle(); });
}

bool EventLoop::ended() const {
  const std::lock_guard lock(state_->mutex);
  return state_->closed && state_->idle();
}

}  // namespace rocketmq::transport
