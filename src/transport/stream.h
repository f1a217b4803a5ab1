#pragma once

#include <asio/buffer.hpp>
#include <asio/ip/tcp.hpp>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <system_error>

namespace rocketmq::transport {

/// The user of a stream; kept alive by the stream's pending operations.
class StreamUser {
 public:
  virtual ~StreamUser() = default;
  virtual void on_read(const std::error_code& error, std::size_t count) = 0;
  virtual void on_written(const std::error_code& error) = 0;
};

/// An open byte stream. What runs below it (plain TCP, and encryption on top of that) is known to the
/// implementation only. At most one read and one write run at a time; all on the socket's executor.
class Stream {
 public:
  virtual ~Stream() = default;
  virtual void async_read_some(asio::mutable_buffer buffer, std::shared_ptr<StreamUser> user) = 0;
  /// Writes all buffers. They and the bytes behind them must stay until on_written.
  virtual void async_write(std::span<const asio::const_buffer> buffers, std::shared_ptr<StreamUser> user) = 0;
  /// Pending operations end with an error.
  virtual void close() = 0;
  /// What encrypts the stream, e.g. "TLSv1.3"; empty for plain TCP.
  [[nodiscard]] virtual std::string protocol() const = 0;
  /// An error that on_read or on_written got, in words for people.
  [[nodiscard]] virtual std::string explain(const std::error_code& error) const = 0;
};

[[nodiscard]] std::unique_ptr<Stream> make_tcp_stream(asio::ip::tcp::socket socket);

}  // namespace rocketmq::transport
