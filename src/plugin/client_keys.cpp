#include "plugin/client_keys.h"

#include <utility>

#include "plugin/argument_error.h"

namespace rocketmq::plugin {

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
  reader.add_text("instanceName", config.instance_name,
                  "The name of this client instance, part of its clientId; unique by default.");
  reader.add_text("unitName", config.unit_name,
                  "The name of a business unit, part of the clientId and of the look-up at namesrvDomain.");
  reader.add_int("tcpTransportConnectTimeout", {.min = 1, .unit = "ms"}, config.connect_timeout_ms,
                 "The longest wait for a connection.");
}

void check_name_servers(const ClientConfig& config) {
  if (!config.name_server_addresses.empty() || !config.name_server_domain.empty()) return;
  throw ArgumentError(
      "namesrvAddr must be \"host:port\", several separated by ';'; it may be empty only where namesrvDomain "
      "is "
      "configured; given: an empty (NULL) STRING.");
}

}  // namespace rocketmq::plugin
