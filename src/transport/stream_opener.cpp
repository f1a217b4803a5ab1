#include "transport/stream_opener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <string>
#include <utility>

namespace rocketmq::transport {

namespace {

void set_option(int socket, int level, int name, int value) {
  // These only speed up or tidy; a kernel that lacks one still has our own timers.
  (void)::setsockopt(socket, level, name, &value, sizeof value);
}

void set_options(asio::ip::tcp::socket& socket, std::chrono::milliseconds silence_limit) {
  const int handle = socket.native_handle();
  set_option(handle, IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(handle, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(handle, IPPROTO_TCP, TCP_KEEPIDLE, 30);
  set_option(handle, IPPROTO_TCP, TCP_KEEPINTVL, 5);
  set_option(handle, IPPROTO_TCP, TCP_KEEPCNT, 4);
  set_option(handle, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(silence_limit.count()));
}

}  // namespace

StreamOpener::StreamOpener(const asio::any_io_executor& executor,
                           std::shared_ptr<const RemotingOptions> options, Address address, Handler handler)
    : executor_(executor),
      options_(std::move(options)),
      address_(std::move(address)),
      handler_(std::move(handler)) {}

void StreamOpener::start() {
  deadline_ = std::chrono::steady_clock::now() + options_->connect_timeout;
  connector_ = std::make_shared<Connector>(
      executor_, options_->host_lookup, address_, options_->connect_timeout,
      [weak = weak_from_this()](const Failure& failure, asio::ip::tcp::socket socket) {
        if (const auto self = weak.lock()) self->on_socket(failure, std::move(socket));
      });
  connector_->start();
}

void StreamOpener::cancel() {
  handler_ = nullptr;
  if (connector_) connector_->cancel();
  if (handshake_) handshake_->cancel();
}

void StreamOpener::on_socket(const Failure& failure, asio::ip::tcp::socket socket) {
  connector_.reset();
  if (!handler_) return;
  if (failure.failed()) {
    finish(failure, nullptr);
    return;
  }
  set_options(socket, options_->silence_limit);
  if (!options_->tls) {
    finish({}, make_tcp_stream(std::move(socket)));
    return;
  }
  handshake_ = std::make_shared<TlsHandshake>(
      std::move(socket), options_->tls, address_,
      [weak = weak_from_this()](const Failure& problem, std::unique_ptr<Stream> stream) {
        if (const auto self = weak.lock()) self->finish(problem, std::move(stream));
      });
  handshake_->start(deadline_, std::to_string(options_->connect_timeout.count()) + " ms");
}

void StreamOpener::finish(const Failure& failure, std::unique_ptr<Stream> stream) {
  handshake_.reset();
  if (const Handler handler = std::exchange(handler_, nullptr)) handler(failure, std::move(stream));
}

}  // namespace rocketmq::transport
