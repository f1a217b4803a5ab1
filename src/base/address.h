#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rocketmq/error.h"

namespace rocketmq {

/// A server's address. `host` is a name, an IPv4 address, or an IPv6 address without brackets.
struct Address {
  std::string host;
  std::uint16_t port = 0;

  friend bool operator==(const Address&, const Address&) = default;
  friend auto operator<=>(const Address&, const Address&) = default;
};

/// `host:port`, with brackets around an IPv6 host: the form that parse_address reads.
[[nodiscard]] std::string to_string(const Address& address);

/// Reads `host:port` or `[ipv6]:port`. Blanks around it are ignored. The port is 1 to 65535.
/// Fails with invalid_address and a text that quotes the bad part; `out` is then unchanged.
[[nodiscard]] Failure parse_address(std::string_view text, Address& out);

/// Reads addresses separated by ';' or ','. Empty parts (a trailing separator) are ignored, a repeated
/// address is kept once, and the order is kept. Fails with invalid_address if a part is bad or the list has
/// no address; `out` is then unchanged.
[[nodiscard]] Failure parse_address_list(std::string_view text, std::vector<Address>& out);

/// Reads an address that a server announces. It may also be an IPv6 address without brackets, as in
/// `::1:10911`. The port follows the last colon, as Java reads it.
[[nodiscard]] Failure parse_announced_address(std::string_view text, Address& out);
[[nodiscard]] Failure parse_announced_address_list(std::string_view text, std::vector<Address>& out);

}  // namespace rocketmq
