#include "reference/socket.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace rocketmq::bench {

namespace {

std::runtime_error failure(const std::string& what) {
  return std::runtime_error(what + ": " + std::system_category().message(errno));
}

}  // namespace

Socket::Socket(const BrokerAddress& broker) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (descriptor_ < 0) throw failure("no socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(broker.port);
  const bool numeric = inet_pton(AF_INET, broker.host.c_str(), &address.sin_addr) == 1;
  const std::string name = broker.host + ":" + std::to_string(broker.port);
  // connect() takes the general form of an address.
  if (!numeric || ::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    const auto error = numeric ? failure("cannot connect to " + name)
                               : std::runtime_error(name + " is not a numeric address");
    ::close(descriptor_);
    throw error;
  }
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::fcntl(descriptor_, F_SETFL, ::fcntl(descriptor_, F_GETFL) | O_NONBLOCK);
}

Socket::~Socket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Socket::Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

std::size_t Socket::write_some(std::string_view bytes) const {
  const auto count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (count >= 0) return static_cast<std::size_t>(count);
  if (errno == EAGAIN || errno == EINTR) return 0;
  throw failure("cannot write to the broker");
}

std::size_t Socket::read_some(std::span<std::uint8_t> room) const {
  const auto count = ::recv(descriptor_, room.data(), room.size(), 0);
  if (count > 0) return static_cast<std::size_t>(count);
  if (count == 0) throw std::runtime_error("the broker closed the connection");
  if (errno == EAGAIN || errno == EINTR) return 0;
  throw failure("cannot read from the broker");
}

void Socket::wait_for(short events) const {
  pollfd wanted{descriptor_, events, 0};
  const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(socket_patience);
  if (::poll(&wanted, 1, static_cast<int>(patience.count())) == 0) {
    throw std::runtime_error("the broker did not answer in time");
  }
}

void Socket::write_all(std::string_view bytes) const {
  while (true) {
    bytes.remove_prefix(write_some(bytes));
    if (bytes.empty()) return;
    wait_for(POLLOUT);
  }
}

void Socket::wait_readable() const {
  wait_for(POLLIN);
}

}  // namespace rocketmq::bench
