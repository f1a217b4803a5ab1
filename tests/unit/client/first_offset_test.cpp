// Where a queue without a committed offset begins, if brokers do not say so at once.

#include <atomic>

#include "scripted_consumer.h"

namespace rocketmq::test {
namespace {

using FirstOffsetTest = ScriptedConsumer;

TEST_F(FirstOffsetTest, AnEndThatTheBrokerDoesNotTellIsAskedForAgainAndTheGroupsOffsetIsNot) {
  std::atomic<int> asked{0};
  on(RequestCode::get_max_offset, [this, &asked](const FakeRequest&) {
    if (++asked < 3) return Action::reply(wire::to_int(ResponseCode::system_busy));
    return Action::reply(wire::OffsetReply{stored_}.to_command());
  });
  const auto consumer = start(ConsumeFromWhere::last_offset);
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::pull_message), 1));
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(committed(), std::vector<std::int64_t>{10});
  EXPECT_EQ(count(RequestCode::query_consumer_offset), 2U) << "whether the group is new, and for the queue";
}

TEST_F(FirstOffsetTest, AStartThatCouldNotBeStoredIsStoredUnchangedBeforeTheFirstPull) {
  std::atomic<int> stores{0};
  on(RequestCode::update_consumer_offset, [this, &stores](const FakeRequest&) {
    EXPECT_EQ(count(RequestCode::pull_message), 0U);
    stored_ = 15;
    return Action::reply(++stores < 3 ? wire::to_int(ResponseCode::system_busy) : 0);
  });
  const auto consumer = start(ConsumeFromWhere::last_offset);
  const Delivery delivery = poll(*consumer);
  ASSERT_EQ(delivery.size(), 5U);
  EXPECT_EQ(delivery[0].queue_offset, 10);
  EXPECT_EQ(committed(), (std::vector<std::int64_t>{10, 10, 10}));
  EXPECT_EQ(count(RequestCode::get_max_offset), 1U);
}

TEST_F(FirstOffsetTest, AGroupThatHasAnOffsetIsNotAskedForAnother) {
  on(RequestCode::query_consumer_offset,
     [](const FakeRequest&) { return Action::reply(wire::OffsetReply{4}.to_command()); });
  const auto consumer = start(ConsumeFromWhere::last_offset);
  const Delivery delivery = poll(*consumer);
  ASSERT_EQ(delivery.size(), 6U);
  EXPECT_EQ(delivery[0].queue_offset, 4);
  EXPECT_EQ(count(RequestCode::get_max_offset), 0U);
  EXPECT_TRUE(committed().empty());
}

}  // namespace
}  // namespace rocketmq::test
