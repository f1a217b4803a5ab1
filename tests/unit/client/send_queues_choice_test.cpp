#include "client/producer/send_queues.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace rocketmq::client {
namespace {

using testing::ElementsAre;
using TimePoint = SendQueues::TimePoint;

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

// A request to the broker ends so.
void end_request(SendQueues& sends, const std::string& broker, SendQueues::Outcome outcome, TimePoint now) {
  const MessageQueue queue{"t", broker, 0};
  sends.acquire(queue, [] {});
  EXPECT_TRUE(sends.release(queue, outcome, now).empty());
}

TEST(SendQueuesChoice, NeighboursBelongToDifferentBrokers) {
  EXPECT_THAT(names(interleave_brokers(queues_of({{"a", 3}, {"b", 2}}))),
              ElementsAre("a0", "b0", "a1", "b1", "a2"));
}

TEST(SendQueuesChoice, SendsTakeAllQueuesInTurn) {
  SendQueues sends(0);
  const auto queues = queues_of({{"a", 2}, {"b", 2}});
  std::vector<std::string> chosen;
  for (int i = 0; i < 5; ++i) {
    chosen.push_back(name(sends.choose(queues, 1, TimePoint{}).front()));
  }
  EXPECT_THAT(chosen, ElementsAre("a0", "b0", "a1", "b1", "a0"));
}

TEST(SendQueuesChoice, ALargeSendGetsEveryQueueOnce) {
  SendQueues sends(3);
  const auto chosen = sends.choose(queues_of({{"a", 4}, {"b", 4}}), 100, TimePoint{});
  const auto all = names(chosen);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 8U);
  EXPECT_EQ(all.size(), 8U);
}

TEST(SendQueuesChoice, AnIdleQueueIsPreferredToABusyOne) {
  SendQueues sends(0);
  const auto queues = queues_of({{"a", 3}});
  sends.acquire(queues[0], [] {});
  EXPECT_THAT(names(sends.choose(queues, 1, TimePoint{})), ElementsAre("a1"));
}

TEST(SendQueuesChoice, ABrokerThatFailedIsAvoidedForAWhile) {
  SendQueues sends(0);
  const auto queues = queues_of({{"a", 1}, {"b", 1}});
  const TimePoint start{};
  end_request(sends, "a", SendQueues::Outcome::unanswered, start);
  for (int i = 0; i < 4; ++i) {
    EXPECT_THAT(names(sends.choose(queues, 1, start)), ElementsAre("b0"));
  }
  EXPECT_FALSE(sends.is_avoided("a", start + SendQueues::avoid_time));
  end_request(sends, "a", SendQueues::Outcome::unanswered, start);
  end_request(sends, "a", SendQueues::Outcome::not_sent, start);
  EXPECT_TRUE(sends.is_avoided("a", start)) << "it has not been asked";
  end_request(sends, "a", SendQueues::Outcome::busy, start);
  EXPECT_FALSE(sends.is_avoided("a", start)) << "it answers";
}

TEST(SendQueuesChoice, IfEveryBrokerFailedOneIsTriedAllTheSame) {
  SendQueues sends(0);
  end_request(sends, "a", SendQueues::Outcome::unanswered, TimePoint{});
  EXPECT_THAT(names(sends.choose(queues_of({{"a", 1}}), 1, TimePoint{})), ElementsAre("a0"));
}

}  // namespace
}  // namespace rocketmq::client
