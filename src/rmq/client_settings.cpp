#include "rmq/client_settings.h"

#include <cstdio>
#include <string>
#include <string_view>

#include "rmq/credentials.h"
#include "rmq/environment.h"
#include "rmq/usage_error.h"

namespace rocketmq::rmq {

std::string in_our_words(std::string text) {
  constexpr std::string_view theirs = "sessionCredentials";
  constexpr std::string_view ours = "ROCKETMQ_ACCESS_KEY and ROCKETMQ_SECRET_KEY, or --credentials,";
  for (std::size_t at = 0; (at = text.find(theirs, at)) != std::string::npos; at += ours.size())
    text.replace(at, theirs.size(), ours);
  return text;
}

ClientConfig client_settings(const CommonOptions& options, bool tell_warnings) {
  if (options.name_servers.empty())
    throw UsageError("no name server is given; use -n host:port, or set NAMESRV_ADDR");
  ClientConfig config;
  config.name_server_addresses = options.name_servers;
  config.name_space = options.name_space;
  config.connect_timeout_ms = options.connect_timeout_ms;
  config.credentials = find_credentials(options.credentials_file);
  config.tls = options.tls;
  config.tls.key_password = environment_value("ROCKETMQ_TLS_KEY_PASSWORD");
  const bool has_settings = !config.tls.ca_file.empty() || !config.tls.cert_file.empty() ||
                            !config.tls.key_file.empty() || !config.tls.verify_host;
  if (has_settings) config.tls.enabled = true;
  if (!config.tls.enabled) config.tls = {};
  const LogLevel lowest = options.verbose ? LogLevel::info
                          : tell_warnings ? LogLevel::warning
                                          : LogLevel::error;
  config.log = [lowest](LogLevel level, std::string_view line) {
    if (level < lowest) return;
    // One write a line: other threads write, too.
    const std::string text = "rmq: " + in_our_words(std::string(line)) + '\n';
    (void)std::fwrite(text.data(), 1, text.size(), stderr);
  };
  return config;
}

}  // namespace rocketmq::rmq
