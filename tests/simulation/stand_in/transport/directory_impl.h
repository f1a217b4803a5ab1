#pragma once

// Stands in for src/transport/directory_impl.h where the client is compiled for the simulation: requests go
// to the simulated network.

#include "simulation/simulated_network.h"
#include "transport/directory.h"

namespace rocketmq::transport {

class Directory::Impl : public simulation::ClientEnd {
 public:
  Impl(asio::io_context& context, const DirectoryOptions& /*options*/) : ClientEnd(context) {}
};

}  // namespace rocketmq::transport
