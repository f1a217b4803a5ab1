#pragma once

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ssl/context.hpp>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "support/test_certificates.h"

namespace rocketmq::test {

/// A RocketMQ server that speaks TLS only and answers every request with code 0 and the request's body. On
/// 127.0.0.1, with a thread of its own.
class TlsEchoServer {
 public:
  struct Options {
    Identity identity;
    /// PEM of the CA that clients' certificates must be signed by; empty: clients need none.
    std::string client_ca = {};
    std::uint16_t port = 0;  ///< 0: a free one.
    int max_version = 0;     ///< E.g. TLS1_2_VERSION; 0: the newest.
  };

  explicit TlsEchoServer(const Options& options);
  ~TlsEchoServer();
  TlsEchoServer(const TlsEchoServer&) = delete;
  TlsEchoServer& operator=(const TlsEchoServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port()); }
  /// Connections that the client ended with TLS's own end (close_notify).
  [[nodiscard]] int orderly_ends() const { return orderly_ends_; }

 private:
  class Session;
  void accept();

  asio::io_context context_;
  asio::ssl::context tls_;
  asio::ip::tcp::acceptor acceptor_;
  std::atomic<int> orderly_ends_ = 0;
  std::thread thread_;
};

}  // namespace rocketmq::test
