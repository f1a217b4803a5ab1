#include "plugin/process_exit.h"

#include <algorithm>
#include <condition_variable>
#include <cstddef>
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

/// Producers that a few threads close side by side. Shared, because a closer may be late for the deadline.
struct ClosingProducers {
  std::mutex mutex;
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

void close_producers(TimePoint deadline) {
  auto closing = std::make_shared<ClosingProducers>();
  closing->waiting = ProducerRegistry::instance().remove_all();
  const std::size_t closers = std::min(max_closers, closing->waiting.size());
  std::unique_lock lock(closing->mutex);
  for (std::size_t i = 0; i < closers; ++i) {
    std::thread([closing, deadline] { close_waiting(closing, deadline); }).detach();
    ++closing->closers;
  }
  closing->done.wait_until(lock, deadline, [&closing] { return closing->closers == 0; });
}

/// Runs close_everything when the process exits or the library is unloaded.
class ExitGuard {
 public:
  ExitGuard() = default;
  ExitGuard(const ExitGuard&) = delete;
  ExitGuard& operator=(const ExitGuard&) = delete;
  ~ExitGuard() {
    try {
      close_everything(exit_deadline);
    } catch (...) {  // NOLINT(bugprone-empty-catch): the process is going, and the log may be gone
    }
  }
};

}  // namespace

void close_everything(std::chrono::milliseconds deadline) {
  const TimePoint until = TimePoint::clock::now() + deadline;
  std::thread producers([until] { close_producers(until); });
  JobRegistry::instance().shut_down(until);
  producers.join();
}

void close_everything_at_exit() {
  static const ExitGuard exit_guard;
}

}  // namespace rocketmq::plugin
