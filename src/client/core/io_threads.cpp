#include "client/core/io_threads.h"

#include <pthread.h>

#include <asio/post.hpp>
#include <csignal>
#include <string>
#include <utility>

#include "client/core/guarded.h"

namespace rocketmq::client {
namespace {

/// Blocks all signals of this thread while it lives; threads started meanwhile inherit the mask.
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

thread_local const void* current_owner = nullptr;

}  // namespace

template <class Handlers>
std::size_t IoThreads::Shared::run_guarded(const Handlers& handlers) {
  std::size_t ran = 0;
  while (!guarded([&] { ran = handlers(); }, [this](const char* what) { note_failure(what); })) {
  }
  return ran;
}

void IoThreads::Shared::note_failure(const char* what) noexcept {
  failed = true;
  try {
    if (log) log(LogLevel::error, std::string("A handler of the RocketMQ client failed: ") + what);
  } catch (...) {  // NOLINT(bugprone-empty-catch): memory has run out or the sink is broken, so nobody hears
  }
  if (on_failure) on_failure();
}

void IoThreads::Shared::run() {
  pthread_setname_np(pthread_self(), "rocketmq-io");
  current_owner = this;
  if (may_help) {
    do {
      if (aside.load(std::memory_order_acquire)) stand_aside_while_helped();
    } while (run_guarded([this] { return context.run_one(); }) > 0);
  } else {
    run_guarded([this] { return context.run(); });
  }
  current_owner = nullptr;
  const std::lock_guard lock(mutex);
  --running;
  changed.notify_all();
}

void IoThreads::Shared::stand_aside_while_helped() {
  std::unique_lock lock(mutex);
  // What this thread ran last may be what the helper waits for, who else would not look before its deadline.
  if (helping) asio::post(context, [] {});
  const auto over = [this] {
    return closed || (!helping && (called.load() || std::chrono::steady_clock::now() >= helped_until));
  };
  while (!over()) {
    // The end of a help is not told: mostly the next one follows, and a wake-up would be for nothing.
    changed.wait_until(lock, helping ? std::chrono::steady_clock::now() + look_again : helped_until);
  }
  called = false;
  aside.store(false, std::memory_order_release);
}

void IoThreads::Shared::call_io_thread() {
  if (!aside) return;
  called = true;
  changed.notify_all();
}

IoThreads::Caller::Caller(IoThreads& threads) : shared_(threads.shared_) {
  const std::lock_guard lock(shared_->mutex);
  if (++shared_->callers > 1) shared_->call_io_thread();
}

IoThreads::Caller::~Caller() {
  const std::lock_guard lock(shared_->mutex);
  --shared_->callers;
}

void IoThreads::Caller::call_io_thread() {
  const std::lock_guard lock(shared_->mutex);
  shared_->call_io_thread();
}

void IoThreads::Caller::help(const std::function<bool()>& done,
                             std::chrono::steady_clock::time_point deadline) {
  Shared& shared = *shared_;
  {
    const std::lock_guard lock(shared.mutex);
    if (!shared.may_help || shared.closed || shared.helping || shared.called || shared.callers > 1) return;
    shared.helping = true;
    ++shared.running;
    shared.aside.store(true, std::memory_order_release);
  }
  const void* const outer = std::exchange(current_owner, &shared);
  std::size_t ran = 1;
  while (ran > 0 && !shared.called && !done())
    ran = shared.run_guarded([&] { return shared.context.run_one_until(deadline); });
  current_owner = outer;
  const std::lock_guard lock(shared.mutex);
  shared.helping = false;
  shared.helped_until = std::chrono::steady_clock::now() + stand_aside;
  --shared.running;
  if (shared.closed || shared.called) shared.changed.notify_all();
}

IoThreads::IoThreads(LogSink log)
    : shared_(std::make_shared<Shared>(std::move(log))),
      context_(&shared_->context),
      work_(asio::make_work_guard(*context_)) {}

IoThreads::~IoThreads() {
  close(std::chrono::milliseconds(0));
}

void IoThreads::start(int count, bool may_help) {
  const SignalsBlocked blocked;
  shared_->may_help = may_help && count == 1;
  try {
    for (int i = 0; i < count; ++i) {
      {
        const std::lock_guard lock(shared_->mutex);
        ++shared_->running;
      }
      try {
        const std::lock_guard lock(mutex_);
        threads_.emplace_back([shared = shared_] { shared->run(); });
      } catch (...) {
        const std::lock_guard lock(shared_->mutex);
        --shared_->running;
        throw;
      }
    }
  } catch (...) {
    close(std::chrono::milliseconds(0));
    throw;
  }
}

void IoThreads::close(std::chrono::milliseconds deadline) {
  const bool own = on_own_thread();
  {
    std::unique_lock lock(shared_->mutex);
    if (!shared_->closed) {
      shared_->closed = true;
      shared_->changed.notify_all();
      work_.reset();
    }
    if (!own) shared_->changed.wait_for(lock, deadline, [this] { return shared_->running == 0; });
  }
  context_->stop();
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock(mutex_);
    threads.swap(threads_);
  }
  for (auto& thread : threads) {
    if (thread.get_id() == std::this_thread::get_id()) {
      thread.detach();
    } else {
      thread.join();
    }
  }
  if (own) return;
  // Another caller may be the one who joins: nobody returns before all threads have left their handlers.
  std::unique_lock lock(shared_->mutex);
  shared_->changed.wait(lock, [this] { return shared_->running == 0; });
}

bool IoThreads::on_own_thread() const {
  return current_owner == shared_.get();
}

bool IoThreads::ended() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->closed && shared_->running == 0;
}

}  // namespace rocketmq::client
