#include "support/tls_echo_server.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/ssl/stream.hpp>
#include <asio/write.hpp>
#include <utility>

#include "wire/frame.h"

namespace rocketmq::test {

class TlsEchoServer::Session : public std::enable_shared_from_this<Session> {
 public:
  Session(asio::ip::tcp::socket socket, asio::ssl::context& tls, std::atomic<int>& orderly_ends)
      : stream_(std::move(socket), tls), orderly_ends_(orderly_ends) {}

  void start() {
    stream_.async_handshake(asio::ssl::stream_base::server,
                            [self = shared_from_this()](const asio::error_code& error) {
                              if (!error) self->read();
                            });
  }

 private:
  void read() {
    const auto room = splitter_.prepare();
    stream_.async_read_some(asio::buffer(room.data(), room.size()),
                            [self = shared_from_this()](const asio::error_code& error, std::size_t count) {
                              self->on_read(error, count);
                            });
  }

  void on_read(const asio::error_code& error, std::size_t count) {
    if (error) {
      if (error == asio::error::eof) ++orderly_ends_;
      return;
    }
    splitter_.commit(count);
    wire::ReceivedCommand request;
    bool found = false;
    while (splitter_.next(request, found) == Errc::ok && found) {
      wire::Command answer;
      answer.opaque = request.header.opaque;
      answer.flag = wire::Command::response_flag;
      wire::append_frame_head(out_, answer, wire::SerializeType::json, request.body.view.size());
      out_ += as_text(request.body.view);
    }
    if (out_.empty()) {
      read();
      return;
    }
    asio::async_write(stream_, asio::buffer(out_),
                      [self = shared_from_this()](const asio::error_code& failure, std::size_t) {
                        self->out_.clear();
                        if (!failure) self->read();
                      });
  }

  asio::ssl::stream<asio::ip::tcp::socket> stream_;
  std::atomic<int>& orderly_ends_;
  wire::FrameSplitter splitter_;
  std::string out_;
};

TlsEchoServer::TlsEchoServer(const Options& options)
    : tls_(asio::ssl::context::tls_server),
      acceptor_(context_, asio::ip::tcp::endpoint(asio::ip::make_address("127.0.0.1"), options.port)) {
  tls_.use_certificate_chain(asio::buffer(options.identity.certificate));
  tls_.use_private_key(asio::buffer(options.identity.key), asio::ssl::context::pem);
  if (!options.client_ca.empty()) {
    tls_.add_certificate_authority(asio::buffer(options.client_ca));
    tls_.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
  }
  if (options.max_version != 0) SSL_CTX_set_max_proto_version(tls_.native_handle(), options.max_version);
  accept();
  thread_ = std::thread([this] { context_.run(); });
}

TlsEchoServer::~TlsEchoServer() {
  context_.stop();
  thread_.join();
}

void TlsEchoServer::accept() {
  acceptor_.async_accept([this](const asio::error_code& error, asio::ip::tcp::socket socket) {
    if (error) return;
    std::make_shared<Session>(std::move(socket), tls_, orderly_ends_)->start();
    accept();
  });
}

}  // namespace rocketmq::test
