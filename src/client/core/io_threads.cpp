#include "client/core/io_threads.h"

#include <pthread.h>

#include <csignal>
#include <exception>
#include <string>
#include <utility>

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

void IoThreads::Shared::run() {
  pthread_setname_np(pthread_self(), "rocketmq-io");
  current_owner = this;
  for (bool again = true; again;) {
    std::string problem;
    try {
      context.run();
      again = false;
    } catch (const std::exception& error) {
      problem = error.what();
    } catch (...) {
      problem = "an unknown exception";
    }
    if (!again || !log) continue;
    try {
      log(LogLevel::error, "A handler of the RocketMQ client failed: " + problem);
    } catch (...) {
      // The sink is broken: there is nowhere left to say so, and the thread must go on.
      problem.clear();
    }
  }
  current_owner = nullptr;
  const std::lock_guard lock(mutex);
  --running;
  changed.notify_all();
}

IoThreads::IoThreads(LogSink log)
    : shared_(std::make_shared<Shared>(std::move(log))),
      context_(&shared_->context),
      work_(asio::make_work_guard(*context_)) {}

IoThreads::~IoThreads() {
  close(std::chrono::milliseconds(0));
}

void IoThreads::start(int count) {
  const SignalsBlocked blocked;
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
