#pragma once

#include <asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "rocketmq/tls_config.h"

namespace rocketmq::transport {

/// What all TLS connections of a client share: trusted CAs, its own certificate, what is verified. TLS 1.2 or
/// newer. Everything belongs to this object; nothing process-wide is changed. Thread-safe once made.
class TlsContext {
 public:
  /// Reads the files of `config`. Throws Error invalid_argument, whose text names the file and the key, if
  /// one is missing, unreadable or holds something else, the key does not belong to the certificate, or its
  /// password is wrong.
  [[nodiscard]] static std::shared_ptr<TlsContext> create(const TlsConfig& config);

  [[nodiscard]] asio::ssl::context& native() noexcept { return context_; }
  [[nodiscard]] bool verifies() const noexcept { return verify_; }
  [[nodiscard]] bool verifies_host() const noexcept { return verify_ && verify_host_; }
  [[nodiscard]] bool has_certificate() const noexcept { return has_certificate_; }
  /// Where the trusted CAs come from, for messages, e.g. "tlsCaFile '/etc/ca.pem'".
  [[nodiscard]] const std::string& ca_source() const noexcept { return ca_source_; }

 private:
  explicit TlsContext(const TlsConfig& config);
  void load_cas(const TlsConfig& config);
  void load_certificate(const TlsConfig& config);

  asio::ssl::context context_;
  bool verify_;
  bool verify_host_;
  bool has_certificate_ = false;
  std::string ca_source_;
};

}  // namespace rocketmq::transport
