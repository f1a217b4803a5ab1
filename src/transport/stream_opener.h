#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "base/address.h"
#include "rocketmq/error.h"
#include "transport/connector.h"
#include "transport/remoting_options.h"
#include "transport/stream.h"
#include "transport/tls_handshake.h"

namespace rocketmq::transport {

/// Opens a stream to a server: a TCP connection, and TLS on top of it if the options say so, both together
/// within connect_timeout. Everything runs on the given executor, which must have one thread.
class StreamOpener : public std::enable_shared_from_this<StreamOpener> {
 public:
  /// Called once, unless cancelled: a failure, or an open stream. Failures: those of Connector and of
  /// TlsHandshake.
  using Handler = std::function<void(const Failure& failure, std::unique_ptr<Stream> stream)>;

  StreamOpener(const asio::any_io_executor& executor, std::shared_ptr<const RemotingOptions> options,
               Address address, Handler handler);

  void start();

  /// The handler will not be called. On the executor, like everything here.
  void cancel();

 private:
  void on_socket(const Failure& failure, asio::ip::tcp::socket socket);
  void finish(const Failure& failure, std::unique_ptr<Stream> stream);

  asio::any_io_executor executor_;
  std::shared_ptr<const RemotingOptions> options_;
  Address address_;
  Handler handler_;
  std::chrono::steady_clock::time_point deadline_;
  std::shared_ptr<Connector> connector_;
  std::shared_ptr<TlsHandshake> handshake_;
};

}  // namespace rocketmq::transport
