#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "support/real_broker.h"

namespace rocketmq::test {

/// Some machines and containers have none.
inline bool has_ipv6_loopback() {
  const int fd = ::socket(AF_INET6, SOCK_STREAM, 0);
  if (fd < 0) return false;
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  const bool bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return bound;
}

/// For RealBroker::Options: the broker announces `::1:PORT`, and stores 16-byte hosts in every message.
inline std::vector<std::string> ipv6_broker_arguments() {
  std::vector<std::string> arguments{"--set", "brokerIP1=::1"};
  // Before 5.0 a broker listens at every address anyway.
  if (RealBroker::is_at_least(5, 0)) arguments.insert(arguments.end(), {"--set", "bindAddress=0.0.0.0"});
  return arguments;
}

}  // namespace rocketmq::test
