#pragma once

#include <set>
#include <string>
#include <string_view>

#include "rocketmq/client_config.h"

namespace rocketmq::client {

/// What tells one cluster from another. Clusters have names, but nearly all have the same one, and one
/// cluster has many addresses, which can be written in many ways. So it is known by all its servers that a
/// client has heard of: two clients that have one of them in common are in one cluster.
struct ClusterIdentity {
  std::set<std::string> servers;  ///< Name servers, the domain that knows them, brokers; in lower case.
  std::string name_space;         ///< A namespace is a cluster of its own.

  void add_server(std::string_view address);
  [[nodiscard]] bool is_known() const noexcept { return !servers.empty(); }
  /// Whether both are of one cluster; false if one of them is not known.
  [[nodiscard]] bool meets(const ClusterIdentity& other) const;

  friend bool operator==(const ClusterIdentity&, const ClusterIdentity&) = default;
};

/// What a configuration tells of its cluster. What cannot be read is left out: somebody else refuses it.
[[nodiscard]] ClusterIdentity cluster_of(const ClientConfig& config);

}  // namespace rocketmq::client
