#pragma once

#include <asio/error_code.hpp>
#include <string>

#include "rocketmq/error.h"
#include "transport/tls_context.h"

namespace rocketmq::transport {

/// Why a TLS handshake failed and what to do about it. `verify_result` is what SSL_get_verify_result says.
/// tls_failed if the two sides do not agree; connect_failed if the server just went away.
[[nodiscard]] Failure handshake_failure(const std::string& address, const std::string& host,
                                        const asio::error_code& error, long verify_result,
                                        const TlsContext& context);

/// An error of an open TLS connection in words, with what to do if the server said what it dislikes: with
/// TLS 1.3 a client's certificate is checked only after the handshake is over for the client.
[[nodiscard]] std::string explain_tls_error(const asio::error_code& error, bool has_certificate);

}  // namespace rocketmq::transport
