#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client/consumer/assigned_queues.h"
#include "client/consumer/decode_rows.h"
#include "client/consumer/delivery.h"
#include "stored_segment.h"

namespace rocketmq::client {

using Bodies = std::vector<std::string>;

/// Deliveries of real stored messages, as Consumer::poll makes them.
class DeliveryFixture : public testing::Test {
 protected:
  AssignedQueuePtr queue(int id, const std::string& expression = "*") {
    auto subscription = std::make_shared<wire::SubscriptionData>();
    EXPECT_FALSE(wire::parse_tag_expression("topic", expression, 1, *subscription).failed());
    const auto assigned = std::make_shared<AssignedQueue>(MessageQueue{"topic", "broker", id}, "topic", false,
                                                          SubscribedTopic{std::move(subscription)});
    ready_->assign(assigned);
    ready_->reset(assigned, 0);
    return assigned;
  }

  void add(const AssignedQueuePtr& queue, std::int64_t begin, const std::vector<Text>& texts) {
    ASSERT_EQ(ready_->add(queue, segment(begin, texts)), ProcessQueue::AddResult::added);
  }

  /// Adds what a poll brings to a delivery, which may hold something already.
  void extend(Delivery::Impl& delivery, const AssignedQueues::Wanted& wanted) {
    const DecodeOptions options{
        wanted.max_messages, wanted.max_bytes, [](std::string_view topic) { return std::string(topic); }, {}};
    for (DeliveryPart& part : ready_->poll(wanted, delivery.parts())) {
      delivery.parts().push_back(std::move(part));
      DecodedPart decoded = decode_rows(delivery, delivery.parts().size() - 1, options);
      ready_->decoded(delivery.parts().back(), std::move(decoded));
    }
  }

  static Bodies bodies(const Delivery::Impl& delivery) {
    Bodies out;
    for (const ReceivedMessage& row : delivery.rows())
      out.emplace_back(as_text(row.body));
    return out;
  }

  std::shared_ptr<AssignedQueues> ready_ =
      std::make_shared<AssignedQueues>(AssignedQueues::Limits{1000, 1U << 30});
};

}  // namespace rocketmq::client
