#include "wire/host_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

namespace rocketmq::wire {

std::string to_string(const HostAddress& host) {
  const bool v6 = host.ip.size() == 16;
  if (!v6 && host.ip.size() != 4) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (inet_ntop(v6 ? AF_INET6 : AF_INET, host.ip.data(), text.data(), text.size()) == nullptr) return {};
  std::string out;
  if (v6) out += '[';
  out += text.data();
  if (v6) out += ']';
  out += ':';
  out += std::to_string(host.port);
  return out;
}

std::string java_ip_text(ByteView ip) {
  constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  if (ip.size() == 16 && std::equal(mapped.begin(), mapped.end(), ip.begin())) ip = ip.subspan(mapped.size());
  const bool v4 = ip.size() == 4;
  if (!v4 && ip.size() != 16) return {};
  std::string out;
  for (std::size_t i = 0; i < ip.size(); i += v4 ? 1 : 2) {
    const int number = v4 ? ip[i] : ip[i] << 8 | ip[i + 1];
    std::array<char, 8> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), number, v4 ? 10 : 16).ptr;
    if (i > 0) out += v4 ? '.' : ':';
    out.append(digits.begin(), end);
  }
  return out;
}

}  // namespace rocketmq::wire
