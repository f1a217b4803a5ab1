#pragma once

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "client/consumer/consumer_context.h"
#include "client/consumer/consumer_loop.h"
#include "client/consumer/delivery.h"
#include "client/consumer/member_claim.h"
#include "client/consumer/start_offsets.h"
#include "rocketmq/consumer.h"

namespace rocketmq::client {

/// A consumer's client, until it is closed or fails inside; see RestartingClient. The blocking side: start,
/// poll and close, on the callers' threads.
class ConsumerClient {
 public:
  explicit ConsumerClient(ConsumerConfig config);
  ~ConsumerClient();
  ConsumerClient(const ConsumerClient&) = delete;
  ConsumerClient& operator=(const ConsumerClient&) = delete;

  void start();
  /// Null if there is nothing.
  [[nodiscard]] std::unique_ptr<Delivery::Impl> poll(const PollLimits& limits);
  void interrupt() { context_.queues->interrupt(); }
  void close(std::chrono::milliseconds deadline);
  /// See Consumer::seek.
  [[nodiscard]] std::vector<SeekResult> seek(const SeekTarget& target, std::chrono::milliseconds deadline);
  /// See Consumer::commit and Consumer::rewind.
  void commit(std::chrono::milliseconds deadline);
  void rewind(std::chrono::milliseconds deadline);
  [[nodiscard]] ConsumerStatus status() const { return status_of(*context_.queues); }
  [[nodiscard]] bool failed() const noexcept { return context_.core->failed(); }
  [[nodiscard]] const std::string& client_id() const noexcept { return context_.core->client_id(); }
  [[nodiscard]] const std::string& instance_name() const noexcept { return context_.core->instance_name(); }

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  void learn_cluster(TimePoint deadline);
  void wait_until_started(TimePoint deadline);
  void shut_down(TimePoint deadline);
  void require_manual_commit(const char* call) const;
  /// Waits for what the loop answers to `what`; throws Error: closed, request_timeout.
  template <class Answer>
  [[nodiscard]] Answer wait_for(std::future<Answer> answer, std::chrono::milliseconds deadline,
                                const std::string& what) const;

  const ConsumerConfig config_;
  const bool send_back_;
  ClusterIdentity cluster_;
  ConsumerContext context_;
  std::unique_ptr<StartOffsets> start_offsets_;
  std::shared_ptr<GroupMember> member_;  // Until it is closed.
  std::unique_ptr<ConsumerLoop> loop_;

  // The first thread that closes the consumer does it; others wait for that.
  std::atomic<bool> closing_{false};
  std::promise<void> close_;
  const std::shared_future<void> closed_ = close_.get_future().share();
};

}  // namespace rocketmq::client
