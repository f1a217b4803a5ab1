#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/error.h"
#include "client/consumer.h"
#include "client/consumer/consumer_context.h"
#include "wire/subscription.h"

namespace rocketmq::client {

/// Asks a broker whether the group may have its subscription: a condition that the broker cannot read would
/// otherwise show only as a consumer that receives nothing. So would a wrong key if the topic does not exist
/// yet, since nobody is asked for it then.
class SubscriptionCheck : public std::enable_shared_from_this<SubscriptionCheck> {
 public:
  SubscriptionCheck(const ConsumerContext& context, const ConsumerConfig& config,
                    std::shared_ptr<const wire::SubscriptionData> subscription)
      : context_(context), config_(config), subscription_(std::move(subscription)) {}

  /// Blocks until a broker has answered, at most until `deadline`; without an answer there is no objection,
  /// because pulls are refused with the same words later. Throws Error if there is one.
  void wait(std::chrono::steady_clock::time_point deadline);

 private:
  using Tell = std::function<void(Failure)>;
  void find_broker(const Tell& tell);
  void ask(const std::string& topic, const Tell& tell);
  [[nodiscard]] Failure objection(Failure refused) const;
  [[nodiscard]] bool is_sql92() const noexcept { return config_.expression_type == ExpressionType::sql92; }

  const ConsumerContext& context_;
  const ConsumerConfig& config_;
  const std::shared_ptr<const wire::SubscriptionData> subscription_;
};

}  // namespace rocketmq::client
