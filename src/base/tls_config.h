#pragma once

#include <string>

namespace rocketmq {

/// How a client encrypts its connections to name servers and brokers. Files are PEM files, read once, when
/// the client starts.
struct TlsConfig {
  bool enabled = false;  ///< Everything below may be set only where this is.
  /// The CAs that may have signed a server's certificate. Empty: those that this system trusts.
  std::string ca_file;
  std::string cert_file;     ///< This client's certificate, and the chain above it. Empty: it shows none.
  std::string key_file;      ///< The private key of cert_file; both or neither.
  std::string key_password;  ///< Of an encrypted key_file. Never printed, never logged.
  bool verify = true;        ///< Whether a server's certificate must be valid and signed by a trusted CA.
  /// Whether a server's certificate must also name the host, or the IP address, that is connected to.
  bool verify_host = true;
};

}  // namespace rocketmq
