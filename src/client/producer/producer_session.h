#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "client/core/client_core.h"
#include "client/core/io_threads.h"
#include "client/core/strand_timer.h"
#include "client/producer.h"
#include "client/producer/message_encoder.h"
#include "client/producer/send_groups.h"
#include "client/producer/send_operation.h"
#include "wire/message_id.h"

namespace rocketmq {

/// A producer's client, until it is closed or fails inside; see Renewable. producer_session.cpp starts and
/// closes it; producer_send.cpp sends.
class Producer::Session {
 public:
  /// Throws Error where the configuration is wrong.
  static void check(const ProducerConfig& config);

  explicit Session(ProducerConfig config);
  ~Session() { close(std::chrono::milliseconds(3000)); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void start() { core_->start(); }

  void send(std::string_view topic, std::string_view tag, std::span<const std::string_view> bodies);
  void close(std::chrono::milliseconds deadline);

  [[nodiscard]] bool failed() const noexcept { return core_->failed(); }
  [[nodiscard]] const std::string& client_id() const noexcept { return core_->client_id(); }
  [[nodiscard]] const std::string& instance_name() const noexcept { return core_->instance_name(); }

 private:
  /// Whether no thread runs the strand any more; sees to it where the session has failed. Of a sender's
  /// thread.
  [[nodiscard]] bool has_ended();
  /// Why sends have ended then.
  [[nodiscard]] Failure end_failure() const;

  /// Ends a send whose client has ended. Of its sender's thread.
  void abort_if_ended(client::SendOperation& operation);

  /// What one call of send works with.
  struct Call {
    std::string_view topic;  // As the user names it.
    std::string wire_topic;
    std::span<const std::string_view> bodies;
    client::MessageEncoder& encoder;
    client::IoThreads::Caller& caller;
    std::size_t bytes;  // Of all messages, encoded.
  };

  /// Sends many messages to `queues` queues, in as many batches as it takes.
  void send_batches(const Call& call, const client::PackingOptions& packing, std::size_t queues);
  /// The same for so much that it tells how fast the line and the brokers are.
  void send_large(const Call& call, const client::PackingOptions& packing, std::size_t queues);
  /// Sends one request without company. `counted`: it counts as a request in groups_.
  void send_alone(const Call& call, const client::BatchRange& batch, bool counted);
  /// Sends one small message, together with what others send at the same time.
  void send_in_company(const Call& call, const client::BatchRange& batch);
  /// What became of the message in its group; waits for it.
  [[nodiscard]] std::shared_ptr<const client::SendProgress::Result> wait_in_group(
      const client::SendGroups::Place& place);

  // Strand.
  void run(const std::shared_ptr<client::SendOperation>& operation, std::optional<client::EncodedBatch> only,
           const std::string& counted_topic);
  void run_group(const std::shared_ptr<client::SendGroup>& group);
  /// A request of groups_ has ended; see there. Runs what is next.
  void request_ended(const std::string& counted_topic, std::size_t messages);
  void end_lingers();
  void on_heartbeat(const std::string& address, const Failure& failure);

  [[nodiscard]] std::shared_ptr<client::SendOperation> make_operation(
      const std::string& wire_topic, std::size_t messages, std::size_t queues,
      std::shared_ptr<client::SendProgress> progress);

  ProducerConfig config_;
  std::shared_ptr<client::ClientCore> core_;
  std::string group_;
  wire::UniqueIdGenerator ids_;
  client::SendGroups groups_;
  client::SendShared shared_;                                 // Strand.
  std::set<std::shared_ptr<client::SendOperation>> running_;  // Strand.
  std::set<std::string> silent_;                              // Brokers whose last heartbeat failed. Strand.
  struct Linger {
    std::chrono::steady_clock::time_point until;
    std::string topic;
    std::uint64_t number = 0;
  };
  std::deque<Linger> lingers_;  // Strand; of groups_, in the order of their ends.
  client::StrandTimer linger_timer_;
  // What the last large send would have sent within the time-out of a try; 0 after one that failed.
  std::atomic<std::size_t> bytes_per_timeout_{0};
  std::atomic<bool> closed_{false};
};

namespace client {

[[nodiscard]] Failure producer_closed_failure();

}  // namespace client
}  // namespace rocketmq
