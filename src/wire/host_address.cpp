#include "wire/host_address.h"

#include <arpa/inet.h>

#include <array>

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

}  // namespace rocketmq::wire
