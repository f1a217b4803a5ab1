#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "client/consumer/consumer_context.h"
#include "client/consumer/consumer_loop.h"
#include "client/consumer/delivery.h"
#include "rocketmq/consumer.h"
#include "simulation/simulated_client.h"

namespace rocketmq::simulation {

/// A consumer as src/client/consumer/consumer_client.cpp makes one, whose calls do not block.
class SimulatedConsumer {
 public:
  using DeliveryPtr = std::unique_ptr<Delivery::Impl>;

  SimulatedConsumer(const std::string& name, ConsumerConfig config, LogSink log);
  ~SimulatedConsumer();
  SimulatedConsumer(const SimulatedConsumer&) = delete;
  SimulatedConsumer& operator=(const SimulatedConsumer&) = delete;

  void start();

  /// What is ready now; null where nothing is, or all of it was filtered out.
  [[nodiscard]] DeliveryPtr poll(std::size_t max_rows);

  /// Moves the group to where the cluster has `time_ms`; what becomes of it shows in what is delivered.
  void seek(std::int64_t time_ms);

  /// `done` comes at the deadline at the latest, and says whether everything was told to the brokers before.
  void close(std::chrono::milliseconds deadline, std::function<void(bool in_order)> done);
  /// As if the process was killed.
  void kill();

  [[nodiscard]] const std::string& client_id() const noexcept { return context_.core->client_id(); }
  [[nodiscard]] const client::AssignedQueues& ready() const noexcept { return *context_.queues; }

 private:
  void wait_for_deliveries();
  void unregister();
  void end(bool in_order);

  SimulatedClient client_;
  const ConsumerConfig config_;
  client::ConsumerContext context_;
  std::unique_ptr<client::ConsumerLoop> loop_;
  std::chrono::nanoseconds deadline_{0};
  std::function<void(bool)> closed_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rocketmq::simulation
