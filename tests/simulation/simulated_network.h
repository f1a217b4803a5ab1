#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "rocketmq/error.h"
#include "transport/event_loop.h"
#include "transport/remoting_client.h"
#include "wire/frame.h"

namespace rocketmq::simulation {

/// One client's side of the simulated network: its RemotingClient.
class ClientEnd final : public transport::RemotingClient, public std::enable_shared_from_this<ClientEnd> {
 public:
  explicit ClientEnd(transport::EventLoop& loop);

  /// Grows with each client, so that sets of them have an order that does not depend on addresses.
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }

  // For the network. A request that is over, by time-out or otherwise, ignores what comes later.

  void reply(std::uint64_t request, wire::ReceivedCommand reply);
  void fail(std::uint64_t request, Failure failure);
  /// The connection breaks: what is pending there fails, and the client hears of it.
  void lose_connection(const std::string& address);
  /// A server asks. `respond` is empty for one-way requests.
  void ask(const std::string& address, wire::ReceivedCommand request, transport::Responder respond);
  [[nodiscard]] bool is_closed() const noexcept { return closed_; }
  [[nodiscard]] std::size_t pending() const noexcept { return pending_.size(); }

  // For the client.

  void request(const std::string& address, wire::Command command, transport::RequestBody body,
               std::chrono::milliseconds timeout, transport::ReplyHandler handler) override;
  void send_one_way(const std::string& address, wire::Command command, transport::RequestBody body) override;
  void forget(const std::string& address) override;
  void close() override;

 private:
  struct Pending {
    std::string address;
    transport::ReplyHandler handler;
  };
  void finish(std::uint64_t request, const Failure& failure, wire::ReceivedCommand reply);
  void fail_all(const std::string& address, const Failure& failure);

  transport::EventLoop& loop_;
  const std::uint64_t number_;
  std::map<std::uint64_t, Pending> pending_;
  std::uint64_t last_request_ = 0;
  bool closed_ = false;
};

using ClientEndPtr = std::shared_ptr<ClientEnd>;

struct ByNumber {
  bool operator()(const ClientEndPtr& left, const ClientEndPtr& right) const noexcept {
    return left->number() < right->number();
  }
};

/// What carries the requests of all clients. There is one at a time; it makes itself known and takes itself
/// back.
class Network {
 public:
  Network();
  virtual ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// A client sends; the network calls `from` later, or never. `request` is 0 for a one-way request.
  virtual void carry(const ClientEndPtr& from, const std::string& address, std::uint64_t request,
                     const wire::Command& command, const transport::RequestBody& body) = 0;
  /// A client closes its connection to one server, or to all (empty address).
  virtual void closed_by(const ClientEndPtr& client, const std::string& address) = 0;

  [[nodiscard]] static Network* current() noexcept;
};

}  // namespace rocketmq::simulation
