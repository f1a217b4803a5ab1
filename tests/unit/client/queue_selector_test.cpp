#include "client/producer/queue_selector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace rocketmq::client {
namespace {

using testing::ElementsAre;
using TimePoint = QueueSelector::TimePoint;

std::vector<MessageQueue> queues_of(std::initializer_list<std::pair<const char*, int>> brokers) {
  std::vector<MessageQueue> queues;
  for (const auto& [broker, count] : brokers) {
    for (int id = 0; id < count; ++id)
      queues.push_back(MessageQueue{"t", broker, id});
  }
  return queues;
}

std::string name(const MessageQueue& queue) {
  return queue.broker_name + std::to_string(queue.queue_id);
}

std::vector<std::string> names(const std::vector<MessageQueue>& queues) {
  std::vector<std::string> result;
  for (const auto& queue : queues)
    result.push_back(name(queue));
  return result;
}

bool nothing_is_busy(const MessageQueue& /*queue*/) {
  return false;
}

TEST(QueueSelector, NeighboursBelongToDifferentBrokers) {
  EXPECT_THAT(names(interleave_brokers(queues_of({{"a", 3}, {"b", 2}}))),
              ElementsAre("a0", "b0", "a1", "b1", "a2"));
}

TEST(QueueSelector, SendsTakeAllQueuesInTurn) {
  QueueSelector selector(0);
  const auto queues = queues_of({{"a", 2}, {"b", 2}});
  std::vector<std::string> chosen;
  for (int i = 0; i < 5; ++i) {
    chosen.push_back(name(selector.choose(queues, 1, TimePoint{}, nothing_is_busy).front()));
  }
  EXPECT_THAT(chosen, ElementsAre("a0", "b0", "a1", "b1", "a0"));
}

TEST(QueueSelector, ALargeSendGetsEveryQueueOnce) {
  QueueSelector selector(3);
  const auto chosen = selector.choose(queues_of({{"a", 4}, {"b", 4}}), 100, TimePoint{}, nothing_is_busy);
  const auto all = names(chosen);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 8U);
  EXPECT_EQ(all.size(), 8U);
}

TEST(QueueSelector, AnIdleQueueIsPreferredToABusyOne) {
  QueueSelector selector(0);
  const auto queues = queues_of({{"a", 3}});
  const auto busy = [](const MessageQueue& queue) { return queue.queue_id == 0; };
  EXPECT_THAT(names(selector.choose(queues, 1, TimePoint{}, busy)), ElementsAre("a1"));
}

TEST(QueueSelector, ABrokerThatFailedIsAvoidedForAWhile) {
  QueueSelector selector(0);
  const auto queues = queues_of({{"a", 1}, {"b", 1}});
  const TimePoint start{};
  selector.avoid("a", start);
  for (int i = 0; i < 4; ++i) {
    EXPECT_THAT(names(selector.choose(queues, 1, start, nothing_is_busy)), ElementsAre("b0"));
  }
  EXPECT_FALSE(selector.is_avoided("a", start + QueueSelector::avoid_time));
  selector.avoid("a", start);
  selector.accept("a");
  EXPECT_FALSE(selector.is_avoided("a", start));
}

TEST(QueueSelector, WhereEveryBrokerFailedOneIsTriedAllTheSame) {
  QueueSelector selector(0);
  selector.avoid("a", TimePoint{});
  EXPECT_THAT(names(selector.choose(queues_of({{"a", 1}}), 1, TimePoint{}, nothing_is_busy)),
              ElementsAre("a0"));
}

}  // namespace
}  // namespace rocketmq::client
