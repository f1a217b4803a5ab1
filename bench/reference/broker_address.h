#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rocketmq::bench {

/// A broker as the reference is told of it: the reference asks no name server.
struct BrokerAddress {
  std::string name;
  std::string host;  ///< A numeric IPv4 address.
  std::uint16_t port = 0;
};

/// Reads `name=host:port,name=host:port`. Throws std::invalid_argument with the part that is wrong.
[[nodiscard]] std::vector<BrokerAddress> parse_brokers(const std::string& text);

/// Reads `host:port`; name stays empty. Throws std::invalid_argument.
[[nodiscard]] BrokerAddress parse_address(std::string_view text);

}  // namespace rocketmq::bench
