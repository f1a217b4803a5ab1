#include "client/consumer/allocation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace rocketmq::client {
namespace {

std::vector<MessageQueue> queues(int count) {
  std::vector<MessageQueue> out;
  for (int i = 0; i < count; ++i)
    out.push_back({"topic", "broker-a", i});
  return out;
}

std::vector<int> ids(const std::optional<std::vector<MessageQueue>>& share) {
  std::vector<int> out;
  if (!share) return {-1};
  for (const MessageQueue& queue : *share)
    out.push_back(queue.queue_id);
  return out;
}

TEST(Allocation, ALoneConsumerGetsEveryQueue) {
  EXPECT_EQ(ids(allocate_average(queues(4), {"me"}, "me")), (std::vector<int>{0, 1, 2, 3}));
}

TEST(Allocation, TheFirstClientsGetOneMoreWhereItDoesNotDivide) {
  const std::vector<std::string> clients{"a", "b", "c"};
  EXPECT_EQ(ids(allocate_average(queues(8), clients, "a")), (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(ids(allocate_average(queues(8), clients, "b")), (std::vector<int>{3, 4, 5}));
  EXPECT_EQ(ids(allocate_average(queues(8), clients, "c")), (std::vector<int>{6, 7}));
}

TEST(Allocation, WithMoreClientsThanQueuesTheLastOnesGetNothing) {
  const std::vector<std::string> clients{"a", "b", "c"};
  EXPECT_EQ(ids(allocate_average(queues(2), clients, "b")), (std::vector<int>{1}));
  EXPECT_EQ(ids(allocate_average(queues(2), clients, "c")), (std::vector<int>{}));
}

TEST(Allocation, AListWithoutMeSaysNothingAboutMyShare) {
  EXPECT_FALSE(allocate_average(queues(4), {"a", "b"}, "me").has_value());
  EXPECT_FALSE(allocate_average(queues(4), {}, "me").has_value());
}

TEST(Allocation, OrderAndRepetitionOfTheInputDoNotMatter) {
  std::vector<MessageQueue> mixed = queues(4);
  std::reverse(mixed.begin(), mixed.end());
  mixed.push_back(mixed.front());
  EXPECT_EQ(ids(allocate_average(mixed, {"b", "a", "b", "a"}, "b")), (std::vector<int>{2, 3}));
}

TEST(Allocation, QueuesAreOrderedByBrokerNameBeforeTheirId) {
  const std::vector<MessageQueue> two{{"t", "b", 0}, {"t", "a", 1}, {"t", "b", 1}, {"t", "a", 0}};
  const auto share = allocate_average(two, {"x", "y"}, "x");
  ASSERT_TRUE(share.has_value());
  EXPECT_EQ(*share, (std::vector<MessageQueue>{{"t", "a", 0}, {"t", "a", 1}}));
}

TEST(Allocation, EveryQueueHasExactlyOneOwnerAndSharesDifferByOneAtMost) {
  for (int queue_count = 0; queue_count < 20; ++queue_count) {
    for (int client_count = 1; client_count < 12; ++client_count) {
      std::vector<std::string> clients;
      for (int i = 0; i < client_count; ++i)
        clients.push_back("client-" + std::to_string(i));
      std::map<int, int> owners;
      std::size_t smallest = 1000;
      std::size_t largest = 0;
      for (const std::string& client : clients) {
        const auto share = allocate_average(queues(queue_count), clients, client);
        ASSERT_TRUE(share.has_value());
        smallest = std::min(smallest, share->size());
        largest = std::max(largest, share->size());
        for (const MessageQueue& queue : *share)
          ++owners[queue.queue_id];
      }
      ASSERT_EQ(owners.size(), static_cast<std::size_t>(queue_count));
      for (const auto& [queue, count] : owners)
        ASSERT_EQ(count, 1) << queue;
      ASSERT_LE(largest - smallest, 1U);
    }
  }
}

}  // namespace
}  // namespace rocketmq::client
