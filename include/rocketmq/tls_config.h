#pragma once

#include <string>

namespace rocketmq {

/// TLS settings for connections to name servers and brokers. All files are PEM files. They are read once,
/// when the client starts.
struct TlsConfig {
  bool enabled = false;  ///< The other settings may be used only if this is true.
  /// The CAs that may have signed a server's certificate. Empty: the CAs that this system trusts.
  std::string ca_file;
  std::string cert_file;     ///< This client's certificate and the chain above it. Empty: none is shown.
  std::string key_file;      ///< The private key of cert_file. Set both or neither.
  std::string key_password;  ///< The password of an encrypted key_file. Never printed, never logged.
  bool verify = true;        ///< Whether a server's certificate must be valid and signed by a trusted CA.
  /// Whether a server's certificate must also name the host or the IP address of the connection.
  bool verify_host = true;
};

}  // namespace rocketmq
