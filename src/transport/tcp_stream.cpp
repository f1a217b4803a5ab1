#include <asio/write.hpp>
#include <utility>

#include "transport/buffer_range.h"
#include "transport/stream.h"

namespace rocketmq::transport {

namespace {

class TcpStream final : public Stream {
 public:
  explicit TcpStream(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

  void async_read_some(asio::mutable_buffer buffer, std::shared_ptr<StreamUser> user) override {
    socket_.async_read_some(asio::buffer(buffer),
                            [user = std::move(user)](const asio::error_code& error, std::size_t count) {
                              user->on_read(error, count);
                            });
  }

  void async_write(std::span<const asio::const_buffer> buffers, std::shared_ptr<StreamUser> user) override {
    asio::async_write(
        socket_, BufferRange(buffers),
        [user = std::move(user)](const asio::error_code& error, std::size_t) { user->on_written(error); });
  }

  void close() override {
    asio::error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
  }

  [[nodiscard]] std::string protocol() const override { return {}; }
  [[nodiscard]] std::string explain(const std::error_code& error) const override { return error.message(); }

 private:
  asio::ip::tcp::socket socket_;
};

}  // namespace

std::unique_ptr<Stream> make_tcp_stream(asio::ip::tcp::socket socket) {
  return std::make_unique<TcpStream>(std::move(socket));
}

}  // namespace rocketmq::transport
