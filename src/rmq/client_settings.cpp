#include "rmq/client_settings.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include "rmq/credentials.h"
#include "rmq/usage_error.h"

namespace rocketmq::rmq {

ClientConfig client_settings(const CommonOptions& options) {
  if (options.name_servers.empty())
    throw UsageError("no name server is given; use -n host:port, or set NAMESRV_ADDR");
  ClientConfig config;
  config.name_server_addresses = options.name_servers;
  config.name_space = options.name_space;
  config.connect_timeout_ms = options.connect_timeout_ms;
  config.credentials = find_credentials(options.credentials_file);
  config.tls = options.tls;
  if (const char* const password = std::getenv("ROCKETMQ_TLS_KEY_PASSWORD"); password != nullptr)
    config.tls.key_password = password;
  const bool has_settings = !config.tls.ca_file.empty() || !config.tls.cert_file.empty() ||
                            !config.tls.key_file.empty() || !config.tls.verify_host;
  if (has_settings) config.tls.enabled = true;
  if (!config.tls.enabled) config.tls = {};
  config.log = [lowest = options.verbose ? LogLevel::info : LogLevel::warning](LogLevel level,
                                                                               std::string_view line) {
    if (level < lowest) return;
    // One write a line: other threads write, too.
    std::string text = "rmq: ";
    (text += line) += '\n';
    (void)std::fwrite(text.data(), 1, text.size(), stderr);
  };
  return config;
}

}  // namespace rocketmq::rmq
