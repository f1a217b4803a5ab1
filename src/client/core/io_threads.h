#pragma once

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/log.h"

namespace rocketmq::client {

/// The I/O threads of one client and the io_context that they run. The threads block all signals, since
/// those belong to the process that we are a guest in, and survive every exception of a handler.
///
/// A caller that waits for the end of what it has asked for may run the handlers itself meanwhile: see
/// Caller. Where one caller does one thing after another, that saves two changes of threads each time, which
/// take longer than everything else the client does. The I/O thread then stands aside, and looks after the
/// connections again soon after the last help.
class IoThreads {
  /// Shared with the threads, so that one that outlives its owner finds what it needs to end.
  struct Shared {
    explicit Shared(LogSink sink) : log(std::move(sink)) {}
    void run();
    /// Runs what `handlers` runs, and survives what it throws; gives its result.
    template <class Handlers>
    std::size_t run_guarded(const Handlers& handlers);
    void note_failure(const char* what) noexcept;
    void stand_aside_while_helped();
    void call_io_thread();  // Under the mutex.

    asio::io_context context;
    LogSink log;
    std::function<void()> on_failure;
    std::atomic<bool> failed{false};
    std::mutex mutex;
    std::condition_variable changed;
    int running = 0;  // I/O threads and helpers.
    bool closed = false;
    bool may_help = false;
    int callers = 0;
    bool helping = false;
    std::chrono::steady_clock::time_point helped_until;
    std::atomic<bool> aside{false};   // The I/O thread is to stand aside, or does so.
    std::atomic<bool> called{false};  // And is to come back at once.
  };

 public:
  /// How long the I/O thread stands aside after a help: the next one often follows at once, and waking each
  /// other for nothing would cost more than it brings. So much later may a timer or a server be heard.
  static constexpr std::chrono::milliseconds stand_aside{2};
  /// How often it looks whether a help that takes longer is over.
  static constexpr std::chrono::milliseconds look_again{10};

  explicit IoThreads(LogSink log);
  /// Stops at once.
  ~IoThreads();
  IoThreads(const IoThreads&) = delete;
  IoThreads& operator=(const IoThreads&) = delete;

  [[nodiscard]] asio::io_context& context() noexcept { return *context_; }

  /// A handler threw: what it would have started does not happen, and nobody knows what that was. The threads
  /// go on, but this client is not to be relied on any more.
  void note_failure(const char* what) noexcept { shared_->note_failure(what); }
  [[nodiscard]] bool failed() const noexcept { return shared_->failed.load(); }
  /// Called after each failure, on any thread; must not throw. To be set before the start.
  void set_failure_handler(std::function<void()> handler) { shared_->on_failure = std::move(handler); }

  /// Throws std::system_error where the system refuses a thread; those that started are then ended.
  /// With more than one thread, or without `may_help`, nobody is let help.
  void start(int count, bool may_help = false);

  /// A thread that asks for something and then waits for its end; from the asking to the end.
  class Caller {
   public:
    explicit Caller(IoThreads& threads);
    ~Caller();
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;

    /// Runs handlers on this thread until `done`, which is asked after each of them, or `deadline`. Returns
    /// at once where this is not the only caller or nobody may help; then the I/O thread does the work. Not
    /// to be called from a handler.
    void help(const std::function<bool()>& done, std::chrono::steady_clock::time_point deadline);
    /// This caller has other work to do meanwhile: the I/O thread is needed.
    void call_io_thread();

   private:
    std::shared_ptr<Shared> shared_;
  };

  /// Lets the context run dry until the deadline, then drops what waits, and joins. Called on one of the
  /// threads themselves it cannot wait for that one: the context stops after the current handler, and the
  /// thread, which keeps the context alive, ends by itself. Idempotent, from any thread.
  void close(std::chrono::milliseconds deadline);

  [[nodiscard]] bool on_own_thread() const;
  /// Whether no thread runs handlers any more, or ever will.
  [[nodiscard]] bool ended() const;

 private:
  std::shared_ptr<Shared> shared_;
  asio::io_context* context_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  mutable std::mutex mutex_;  // Guards threads_.
  std::vector<std::thread> threads_;
};

}  // namespace rocketmq::client
