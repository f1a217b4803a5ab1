#include "client/producer/key_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rocketmq::client {
namespace {

using testing::ElementsAre;

std::vector<MessageQueue> queues(int count) {
  std::vector<MessageQueue> all;
  for (int i = 0; i < count; ++i)
    all.push_back({"t", "a", i});
  return all;
}

TEST(KeyOrder, AQueueIsThatOfTheHashAsInJava) {
  // -7 % 4 is -3 in Java and here, and its absolute value counts.
  const std::vector<OrderKey> keys{{"p", 6}, {"n", -7}, {"zero", 0}, order_key("hello")};
  KeyOrder order(keys, keys.size());
  order.divide(queues(4));
  // "hello".hashCode() is 99162322.
  EXPECT_EQ(keys[3].hash, 99'162'322);
  ASSERT_EQ(order.queues().size(), 3U);
  EXPECT_EQ(order.queues()[0].queue_id, 0);
  EXPECT_EQ(order.queues()[1].queue_id, 2);
  EXPECT_EQ(order.queues()[2].queue_id, 3);
  EXPECT_THAT(order.messages(), ElementsAre(2, 0, 3, 1));
}

TEST(KeyOrder, MessagesOfAQueueKeepTheirOrder) {
  std::vector<OrderKey> keys;
  for (int i = 0; i < 10; ++i)
    keys.push_back({"", i});
  KeyOrder order(keys, keys.size());
  order.divide(queues(3));
  EXPECT_THAT(order.messages(), ElementsAre(0, 3, 6, 9, 1, 4, 7, 2, 5, 8));
  EXPECT_THAT(order.slices(), ElementsAre(SliceRange{0, 4}, SliceRange{4, 3}, SliceRange{7, 3}));
  const std::vector<int> column{10, 11, 12, 13, 14, 15, 16, 17, 18, 19};
  EXPECT_THAT(order.arrange(std::span<const int>(column)),
              ElementsAre(10, 13, 16, 19, 11, 14, 17, 12, 15, 18));
}

TEST(KeyOrder, OneKeyForAllIsOneQueue) {
  const std::vector<OrderKey> keys{{"k", 5}};
  KeyOrder order(keys, 100);
  order.divide(queues(3));
  ASSERT_EQ(order.queues().size(), 1U);
  EXPECT_EQ(order.queues()[0].queue_id, 2);
  EXPECT_THAT(order.slices(), ElementsAre(SliceRange{0, 100}));
}

TEST(KeyOrder, WhatBecameOfPlacesIsWhatBecameOfTheirMessages) {
  std::vector<OrderKey> keys;
  for (int i = 0; i < 6; ++i)
    keys.push_back({"", i % 2});
  KeyOrder order(keys, keys.size());
  order.divide(queues(2));
  // Places 0 to 2 are the messages 0, 2 and 4.
  const std::vector<SendRange> ranges{{0, 3, SendOutcome::stored, {}},
                                      {3, 3, SendOutcome::not_stored, {Errc::send_failed, "away", {}}}};
  const auto restored = order.restore(ranges);
  ASSERT_EQ(restored.size(), 6U);
  for (std::size_t i = 0; i < restored.size(); ++i) {
    EXPECT_EQ(restored[i].first, i);
    EXPECT_EQ(restored[i].count, 1U);
    EXPECT_EQ(restored[i].outcome, i % 2 == 0 ? SendOutcome::stored : SendOutcome::not_stored);
  }
}

}  // namespace
}  // namespace rocketmq::client
