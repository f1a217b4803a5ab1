#include "plugin/client_keys.h"

#include <utility>

#include "plugin/argument_error.h"

namespace rocketmq::plugin {

namespace {

void add_tls_keys(ConfigReader& reader, TlsConfig& tls) {
  reader.add_bool("useTLS", tls.enabled,
                  "Whether the connections to name servers and brokers are encrypted with TLS.");
  reader.add_text(
      "tlsCaFile", tls.ca_file,
      "A PEM file with the CAs that may have signed the servers' certificates; not set: those that "
      "this system trusts.");
  reader.add_text("tlsCertFile", tls.cert_file,
                  "A PEM file with this client's certificate, for servers that demand one.");
  reader.add_text("tlsKeyFile", tls.key_file, "A PEM file with the private key of tlsCertFile.");
  reader.add_secret("tlsKeyPassword", tls.key_password, "The password of tlsKeyFile if it is encrypted.");
  reader.add_bool("tlsVerify", tls.verify,
                  "Whether a server's certificate must be valid and signed by a trusted CA.");
  reader.add_bool("tlsVerifyHost", tls.verify_host,
                  "Whether a server's certificate must name the host or IP address that is connected to.");
}

}  // namespace

void add_client_keys(ConfigReader& reader, ClientConfig& config) {
  reader.add_secret_list(
      "sessionCredentials", 2, 3, "[accessKey, secretKey, accessChannel]",
      [&config](std::vector<std::string> parts) {
        config.credentials.access_key = std::move(parts[0]);
        config.credentials.secret_key = std::move(parts[1]);
        if (parts.size() > 2) config.credentials.access_channel = std::move(parts[2]);
      },
      "The user's access key, secret key and, optionally, access channel; every request is signed with "
      "them.");
  reader.add_text("namesrvDomain", config.name_server_domain,
                  "A domain, host:port or URL that is asked for the addresses of the name servers.");
  reader.add_text("nameSpace", config.name_space,
                  "A logical partition of the cluster with topics and groups of its own.");
  reader.add_word("instanceName", config.instance_name,
                  "The name of this client instance, part of its clientId; unique by default.");
  reader.add_word("unitName", config.unit_name,
                  "The name of a business unit, part of the clientId and of the look-up at namesrvDomain.");
  reader.add_int("tcpTransportConnectTimeout", {.min = 1, .unit = "ms"}, config.connect_timeout_ms,
                 "The longest wait for a connection.");
  add_tls_keys(reader, config.tls);
}

void check_name_servers(const ClientConfig& config) {
  if (!config.name_server_addresses.empty() || !config.name_server_domain.empty()) return;
  throw ArgumentError(
      "namesrvAddr must be \"host:port\", several separated by ';'; it may be empty only if namesrvDomain "
      "is "
      "configured; given: an empty (NULL) STRING.");
}

}  // namespace rocketmq::plugin
