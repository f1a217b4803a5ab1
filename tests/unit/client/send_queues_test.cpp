#include "client/producer/send_queues.h"

#include <gtest/gtest.h>

#include <deque>
#include <vector>

namespace rocketmq::client {
namespace {

using Outcome = SendQueues::Outcome;

MessageQueue queue(int id, const char* broker = "a") {
  return {"t", broker, id};
}

/// Requests to one broker, each to a queue of its own, and those of them that are on their way.
class SendQueuesTest : public testing::Test {
 protected:
  void send(int count) {
    for (int i = 0; i < count; ++i, ++next_id_)
      queues_.acquire(queue(next_id_), [this, id = next_id_] { on_their_way_.push_back(id); });
  }
  void answer(Outcome outcome, int count = 1) {
    for (int i = 0; i < count; ++i) {
      ASSERT_FALSE(on_their_way_.empty());
      const int id = on_their_way_.front();
      on_their_way_.pop_front();
      for (const auto& next : queues_.release(queue(id), outcome, SendQueues::TimePoint{}))
        next();
    }
  }
  SendQueues queues_{0};
  std::deque<int> on_their_way_;
  int next_id_ = 0;
};

TEST_F(SendQueuesTest, ABrokerThatNeverWasBusyIsNotHeldBack) {
  send(500);
  EXPECT_EQ(on_their_way_.size(), 500U);
  answer(Outcome::answered, 500);
  EXPECT_EQ(queues_.window("a"), SendQueues::max_window);
}

TEST_F(SendQueuesTest, ABusyAnswerHalvesWhatMayBeOnItsWay) {
  send(16);
  answer(Outcome::busy);
  EXPECT_EQ(queues_.window("a"), 8U);
  send(20);
  EXPECT_EQ(on_their_way_.size(), 15U) << "nothing more while more than the limit is on its way";
  answer(Outcome::unanswered, 15);
  EXPECT_EQ(on_their_way_.size(), 8U);
}

TEST_F(SendQueuesTest, ABurstThatIsRefusedAsAWholeCountsOnce) {
  send(16);
  answer(Outcome::busy, 16);
  EXPECT_EQ(queues_.window("a"), 8U);
  send(8);
  answer(Outcome::busy, 8);
  EXPECT_EQ(queues_.window("a"), 4U);
}

TEST_F(SendQueuesTest, OneRequestAlwaysMayGo) {
  for (int i = 0; i < 10; ++i) {
    send(1);
    answer(Outcome::busy);
  }
  EXPECT_EQ(queues_.window("a"), 1U);
  send(3);
  EXPECT_EQ(on_their_way_.size(), 1U);
}

TEST_F(SendQueuesTest, TheWindowGrowsAgainByOneARound) {
  send(8);
  answer(Outcome::busy, 8);
  ASSERT_EQ(queues_.window("a"), 4U);
  for (std::size_t limit = 4; limit < 50; ++limit) {
    ASSERT_EQ(queues_.window("a"), limit);
    send(static_cast<int>(limit));
    answer(Outcome::answered, static_cast<int>(limit));
  }
  send(100);
  EXPECT_EQ(on_their_way_.size(), 50U);
}

TEST_F(SendQueuesTest, SilenceSaysNothingAboutLoad) {
  send(8);
  answer(Outcome::unanswered, 8);
  EXPECT_EQ(queues_.window("a"), SendQueues::max_window);
}

TEST_F(SendQueuesTest, EveryBrokerHasAWindowOfItsOwnAndWaitersKeepTheirOrder) {
  send(2);
  answer(Outcome::busy, 2);
  EXPECT_EQ(queues_.window("a"), 1U);
  EXPECT_EQ(queues_.window("b"), SendQueues::max_window);
  send(4);
  EXPECT_EQ(on_their_way_, (std::deque<int>{2}));
  answer(Outcome::unanswered, 1);
  EXPECT_EQ(on_their_way_, (std::deque<int>{3}));
  answer(Outcome::unanswered, 1);
  EXPECT_EQ(on_their_way_, (std::deque<int>{4}));
  bool other = false;
  queues_.acquire(queue(0, "b"), [&] { other = true; });
  EXPECT_TRUE(other);
}

TEST_F(SendQueuesTest, AQueueHasOneRequestAtATimeInTheOrderInWhichTheyAsked) {
  std::vector<int> granted;
  for (const int i : {1, 2, 3})
    queues_.acquire(queue(0), [&granted, i] { granted.push_back(i); });
  queues_.acquire(queue(1), [&] { granted.push_back(10); });
  EXPECT_EQ(granted, (std::vector<int>{1, 10}));
  for (int i = 0; i < 2; ++i) {
    for (const auto& next : queues_.release(queue(0), Outcome::answered, SendQueues::TimePoint{}))
      next();
  }
  EXPECT_EQ(granted, (std::vector<int>{1, 10, 2, 3}));
  EXPECT_TRUE(queues_.is_busy(queue(0)));
  EXPECT_TRUE(queues_.release(queue(0), Outcome::answered, SendQueues::TimePoint{}).empty());
  EXPECT_FALSE(queues_.is_busy(queue(0)));
}

// The queue is the waiter's already, so nobody overtakes it there.
TEST_F(SendQueuesTest, AQueueWhoseBrokerHasNoRoomWaitsForIt) {
  send(2);
  answer(Outcome::busy, 2);
  send(1);
  std::vector<int> granted;
  for (const int i : {1, 2})
    queues_.acquire(queue(100), [&granted, i] { granted.push_back(i); });
  EXPECT_TRUE(granted.empty());
  answer(Outcome::unanswered);
  EXPECT_EQ(granted, (std::vector<int>{1}));
  for (const auto& next : queues_.release(queue(100), Outcome::unanswered, SendQueues::TimePoint{}))
    next();
  EXPECT_EQ(granted, (std::vector<int>{1, 2}));
}

}  // namespace
}  // namespace rocketmq::client
