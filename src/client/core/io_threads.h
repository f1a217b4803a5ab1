#pragma once

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/log.h"

namespace rocketmq::client {

/// The I/O threads of one client and the io_context that they run. The threads block all signals, since
/// those belong to the process that we are a guest in, and survive every exception of a handler.
class IoThreads {
 public:
  explicit IoThreads(LogSink log);
  /// Stops at once.
  ~IoThreads();
  IoThreads(const IoThreads&) = delete;
  IoThreads& operator=(const IoThreads&) = delete;

  [[nodiscard]] asio::io_context& context() noexcept { return *context_; }

  /// Throws std::system_error where the system refuses a thread; those that started are then ended.
  void start(int count);

  /// Lets the context run dry until the deadline, then drops what waits, and joins. Called on one of the
  /// threads themselves it cannot wait for that one: the context stops after the current handler, and the
  /// thread, which keeps the context alive, ends by itself. Idempotent, from any thread.
  void close(std::chrono::milliseconds deadline);

  [[nodiscard]] bool on_own_thread() const;
  /// Whether no thread runs handlers any more, or ever will.
  [[nodiscard]] bool ended() const;

 private:
  /// Shared with the threads, so that one that outlives its owner finds what it needs to end.
  struct Shared {
    explicit Shared(LogSink sink) : log(std::move(sink)) {}
    void run();

    asio::io_context context;
    LogSink log;
    std::mutex mutex;
    std::condition_variable changed;
    int running = 0;
    bool closed = false;
  };

  std::shared_ptr<Shared> shared_;
  asio::io_context* context_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  mutable std::mutex mutex_;  // Guards threads_.
  std::vector<std::thread> threads_;
};

}  // namespace rocketmq::client
