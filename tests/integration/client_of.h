#pragma once

#include "rocketmq/client_config.h"
#include "support/real_broker.h"

namespace rocketmq::test {

/// As a producer's send_timeout_ms: a busy machine must not make it send anything twice.
inline constexpr int patient_send_timeout_ms = 60'000;

/// A client of this cluster. It finds its name server on a busy machine, too.
inline ClientConfig client_of(const RealBroker& cluster) {
  ClientConfig config;
  config.name_server_addresses = cluster.name_servers();
  config.connect_timeout_ms = 30'000;
  return config;
}

}  // namespace rocketmq::test
