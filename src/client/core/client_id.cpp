#include "client/core/client_id.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstring>

namespace rocketmq::client {

std::array<std::uint8_t, 4> local_ipv4() {
  std::array<std::uint8_t, 4> result{127, 0, 0, 1};
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return result;
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr || entry->ifa_addr->sa_family != AF_INET) continue;
    if ((entry->ifa_flags & IFF_UP) == 0 || (entry->ifa_flags & IFF_LOOPBACK) != 0) continue;
    sockaddr_in address{};
    std::memcpy(&address, entry->ifa_addr, sizeof(address));
    std::memcpy(result.data(), &address.sin_addr, result.size());
    break;
  }
  freeifaddrs(list);
  return result;
}

std::string ipv4_text(const std::array<std::uint8_t, 4>& address) {
  std::string text;
  for (const auto part : address) {
    if (!text.empty()) text += '.';
    text += std::to_string(part);
  }
  return text;
}

std::string unique_instance_name() {
  static std::atomic<std::uint64_t> counter{0};
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
  return std::to_string(getpid()) + '#' + std::to_string(++counter) + '#' + std::to_string(nanoseconds);
}

std::string make_client_id(std::string_view ip, std::string_view instance, std::string_view unit) {
  std::string id(ip);
  id += '@';
  id += instance;
  if (!unit.empty()) {
    id += '@';
    id += unit;
  }
  return id;
}

}  // namespace rocketmq::client
