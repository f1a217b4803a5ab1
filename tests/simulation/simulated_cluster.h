#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "simulation/model.h"
#include "simulation/simulated_network.h"
#include "wire/message_queue.h"
#include "wire/request_code.h"
#include "wire/stored_message.h"

namespace rocketmq::simulation {

/// How bad the network and the brokers are: probabilities of one request, from 0 to 1.
struct Faults {
  double lost_request = 0;   ///< Nothing comes of it.
  double lost_reply = 0;     ///< It is done, and nobody is told.
  double broken_before = 0;  ///< The connection breaks instead.
  double broken_after = 0;   ///< It is done, and the connection breaks instead of the answer.
  double refused = 0;        ///< It is answered with one of RocketMQ's error codes, and not done.
  double weakly_stored = 0;  ///< Of sends: stored, with one of the codes 10 to 12.
  double slow = 0;           ///< It takes 1 to 5 s.
  double garbled_pull = 0;   ///< Of pulls: the body is cut off.
};

/// A name server and brokers in memory, for one topic and one group. Every request passes the model.
class SimulatedCluster : public Network {
 public:
  static constexpr const char* topic = "topic";
  static constexpr const char* group = "group";

  SimulatedCluster(Model& model, std::minstd_rand& random, int brokers, int queues);
  ~SimulatedCluster() override;

  Faults faults;

  /// The next `times` requests of this kind are answered with a code, whatever it is, and not done.
  void answer_with(wire::RequestCode request, std::int32_t code, int times);
  /// How many of them came.
  [[nodiscard]] int count(wire::RequestCode request) const;

  void carry(const ClientEndPtr& from, const std::string& address, std::uint64_t request,
             const wire::Command& command, const transport::RequestBody& body) override;
  void closed_by(const ClientEndPtr& client, const std::string& address) override;

  [[nodiscard]] std::size_t broker_count() const noexcept { return brokers_.size(); }
  /// Killed: connections break, what was not yet on disk of the offsets is lost, the messages stay.
  void kill_broker(std::size_t index);
  void start_broker(std::size_t index);
  /// More queues at one broker; seen by clients with the next route.
  void add_queue(std::size_t index);
  /// The permission to write is taken from a broker, or given back.
  void set_writable(std::size_t index, bool writable);
  /// As mqadmin resetOffsetByTime does: every queue of the topic is to be received from `offset` on.
  void reset_offsets(std::int64_t offset);

  [[nodiscard]] std::vector<Model::Queue> queues() const;
  [[nodiscard]] std::int64_t stored_offset(const Model::Queue& queue) const;

 private:
  struct Broker;
  struct Incoming;
  struct Answer;
  struct Held;
  using BrokerPtr = std::shared_ptr<Broker>;

  [[nodiscard]] bool happens(double probability);
  [[nodiscard]] bool take_forced(const wire::Command& command, Answer& reply);
  [[nodiscard]] std::chrono::milliseconds latency();
  [[nodiscard]] BrokerPtr at(const std::string& address) const;
  void arrive(const Incoming& incoming, const BrokerPtr& broker);
  void answer(const Incoming& incoming, const BrokerPtr& broker, Answer reply);
  void break_connection(const BrokerPtr& broker, const ClientEndPtr& client);
  [[nodiscard]] Answer route(const wire::Command& command) const;
  [[nodiscard]] Answer heartbeat(const Incoming& incoming, Broker& broker);
  [[nodiscard]] Answer unregister(const Incoming& incoming, Broker& broker);
  [[nodiscard]] Answer members(const Broker& broker) const;
  [[nodiscard]] Answer offsets(const Incoming& incoming, Broker& broker);
  /// Gives the body of the answer.
  std::string reset_offsets(Broker& broker, std::int64_t offset);
  [[nodiscard]] Answer send(const Incoming& incoming, Broker& broker);
  [[nodiscard]] Answer send_back(const Incoming& incoming, Broker& broker);
  void pull(const Incoming& incoming, const BrokerPtr& broker);
  [[nodiscard]] Answer pulled(const Broker& broker, const Model::Queue& queue, std::int64_t offset);
  void append(Broker& broker, const Model::Queue& queue, std::string body, std::int32_t reconsume_times);
  void wake(const BrokerPtr& broker);
  void tell_members(const BrokerPtr& broker);
  void flush_regularly();

  Model& model_;
  std::minstd_rand& random_;
  std::vector<BrokerPtr> brokers_;
  std::map<std::int32_t, std::pair<std::int32_t, int>> forced_;  // Request code -> answer, how often.
  std::map<std::int32_t, int> counts_;                           // By request code.
  std::map<std::uint64_t, std::string> names_;                   // The clientIds by ClientEnd::number().
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rocketmq::simulation
