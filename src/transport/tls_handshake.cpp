#include "transport/tls_handshake.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <asio/ip/address.hpp>
#include <utility>

#include "transport/tls_error.h"

namespace rocketmq::transport {

TlsHandshake::TlsHandshake(asio::ip::tcp::socket socket, std::shared_ptr<TlsContext> context, Address address,
                           Handler handler)
    : context_(std::move(context)),
      address_(std::move(address)),
      handler_(std::move(handler)),
      socket_(std::make_shared<TlsSocket>(std::move(socket), context_->native())),
      timer_(socket_->get_executor()) {}

void TlsHandshake::start(std::chrono::steady_clock::time_point deadline, const std::string& timeout_text) {
  expect_host();
  timer_.expires_at(deadline);
  timer_.async_wait([self = shared_from_this(), timeout_text](const asio::error_code& error) {
    if (error) return;
    self->finish({Errc::connect_timeout,
                  "the TLS handshake with " + to_string(self->address_) + " was not over within " +
                      timeout_text + "; check that the server is healthy and speaks TLS",
                  std::nullopt},
                 nullptr);
  });
  socket_->async_handshake(
      asio::ssl::stream_base::client,
      [self = shared_from_this()](const asio::error_code& error) { self->on_done(error); });
}

void TlsHandshake::cancel() {
  handler_ = nullptr;
  timer_.cancel();
  asio::error_code ignored;
  socket_->lowest_layer().close(ignored);
}

void TlsHandshake::expect_host() {
  SSL* const ssl = socket_->native_handle();
  X509_VERIFY_PARAM* const expected = SSL_get0_param(ssl);
  asio::error_code no_number;
  (void)asio::ip::make_address(address_.host, no_number);
  if (!no_number) {
    // A link-local address carries the name of an interface, which no certificate knows.
    std::string text = address_.host.substr(0, address_.host.find('%'));
    if (context_->verifies_host()) X509_VERIFY_PARAM_set1_ip_asc(expected, text.c_str());
    return;
  }
  std::string name = address_.host;
  if (name.ends_with('.')) name.pop_back();
  // SSL_set_tlsext_host_name, which is a macro with casts of C.
  SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
  if (!context_->verifies_host()) return;
  X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  X509_VERIFY_PARAM_set1_host(expected, name.data(), name.size());
}

void TlsHandshake::on_done(const asio::error_code& error) {
  if (!handler_) return;
  if (error) {
    finish(handshake_failure(to_string(address_), address_.host, error,
                             SSL_get_verify_result(socket_->native_handle()), *context_),
           nullptr);
    return;
  }
  finish({}, make_tls_stream(socket_, context_->has_certificate()));
}

void TlsHandshake::finish(const Failure& failure, std::unique_ptr<Stream> stream) {
  const Handler handler = std::exchange(handler_, nullptr);
  if (!handler) return;
  timer_.cancel();
  if (failure.failed()) cancel();
  handler(failure, std::move(stream));
}

}  // namespace rocketmq::transport
