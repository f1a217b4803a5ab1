#pragma once

#include <asio/ip/tcp.hpp>
#include <asio/ssl/stream.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "base/address.h"
#include "rocketmq/error.h"
#include "transport/stream.h"
#include "transport/tls_context.h"

namespace rocketmq::transport {

using TlsSocket = asio::ssl::stream<asio::ip::tcp::socket>;

/// Makes a connected socket a TLS stream: shakes hands, and checks the server's certificate and that it names
/// the host of `address`. A host name is looked for among the certificate's DNS names, and in its common name
/// if it has none; an IP address among its IP addresses. On the socket's executor.
class TlsHandshake : public std::enable_shared_from_this<TlsHandshake> {
 public:
  /// Called once, unless cancelled. Failures: tls_failed, connect_failed, connect_timeout.
  using Handler = std::function<void(const Failure& failure, std::unique_ptr<Stream> stream)>;

  TlsHandshake(asio::ip::tcp::socket socket, std::shared_ptr<TlsContext> context, Address address,
               Handler handler);

  /// `timeout_text` is how long the whole connect may take, for the message.
  void start(std::chrono::steady_clock::time_point deadline, const std::string& timeout_text);

  /// The handler will not be called.
  void cancel();

 private:
  void expect_host();
  void on_done(const asio::error_code& error);
  void finish(const Failure& failure, std::unique_ptr<Stream> stream);

  std::shared_ptr<TlsContext> context_;
  Address address_;
  Handler handler_;
  std::shared_ptr<TlsSocket> socket_;
  asio::steady_timer timer_;
};

/// Over a socket whose handshake is done.
[[nodiscard]] std::unique_ptr<Stream> make_tls_stream(std::shared_ptr<TlsSocket> socket,
                                                      bool has_certificate);

}  // namespace rocketmq::transport
