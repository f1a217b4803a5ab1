#pragma once

#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>

#include "rocketmq/log.h"

namespace rocketmq::transport {

/// One thread that runs one io_context. Everything that a client does with its servers happens on its loop,
/// one handler at a time, so none of it needs a lock; other threads only post.
///
/// The thread blocks all signals, because they belong to the process that we are a guest in, and it survives
/// every exception of a handler.
///
/// A thread that waits for what it has posted may run the handlers itself meanwhile: see Waiter. If one
/// thread does one thing after another, that saves two changes of threads per call, which cost more than all
/// the rest. The loop's own thread then stands aside, and comes back soon after the last such call.
class EventLoop {
  struct State;  // Shared with the thread, so that a thread that outlives its owner can end.

 public:
  /// How long the thread stands aside after a waiter has ended, because the next one often follows at once. A
  /// timer or a server may be heard that much later.
  static constexpr std::chrono::milliseconds stand_aside{2};
  /// How often the thread looks whether a waiter that takes long has ended.
  static constexpr std::chrono::milliseconds look_again{10};

  explicit EventLoop(LogSink log);
  /// Stops at once.
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  [[nodiscard]] asio::io_context& context() noexcept;

  /// Runs `function` on the loop, later. From any thread.
  template <class Function>
  void post(Function function) {
    asio::post(context(), std::move(function));
  }

  /// Starts the thread. Throws std::system_error if the system has no thread to give. To be called once.
  void start();

  /// A handler threw: what it would have started does not happen, and nobody knows what that was. The loop
  /// goes on, but its client is not to be relied on any more. From any thread.
  void note_failure(const char* what) noexcept;
  [[nodiscard]] bool failed() const noexcept;
  /// Called after each failure, on any thread; must not throw. To be set before the start.
  void set_failure_handler(std::function<void()> handler);

  /// A thread that posts something and waits for its end. Lives from the posting to the end.
  class Waiter {
   public:
    explicit Waiter(EventLoop& loop);
    ~Waiter();
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    /// Runs handlers on this thread until `done`, which is asked after each of them, or `deadline`. Returns
    /// at once if another thread waits as well: then the loop's own thread does the work. Not to be called
    /// from a handler.
    void run_until(const std::function<bool()>& done, std::chrono::steady_clock::time_point deadline);
    /// This thread has other work to do meanwhile: the loop's own thread is needed.
    void call_thread();

   private:
    std::shared_ptr<State> state_;
  };

  /// Lets the context run dry until the deadline, then drops what waits, and joins. A call from the loop
  /// itself cannot wait: the loop stops after the current handler, and its thread ends by itself. Idempotent,
  /// from any thread.
  void close(std::chrono::milliseconds deadline);

  /// Whether no thread runs handlers any more, or ever will.
  [[nodiscard]] bool ended() const;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace rocketmq::transport
