#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "client/producer/send_operation.h"
#include "simulation/simulated_client.h"

namespace rocketmq::simulation {

/// A producer as src/client/producer/producer_session.cpp makes one, whose sends do not block.
class SimulatedProducer {
 public:
  static constexpr std::chrono::milliseconds encode_interval{20};

  SimulatedProducer(const std::string& name, LogSink log);
  ~SimulatedProducer();
  SimulatedProducer(const SimulatedProducer&) = delete;
  SimulatedProducer& operator=(const SimulatedProducer&) = delete;

  void start();
  [[nodiscard]] bool is_started() const noexcept { return started_; }

  using Ended = std::function<void(const std::vector<SendRange>&)>;
  /// `ended` comes once; after close() it may come with nothing stored.
  void send(const std::string& topic, std::vector<std::string> bodies, std::size_t messages_a_batch,
            Ended ended);
  [[nodiscard]] std::size_t running() const noexcept { return running_.size(); }

  /// Ends the sends, takes leave, closes. `done` comes within the deadline.
  void close(std::chrono::milliseconds deadline, std::function<void()> done);

 private:
  struct Send;
  using SendPtr = std::shared_ptr<Send>;
  void encode_more(const SendPtr& send);
  /// Cuts the slices of the plan into batches, once it is there.
  void cut(const SendPtr& send);
  void end(const std::function<void()>& done);

  SimulatedClient client_;
  wire::UniqueIdGenerator ids_;
  client::SendShared shared_;
  std::set<SendPtr> running_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  bool started_ = false;
  bool closed_ = false;
};

}  // namespace rocketmq::simulation
