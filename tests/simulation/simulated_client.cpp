#include "simulation/simulated_client.h"

#include <utility>

#include "client/core/heartbeat.h"
#include "client/core/name_servers.h"
#include "client/core/route_table.h"

namespace rocketmq::simulation {
namespace {

ClientConfig config_of(const std::string& instance_name, LogSink log) {
  ClientConfig config;
  config.name_server_addresses = name_server_address;
  config.instance_name = instance_name;
  config.log = std::move(log);
  return config;
}

}  // namespace

SimulatedClient::SimulatedClient(const std::string& instance_name, LogSink log)
    : core_(client::ClientCore::create(config_of(instance_name, std::move(log)))) {}

// What ClientCore::start does, without its wait: there is no other thread that could end it.
void SimulatedClient::start(std::function<void()> started) {
  core_->remoting().set_disconnect_handler([core = std::weak_ptr(core_)](const std::string& address) {
    if (const auto alive = core.lock()) alive->heartbeats().on_disconnect(address);
  });
  core_->post([this, started = std::move(started)]() mutable {
    core_->name_servers().start([this, started = std::move(started)](const Failure& failure) mutable {
      if (core_->closing()) return;
      if (failure.failed()) {
        start(std::move(started));
        return;
      }
      core_->routes().start();
      core_->heartbeats().start();
      started();
    });
  });
}

}  // namespace rocketmq::simulation
