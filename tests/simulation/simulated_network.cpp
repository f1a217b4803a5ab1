#include "simulation/simulated_network.h"

#include <asio/post.hpp>
#include <utility>

#include "simulation/virtual_time.h"
#include "transport/http_get.h"
#include "transport/tls_context.h"

namespace rocketmq::simulation {
namespace {

Network*& network() {
  static Network* current = nullptr;
  return current;
}

}  // namespace

Network::Network() {
  network() = this;
}

Network::~Network() {
  network() = nullptr;
}

Network* Network::current() noexcept {
  return network();
}

ClientEnd::ClientEnd(transport::EventLoop& loop)
    : loop_(loop), number_([] {
        static std::uint64_t last = 0;
        return ++last;
      }()) {}

void ClientEnd::finish(std::uint64_t request, const Failure& failure, wire::ReceivedCommand reply) {
  const auto found = pending_.find(request);
  if (found == pending_.end()) return;
  auto handler = std::move(found->second.handler);
  pending_.erase(found);
  loop_.post([handler = std::move(handler), failure, reply = std::move(reply)]() mutable {
    handler(failure, std::move(reply));
  });
}

void ClientEnd::reply(std::uint64_t request, wire::ReceivedCommand reply) {
  finish(request, {}, std::move(reply));
}

void ClientEnd::fail(std::uint64_t request, Failure failure) {
  finish(request, failure, {});
}

void ClientEnd::fail_all(const std::string& address, const Failure& failure) {
  std::vector<std::uint64_t> ended;
  for (const auto& [request, pending] : pending_) {
    if (address.empty() || pending.address == address) ended.push_back(request);
  }
  for (const std::uint64_t request : ended)
    finish(request, failure, {});
}

void ClientEnd::lose_connection(const std::string& address) {
  if (closed_) return;
  fail_all(address, {Errc::connection_closed, address + " broke the connection", std::nullopt});
  loop_.post([self = shared_from_this(), address] {
    if (!self->closed_ && self->disconnect_handler_) self->disconnect_handler_(address);
  });
}

void ClientEnd::ask(const std::string& address, wire::ReceivedCommand request, transport::Responder respond) {
  if (closed_) return;
  loop_.post([self = shared_from_this(), address, request = std::move(request), respond]() mutable {
    if (!self->closed_ && self->request_handler_)
      self->request_handler_(address, std::move(request), respond);
  });
}

void ClientEnd::request(const std::string& address, wire::Command command, transport::RequestBody body,
                        std::chrono::milliseconds timeout, transport::ReplyHandler handler) {
  const std::uint64_t number = ++last_request_;
  pending_[number] = {address, std::move(handler)};
  if (closed_ || network() == nullptr) {
    fail(number, {Errc::closed, "the client is closed", std::nullopt});
    return;
  }
  VirtualTime::after(timeout, [weak = weak_from_this(), number, address] {
    if (const auto self = weak.lock()) {
      self->fail(number, {Errc::request_timeout, "no reply from " + address, std::nullopt});
    }
  });
  network()->carry(shared_from_this(), address, number, command, body);
}

void ClientEnd::send_one_way(const std::string& address, wire::Command command, transport::RequestBody body) {
  if (!closed_ && network() != nullptr) network()->carry(shared_from_this(), address, 0, command, body);
}

void ClientEnd::forget(const std::string& address) {
  fail_all(address, {Errc::connection_closed, address + " is in no route", std::nullopt});
  if (network() != nullptr) network()->closed_by(shared_from_this(), address);
}

void ClientEnd::close() {
  if (std::exchange(closed_, true)) return;
  fail_all("", {Errc::closed, "the client is closed", std::nullopt});
  if (network() != nullptr) network()->closed_by(shared_from_this(), "");
}

}  // namespace rocketmq::simulation

// What stands in for src/transport/remoting_client.cpp, http_get.cpp and tls_context.cpp.

namespace rocketmq::transport {

std::shared_ptr<RemotingClient> make_remoting_client(EventLoop& loop, RemotingOptions /*options*/) {
  return std::make_shared<simulation::ClientEnd>(loop);
}

// No simulated client has a name-server domain or TLS.
std::function<void()> http_get(asio::io_context& context, const std::string& /*host*/,
                               const std::string& /*port*/, std::string /*request*/,
                               std::chrono::milliseconds /*timeout*/, std::size_t /*max_bytes*/,
                               std::function<void(const Failure& failure, std::string reply)> handler) {
  asio::post(context, [handler = std::move(handler)] {
    handler({Errc::connect_failed, "the simulated network has no HTTP servers", std::nullopt}, {});
  });
  return [] {};
}

std::shared_ptr<TlsContext> TlsContext::create(const TlsConfig& /*config*/) {
  return nullptr;
}

}  // namespace rocketmq::transport
