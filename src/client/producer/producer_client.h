#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "client/core/client_core.h"
#include "client/producer/message_encoder.h"
#include "client/producer/produce_accumulator.h"
#include "client/producer/send_operation.h"
#include "rocketmq/producer.h"
#include "wire/message_id.h"

namespace rocketmq::client {

/// A producer's client, until it is closed or fails inside; see RestartingClient. Senders' threads call it
/// from outside, and its sends run on its loop.
class ProducerClient {
 public:
  explicit ProducerClient(ProducerConfig config);
  ~ProducerClient() { close(std::chrono::milliseconds(3000)); }
  ProducerClient(const ProducerClient&) = delete;
  ProducerClient& operator=(const ProducerClient&) = delete;

  void start() { core_->start(); }

  /// See Producer::send.
  void send(std::string_view topic, const OutgoingMessages& messages, const IsCancelled& is_cancelled);
  void close(std::chrono::milliseconds deadline);

  [[nodiscard]] std::uint64_t retries() const noexcept { return shared_.retries; }
  [[nodiscard]] bool failed() const noexcept { return core_->failed(); }
  [[nodiscard]] const std::string& client_id() const noexcept { return core_->client_id(); }
  [[nodiscard]] const std::string& instance_name() const noexcept { return core_->instance_name(); }

 private:
  /// Whether no handler runs any more; sees to that if the client has failed. From a sender's thread.
  [[nodiscard]] bool has_ended();
  /// Why sends have ended then.
  [[nodiscard]] Failure end_failure() const;

  /// Sends what fits into one request, and waits for its end.
  [[nodiscard]] SendProgress::ResultPtr send_one(const SendTicketPtr& ticket, bool may_join,
                                                 transport::EventLoop::Waiter& waiter,
                                                 const IsCancelled& is_cancelled);
  /// Starts the operation of a vector that takes many requests, and brings the loop to plan it.
  void start_vector(const std::shared_ptr<SendOperation>& operation, transport::EventLoop::Waiter& waiter);

  // Loop.
  void send_request(const std::string& topic, EncodedBatch request, ProduceAccumulator::Ended ended);
  void run(const std::shared_ptr<SendOperation>& operation, std::optional<EncodedBatch> only);
  void on_heartbeat(const std::string& address, const Failure& failure);

  [[nodiscard]] std::shared_ptr<SendOperation> make_operation(const std::string& wire_topic,
                                                              std::size_t messages, std::size_t queues,
                                                              std::shared_ptr<SendProgress> progress);

  ProducerConfig config_;
  std::shared_ptr<ClientCore> core_;
  std::string group_;
  wire::UniqueIdGenerator ids_;
  SendShared shared_;                                 // Loop.
  ProduceAccumulator accumulator_;                    // Loop.
  std::set<std::shared_ptr<SendOperation>> running_;  // Loop.
  std::set<std::string> silent_;                      // Loop: brokers whose last heartbeat failed.
  // What the last large send would have sent within the time-out of a try; 0 after one that failed.
  std::atomic<std::size_t> bytes_per_timeout_{0};
  std::atomic<bool> closed_{false};
};

}  // namespace rocketmq::client
