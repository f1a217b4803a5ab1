#pragma once

#include <string_view>

#include "rocketmq/bytes.h"
#include "wire/field_list.h"

namespace rocketmq::wire {

/// Asks a broker for all of its settings (26). The reply's body has a line KEY=VALUE for each.
/// Source: AdminBrokerProcessor#getBrokerConfig.
struct GetBrokerConfigRequest {
  static void visit_fields(auto& /*self*/, auto& /*fields*/) {}
  [[nodiscard]] Command to_command() const { return encode_request(RequestCode::get_broker_config, *this); }
};

/// The value of the line `key`=value of the settings; empty if there is none.
[[nodiscard]] inline std::string_view setting(ByteView settings, std::string_view key) {
  std::string_view rest = as_text(settings);
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.size() > key.size() && line.starts_with(key) && line[key.size()] == '=')
      return line.substr(key.size() + 1);
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return {};
}

}  // namespace rocketmq::wire
