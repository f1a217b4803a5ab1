#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "client/consumer.h"
#include "client/consumer/consumer_context.h"
#include "client/consumer/consumer_loop.h"
#include "client/consumer/lease_filler.h"
#include "client/consumer/lease_state.h"
#include "client/consumer/member_claim.h"

namespace rocketmq {

class Lease::Impl : public client::LeaseState {
  using LeaseState::LeaseState;
};

/// A consumer's client, until it is closed or fails inside; see RestartingClient. The blocking side: start, take and
/// close, on the callers' threads.
class Consumer::Session {
 public:
  explicit Session(ConsumerConfig config);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void start();
  /// Null if there is nothing.
  [[nodiscard]] std::unique_ptr<Lease::Impl> take(const TakeLimits& limits);
  void interrupt() { context_.ready->interrupt(); }
  void close(std::chrono::milliseconds deadline);
  [[nodiscard]] bool failed() const noexcept { return context_.core->failed(); }
  [[nodiscard]] const std::string& client_id() const noexcept { return context_.core->client_id(); }
  [[nodiscard]] const std::string& instance_name() const noexcept { return context_.core->instance_name(); }

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  void learn_cluster(TimePoint deadline);
  void wait_until_started(TimePoint deadline);
  void shut_down(TimePoint deadline);

  const ConsumerConfig config_;
  const bool send_back_;
  std::shared_ptr<const wire::SubscriptionData> subscription_;
  client::ClusterIdentity cluster_;
  client::ConsumerContext context_;
  std::optional<client::MemberClaim> claim_;  // Until it is closed.
  std::unique_ptr<client::ConsumerLoop> loop_;

  enum class Phase {
    open,     ///< Nobody has closed it yet.
    closing,  ///< One thread is closing it; others wait for that.
    closed,   ///< Everything is released.
  };
  /// Here threads meet that close the consumer at once: one does it, the others wait for that.
  std::mutex close_mutex_;
  std::condition_variable close_changed_;
  Phase phase_ = Phase::open;
};

}  // namespace rocketmq
