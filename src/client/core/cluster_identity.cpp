#include "client/core/cluster_identity.h"

#include <algorithm>
#include <vector>

#include "base/address.h"

namespace rocketmq::client {

void ClusterIdentity::add_server(std::string_view address) {
  std::string lower(address);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (!lower.empty()) servers.insert(std::move(lower));
}

bool ClusterIdentity::meets(const ClusterIdentity& other) const {
  return name_space == other.name_space &&
         std::any_of(servers.begin(), servers.end(),
                     [&other](const std::string& server) { return other.servers.contains(server); });
}

ClusterIdentity cluster_of(const ClientConfig& config) {
  ClusterIdentity cluster;
  cluster.name_space = config.name_space;
  cluster.add_server(config.name_server_domain);
  std::vector<Address> addresses;
  if (!parse_address_list(config.name_server_addresses, addresses).failed()) {
    for (const Address& address : addresses)
      cluster.add_server(to_string(address));
  }
  return cluster;
}

}  // namespace rocketmq::client
