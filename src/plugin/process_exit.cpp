#include "plugin/process_exit.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "plugin/consumer_handle.h"
#include "plugin/job_registry.h"
#include "plugin/producer_registry.h"

namespace rocketmq::plugin {

namespace {

using TimePoint = std::chrono::steady_clock::time_point;

constexpr std::size_t max_closers = 16;
constexpr std::chrono::seconds exit_deadline{5};
/// What is kept for producers and consumers if a job does not end in time.
constexpr std::chrono::milliseconds close_time{500};

using CloseOne = std::function<void(std::chrono::milliseconds deadline)>;

/// What a few threads close side by side. Shared, because a closer may be late for the deadline.
struct Closing {
  std::vector<CloseOne> objects;
  std::atomic<std::size_t> next{0};  // The one that the next closer takes.
  std::atomic<std::size_t> open{0};  // How many are not closed yet.
  std::promise<void> all_closed;
};

void close_next_ones(Closing& closing, TimePoint deadline) noexcept {
  for (std::size_t i = closing.next++; i < closing.objects.size(); i = closing.next++) {
    try {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - TimePoint::clock::now());
      closing.objects[i](std::max(left, std::chrono::milliseconds(0)));
    } catch (...) {  // NOLINT(bugprone-empty-catch): the process is going, and the log may be gone
    }
    closing.objects[i] = nullptr;
    if (--closing.open == 0) closing.all_closed.set_value();
  }
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

void close_handles(TimePoint deadline) noexcept {
  try {
    const auto closing = std::make_shared<Closing>();
    for (OpenProducer& open : open_producers().remove_all()) {
      closing->objects.emplace_back(
          [producer = std::move(open.producer)](std::chrono::milliseconds left) { producer->close(left); });
    }
    for (std::shared_ptr<PolledConsumer>& consumer : open_consumers().remove_all()) {
      closing->objects.emplace_back(
          [consumer = std::move(consumer)](std::chrono::milliseconds left) { consumer->close(left); });
    }
    closing->open = closing->objects.size();
    if (closing->open == 0) return;
    const auto all_closed = closing->all_closed.get_future();
    const std::size_t most = std::min(max_closers, closing->objects.size());
    std::size_t closers = 0;
    for (; closers < most; ++closers) {
      std::thread closer;
      if (!start_thread(closer, [closing, deadline] { close_next_ones(*closing, deadline); })) break;
      closer.detach();
    }
    if (closers == 0) close_next_ones(*closing, deadline);
    (void)all_closed.wait_until(deadline);
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
    close_handles(until);
    throw;
  }
  close_handles(until);
}

void close_everything_at_exit() {
  static const ExitGuard exit_guard;
}

}  // namespace rocketmq::plugin
