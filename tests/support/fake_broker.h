#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/fake_broker_action.h"
#include "support/sanitizer_cost.h"
#include "wire/command.h"

namespace rocketmq::test {

/// A command that a client sent to the fake server, copied.
struct FakeRequest {
  wire::Command header;
  std::string body;
  std::uint64_t connection = 0;  ///< 1 for the first connection that the server accepted, and so on.
};

/// A scripted RocketMQ server (broker or name server) on loopback with a thread of its own.
///
/// A test says what each request code is answered with, and asks afterwards what came. Thread-safe. The
/// destructor closes everything and joins.
///
///     FakeServer server;
///     server.on(105, [](const FakeRequest&) { return Action::reply(0, route_json); });
///     server.on(310, [](const FakeRequest&) { return Action::reply(2).after(20ms); });
///     ... use server.address() ...
///     ASSERT_TRUE(server.wait_received(310, 3));
class FakeServer {
 public:
  /// Called on the server's thread, for one-way requests, too.
  using Script = std::function<Action(const FakeRequest& request)>;

  static constexpr std::chrono::milliseconds patience{
      10'000 * time_factor};  ///< Of every wait, unless told otherwise.

  /// Listens on a free port of `host`, a numeric loopback address.
  explicit FakeServer(const std::string& host = "127.0.0.1");
  ~FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  [[nodiscard]] std::string address() const;  ///< `host:port` or `[ipv6]:port`; the same after restart().
  [[nodiscard]] std::uint16_t port() const;

  /// What a request code is answered with from now on. A code without a script gets
  /// REQUEST_CODE_NOT_SUPPORTED (3), and no answer when it is one-way.
  void on(std::int32_t code, Script script);
  /// What every code without a script of its own is answered with.
  void on_any(Script script);

  /// Does something about an earlier request now, e.g. replies after Action::never().
  void perform(const FakeRequest& request, Action action);

  /// Everything received so far, without answers; of one code, or of all.
  [[nodiscard]] std::vector<FakeRequest> received() const;
  [[nodiscard]] std::vector<FakeRequest> received(std::int32_t code) const;
  /// Waits until at least so many requests of a code came and their scripts have run, so that what a
  /// script noted is there; false at the end of patience.
  [[nodiscard]] bool wait_received(std::int32_t code, std::size_t count,
                                   std::chrono::milliseconds timeout = patience) const;

  /// Sends a request to every connected client and gives its opaque. With `one_way` no answer is due.
  std::int32_t send_request(wire::Command header, const std::string& body = {}, bool one_way = false);
  /// The first answer to a request of send_request; nothing at the end of patience.
  [[nodiscard]] std::optional<FakeRequest> wait_answer(std::int32_t opaque,
                                                       std::chrono::milliseconds timeout = patience) const;

  [[nodiscard]] std::size_t accepted() const;     ///< Connections ever accepted.
  [[nodiscard]] std::size_t connections() const;  ///< Connections open now.
  [[nodiscard]] bool wait_connections(std::size_t count, std::chrono::milliseconds timeout = patience) const;
  [[nodiscard]] bool wait_accepted(std::size_t count, std::chrono::milliseconds timeout = patience) const;

  void close_connections();  ///< Drops every client; goes on listening.
  void stop();               ///< Closes everything, listening included; what was received is kept.
  void restart();            ///< After stop(): listens on the same port again.
  void stop_reading();       ///< Reads nothing from any client any more.

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rocketmq::test
