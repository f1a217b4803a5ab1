// What an operator hears of a consumer's rates.

#include <gtest/gtest.h>

#include <optional>
#include <utility>

#include "client/consumer/operator_requests.h"

namespace rocketmq::client {
namespace {

using namespace std::chrono_literals;

class ConsumeCountsTest : public testing::Test {
 protected:
  using TimePoint = OperatorRequests::TimePoint;

  ConsumeCountsTest() {
    ClientConfig config;
    config.name_server_addresses = "127.0.0.1:1";
    context_.core = ClientCore::create(std::move(config));
    context_.queues = std::make_shared<AssignedQueues>(AssignedQueues::Limits{});
    wire::SubscriptionData everything;
    everything.topic = "topic";
    context_.retry_topic = "%RETRY%group";
    context_.topics = {subscribe(everything), subscribe_to_retries(context_.retry_topic, 0)};
    requests_.emplace(context_, OperatorRequests::Consumer{loops_, 1, [] {}}, now_);
  }

  /// Time passes, and every second `each` is counted.
  void pass(std::chrono::seconds time, const ConsumeCounts& each = {}) {
    for (const TimePoint end = now_ + time; now_ < end;) {
      counts() += each;
      now_ += 1s;
      requests_->remember_counts(now_);
    }
  }
  /// Of the topic; nobody else is there who counts.
  [[nodiscard]] ConsumeCounts& counts() const { return *context_.topics.front().counts; }
  [[nodiscard]] wire::ConsumeStatus status(std::size_t topic = 0) const {
    return requests_->achieved_in(topic, now_);
  }

  TimePoint now_{1000h};
  ConsumerContext context_;
  const PullLoops loops_;
  std::optional<OperatorRequests> requests_;
};

TEST_F(ConsumeCountsTest, NothingYetIsAllZero) {
  for (const auto time : {0s, 3600s}) {
    pass(time);
    EXPECT_EQ(status().pull_rt, 0);
    EXPECT_EQ(status().consume_rt, 0);
    EXPECT_EQ(status().consume_ok_tps, 0);
    EXPECT_EQ(status().consume_failed_msgs, 0);
  }
}

TEST_F(ConsumeCountsTest, AveragesAreThoseOfTheLastMinute) {
  counts() += {1, 1'000'000, 500ms, 1, 1'000'000, 0, 500ms};
  pass(61s);
  pass(75s, {1, 20, 4ms, 1, 18, 2, 10ms});
  EXPECT_DOUBLE_EQ(status().pull_rt, 4);
  EXPECT_DOUBLE_EQ(status().pull_tps, 20);
  EXPECT_DOUBLE_EQ(status().consume_rt, 10);
  EXPECT_DOUBLE_EQ(status().consume_ok_tps, 18);
  EXPECT_DOUBLE_EQ(status().consume_failed_tps, 2);
  EXPECT_EQ(status(1).pull_tps, 0) << "of another topic";
}

TEST_F(ConsumeCountsTest, AYoungConsumersRatesAreThoseOfItsLife) {
  counts().taken = 50;
  pass(5s);
  EXPECT_DOUBLE_EQ(status().consume_ok_tps, 10);
}

TEST_F(ConsumeCountsTest, FailuresAreThoseOfTheLastHour) {
  pass(60s);
  counts().failed += 3;
  pass(29min);
  counts().failed += 4;
  pass(29min);
  EXPECT_EQ(status().consume_failed_msgs, 7);
  EXPECT_EQ(status().consume_failed_tps, 0);
  pass(11min);
  EXPECT_EQ(status().consume_failed_msgs, 4);
  pass(110min);
  EXPECT_EQ(status().consume_failed_msgs, 0);
}

}  // namespace
}  // namespace rocketmq::client
