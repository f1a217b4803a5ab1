#include "plugin/process_exit.h"

#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "plugin/job_registry.h"
#include "plugin/producer_registry.h"

namespace rocketmq::plugin {

namespace {

using TimePoint = std::chrono::steady_clock::time_point;

constexpr std::size_t max_closers = 16;
constexpr std::chrono::seconds exit_deadline{5};
/// What is kept for the producers if a job does not end in time.
constexpr std::chrono::milliseconds close_time{500};

/// Producers that a few threads close side by side. Shared, because a closer may be late for the deadline.
struct ClosingProducers {
  std::mutex mutex;  // The closing threads and the one that ends the process meet here.
  std::condition_variable done;
  std::vector<std::shared_ptr<Producer>> waiting;
  std::size_t closers = 0;
};

void close_waiting(const std::shared_ptr<ClosingProducers>& closing, TimePoint deadline) noexcept {
  std::unique_lock lock(closing->mutex);
  while (!closing->waiting.empty()) {
    const std::shared_ptr<Producer> producer = std::move(closing->waiting.back());
    closing->waiting.pop_back();
    lock.unlock();
    try {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - TimePoint::clock::now());
      producer->close(std::max(left, std::chrono::milliseconds(0)));
    } catch (...) {  // NOLINT(bugprone-empty-catch): the process is going, and the log may be gone
    }
    lock.lock();
  }
  --closing->closers;
  closing->done.notify_all();
}

/// Whether `run` has a thread of its own now; not if the system gives no more threads.
template <class Function>
bool start_thread(std::thread& thread, Function&& run) noexcept {
  try {
    thread = std::thread(std::forward<Function>(run));
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

void close_producers(TimePoint deadline) noexcept {
  try {
    auto closing = std::make_shared<ClosingProducers>();
    closing->waiting = ProducerRegistry::instance().remove_all();
    const std::size_t closers = std::min(max_closers, closing->waiting.size());
    std::unique_lock lock(closing->mutex);
    for (std::size_t i = 0; i < closers; ++i) {
      std::thread closer;
      if (!start_thread(closer, [closing, deadline] { close_waiting(closing, deadline); })) break;
      closer.detach();
      ++closing->closers;
    }
    if (closing->closers == 0) {
      ++closing->closers;
      lock.unlock();
      close_waiting(closing, deadline);
      return;
    }
    closing->done.wait_until(lock, deadline, [&closing] { return closing->closers == 0; });
  } catch (...) {  // NOLINT(bugprone-empty-catch): the process is going, and the log may be gone
  }
}

/// Runs close_everything when the process exits or the library is unloaded. Not in a child that the process
/// has forked: there nothing of what is to be closed runs, and the connections are its parent's.
class ExitGuard {
 public:
  ExitGuard() = default;
  ExitGuard(const ExitGuard&) = delete;
  ExitGuard& operator=(const ExitGuard&) = delete;
  ~ExitGuard() {
    if (::getpid() != owner_) return;
    try {
      close_everything(exit_deadline);
    } catch (...) {  // NOLINT(bugprone-empty-catch): the process is going, and the log may be gone
    }
  }

 private:
  const pid_t owner_ = ::getpid();
};

}  // namespace

void close_everything(std::chrono::milliseconds deadline) {
  const TimePoint until = TimePoint::clock::now() + deadline;
  // A handler may be sending: a producer that is closed meanwhile would break its call off after the broker
  // has stored what it sent, and it would send that again after the restart.
  try {
    JobRegistry::instance().shut_down(until - std::min(deadline / 2, close_time));
  } catch (...) {
    close_producers(until);
    throw;
  }
  close_producers(until);
}

void close_everything_at_exit() {
  static const ExitGuard exit_guard;
}

}  // namespace rocketmq::plugin
