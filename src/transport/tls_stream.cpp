#include <openssl/ssl.h>

#include <asio/error.hpp>
#include <asio/ssl/error.hpp>
#include <asio/write.hpp>
#include <utility>

#include "transport/buffer_range.h"
#include "transport/tls_error.h"
#include "transport/tls_handshake.h"

namespace rocketmq::transport {

namespace {

class TlsStream final : public Stream {
 public:
  TlsStream(std::shared_ptr<TlsSocket> socket, bool has_certificate)
      : socket_(std::move(socket)), has_certificate_(has_certificate) {}

  void async_read_some(asio::mutable_buffer buffer, std::shared_ptr<StreamUser> user) override {
    socket_->async_read_some(asio::buffer(buffer),
                             [user = std::move(user)](const asio::error_code& error, std::size_t count) {
                               // An end without close_notify is not an attack on us: frames have lengths.
                               const bool cut = error == asio::ssl::error::stream_truncated;
                               user->on_read(cut ? asio::error::eof : error, count);
                             });
  }

  void async_write(std::span<const asio::const_buffer> buffers, std::shared_ptr<StreamUser> user) override {
    writing_ = true;
    // The user keeps this stream alive.
    asio::async_write(*socket_, BufferRange(buffers),
                      [this, user = std::move(user)](const asio::error_code& error, std::size_t) {
                        writing_ = false;
                        user->on_written(error);
                      });
  }

  // The end is said (close_notify), but the server's is not waited for: frames have lengths, so that nothing
  // can be cut off unnoticed, and a server that hangs must not hold up anybody. In the middle of a write
  // there is nothing proper to be said.
  void close() override {
    asio::error_code ignored;
    if (!std::exchange(closed_, true) && !writing_) {
      socket_->async_shutdown([socket = socket_](const asio::error_code&) {});
    }
    socket_->lowest_layer().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    socket_->lowest_layer().close(ignored);
  }

  [[nodiscard]] std::string protocol() const override { return SSL_get_version(socket_->native_handle()); }

  [[nodiscard]] std::string explain(const std::error_code& error) const override {
    return explain_tls_error(error, has_certificate_);
  }

 private:
  std::shared_ptr<TlsSocket> socket_;  // Shared with the last words, which may outlive this stream.
  bool has_certificate_;
  bool writing_ = false;
  bool closed_ = false;
};

}  // namespace

std::unique_ptr<Stream> make_tls_stream(std::shared_ptr<TlsSocket> socket, bool has_certificate) {
  return std::make_unique<TlsStream>(std::move(socket), has_certificate);
}

}  // namespace rocketmq::transport
