#pragma once

#include <functional>
#include <memory>
#include <string>

#include "client/core/client_core.h"

namespace rocketmq::simulation {

inline constexpr const char* name_server_address = "127.0.0.1:9876";

/// What producers and consumers of the simulated world have in common: a core, started without waiting for
/// it. `started` is called on its strand once a name server has answered; it is tried again until one does.
class SimulatedClient {
 public:
  SimulatedClient(const std::string& instance_name, LogSink log);

  void start(std::function<void()> started);
  [[nodiscard]] client::ClientCore& core() noexcept { return *core_; }
  [[nodiscard]] const std::shared_ptr<client::ClientCore>& core_ptr() const noexcept { return core_; }

 private:
  std::shared_ptr<client::ClientCore> core_;
};

}  // namespace rocketmq::simulation
