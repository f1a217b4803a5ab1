#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace rocketmq::test {

/// A loopback address whose SYNs nobody answers: a listening socket whose queue is full.
class BlackHole {
 public:
  /// On 127.0.0.1, on a free port unless one is given.
  explicit BlackHole(std::uint16_t port = 0);
  ~BlackHole();
  BlackHole(const BlackHole&) = delete;
  BlackHole& operator=(const BlackHole&) = delete;

  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  std::uint16_t port_ = 0;
  std::vector<int> sockets_;
};

/// A loopback port on which nobody listens, kept from others by being bound.
class RefusingPort {
 public:
  RefusingPort();
  ~RefusingPort();
  RefusingPort(const RefusingPort&) = delete;
  RefusingPort& operator=(const RefusingPort&) = delete;

  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  std::uint16_t port_ = 0;
  int socket_ = -1;
};

/// An HTTP server that gives every connection the same bytes once it has read a request's blank line, until
/// it is told other ones. Thread-safe.
class FakeHttpServer {
 public:
  /// With `close_after` the connection is closed then; without, it stays open until the server goes.
  /// On 127.0.0.1, on a free port unless one is given.
  FakeHttpServer(std::string reply, bool close_after, std::uint16_t port = 0);
  ~FakeHttpServer();
  FakeHttpServer(const FakeHttpServer&) = delete;
  FakeHttpServer& operator=(const FakeHttpServer&) = delete;

  [[nodiscard]] std::string port() const { return std::to_string(port_); }

  void set_reply(std::string reply);
  /// Before every reply from now on.
  void set_delay(std::chrono::milliseconds delay);
  /// The requests so far, as they came.
  [[nodiscard]] std::vector<std::string> requests() const;

 private:
  void serve();

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string reply_;
  std::chrono::milliseconds delay_{0};
  std::vector<std::string> requests_;
  const bool close_after_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  std::atomic<bool> stopping_ = false;
  std::vector<int> open_;  // Only the thread's, until it is joined.
  std::thread thread_;
};

}  // namespace rocketmq::test
