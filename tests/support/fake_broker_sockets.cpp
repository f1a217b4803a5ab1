#include "support/fake_broker_sockets.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace rocketmq::test {

namespace {

void check(bool good, const char* what) {
  if (!good) throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// A socket bound to `port`, or where that is 0 to a free one, which it then gives.
int bind_loopback(std::uint16_t& port) {
  const int handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  check(handle >= 0, "socket");
  // A port that is asked for may have been used a minute ago.
  const int reuse = 1;
  if (port != 0) (void)::setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
  sockaddr_in address = loopback(port);
  socklen_t length = sizeof address;
  check(::bind(handle, reinterpret_cast<const sockaddr*>(&address), length) == 0, "bind");
  check(::getsockname(handle, reinterpret_cast<sockaddr*>(&address), &length) == 0, "getsockname");
  port = ntohs(address.sin_port);
  return handle;
}

}  // namespace

BlackHole::BlackHole(std::uint16_t port) : port_(port) {
  const int listener = bind_loopback(port_);
  sockets_.push_back(listener);
  check(::listen(listener, 0) == 0, "listen");
  // Fill the queue of connections that nobody accepts, until one connect no longer completes.
  for (int tries = 0; tries < 16; ++tries) {
    const int handle = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    check(handle >= 0, "socket");
    sockets_.push_back(handle);
    const sockaddr_in address = loopback(port_);
    (void)::connect(handle, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    pollfd writable{handle, POLLOUT, 0};
    if (::poll(&writable, 1, 100) == 0) return;
  }
  throw std::runtime_error("the queue of a listening socket cannot be filled on this system");
}

BlackHole::~BlackHole() {
  for (const int handle : sockets_)
    ::close(handle);
}

RefusingPort::RefusingPort() : socket_(bind_loopback(port_)) {}

RefusingPort::~RefusingPort() {
  ::close(socket_);
}

FakeHttpServer::FakeHttpServer(std::string reply, bool close_after, std::uint16_t port)
    : reply_(std::move(reply)), close_after_(close_after), port_(port), listener_(bind_loopback(port_)) {
  check(::listen(listener_, 16) == 0, "listen");
  thread_ = std::thread([this] { serve(); });
}

FakeHttpServer::~FakeHttpServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  // Wakes the thread out of accept.
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  for (const int handle : open_)
    ::close(handle);
  ::close(listener_);
}

void FakeHttpServer::set_reply(std::string reply) {
  const std::lock_guard lock(mutex_);
  reply_ = std::move(reply);
}

void FakeHttpServer::set_delay(std::chrono::milliseconds delay) {
  const std::lock_guard lock(mutex_);
  delay_ = delay;
}

std::vector<std::string> FakeHttpServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void FakeHttpServer::serve() {
  while (!stopping_) {
    const int handle = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (handle < 0) continue;
    std::string request;
    char chunk[1024];
    while (request.find("\r\n\r\n") == std::string::npos) {
      const ssize_t count = ::recv(handle, chunk, sizeof chunk, 0);
      if (count <= 0) break;
      request.append(chunk, static_cast<std::size_t>(count));
    }
    std::string reply;
    {
      std::unique_lock lock(mutex_);
      requests_.push_back(std::move(request));
      changed_.wait_for(lock, delay_, [this] { return stopping_.load(); });
      reply = reply_;
    }
    (void)::send(handle, reply.data(), reply.size(), MSG_NOSIGNAL);
    if (close_after_) {
      ::close(handle);
    } else {
      open_.push_back(handle);
    }
  }
}

}  // namespace rocketmq::test
