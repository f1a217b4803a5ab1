#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client/consumer/hold_back.h"
#include "delivery_fixture.h"

namespace rocketmq::client {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

TEST(HoldBack, ThePauseDoublesUpToSixtyTimesTheFirstAndBeginsAgainAfterASuccess) {
  HoldBack hold_back;
  EXPECT_FALSE(hold_back.active());
  const steady_clock::time_point now{1h};
  for (const int factor : {1, 2, 4, 8, 16, 32, 60, 60}) {
    hold_back.postpone(now, 100ms);
    EXPECT_TRUE(hold_back.active());
    EXPECT_EQ(hold_back.until() - now, factor * 100ms);
  }
  hold_back.end();
  EXPECT_FALSE(hold_back.active());
  hold_back.postpone(now, 100ms);
  EXPECT_EQ(hold_back.until() - now, 100ms);
}

/// Deliveries of which some queues are postponed. What is postponed for no time is due at once.
class PostponedQueues : public DeliveryFixture {
 protected:
  void add(const AssignedQueuePtr& queue, std::int64_t begin, const Bodies& bodies) {
    std::vector<Text> texts;
    for (const std::string& body : bodies)
      texts.push_back({body, "", ""});
    DeliveryFixture::add(queue, begin, texts);
  }

  static AssignedQueues::Wanted wanted(std::size_t min, steady_clock::duration wait) {
    return {min, 1000, 1U << 20, steady_clock::now() + wait};
  }

  std::unique_ptr<Delivery::Impl> poll(steady_clock::duration wait = 0s, bool send_back = false) {
    auto delivery = std::make_unique<Delivery::Impl>(ready_, send_back);
    extend(*delivery, wanted(1, wait));
    return delivery;
  }

  /// Gets all of the queue's messages and postpones them.
  void postpone(const AssignedQueuePtr& queue, std::chrono::milliseconds pause) {
    const auto delivery = poll();
    for (std::size_t row = 0; row < delivery->rows().size(); ++row) {
      if (delivery->rows()[row].queue_id == queue->queue.queue_id) delivery->postpone(row, pause);
    }
    delivery->acknowledge();
  }
};

TEST_F(PostponedQueues, TheRowsOfOneQueueWaitAndTheOthersAreDone) {
  const auto a = queue(0);
  const auto b = queue(1);
  const auto c = queue(2);
  for (const auto& each : {a, b, c})
    add(each, 0, {"1", "2"});
  const auto delivery = poll();
  ASSERT_EQ(delivery->rows().size(), 6U);
  EXPECT_EQ(delivery->queue_end(0), 2U);
  EXPECT_EQ(delivery->queue_end(2), 4U);
  EXPECT_EQ(delivery->queue_end(5), 6U);
  delivery->postpone(2, 1h);
  EXPECT_FALSE(delivery->is_postponed(1));
  EXPECT_TRUE(delivery->is_postponed(2));
  EXPECT_TRUE(delivery->is_postponed(3));
  EXPECT_FALSE(delivery->is_postponed(4));
  delivery->acknowledge();
  EXPECT_EQ(ready_->commit_offset(a), 2);
  EXPECT_EQ(ready_->commit_offset(b), 0);
  EXPECT_EQ(ready_->commit_offset(c), 2);
  EXPECT_TRUE(ready_->wait_until_idle(steady_clock::now())) << "nothing is open while a queue waits";
  add(a, 2, {"3"});
  add(b, 2, {"3"});
  EXPECT_EQ(bodies(*poll()), Bodies{"3"}) << "of a: b waits with all that comes after";
}

TEST_F(PostponedQueues, TheyComeInOrderAndAloneOnceTheyAreDue) {
  const auto a = queue(0);
  const auto b = queue(1);
  add(a, 0, {"a1", "a2"});
  add(b, 0, {"b1"});
  postpone(a, 0ms);
  add(a, 2, {"a3"});
  add(b, 1, {"b2"});
  auto delivery = poll();
  EXPECT_EQ(bodies(*delivery), (Bodies{"a1", "a2", "a3"}));
  EXPECT_TRUE(delivery->is_repeated());
  delivery->acknowledge();
  EXPECT_EQ(ready_->commit_offset(a), 3);
  add(a, 3, {"a4"});
  delivery = poll();
  EXPECT_EQ(bodies(*delivery), (Bodies{"a4", "b2"})) << "as if nothing had been";
  EXPECT_FALSE(delivery->is_repeated());
}

TEST_F(PostponedQueues, APollerWakesWhenTheFirstOneIsDue) {
  const auto a = queue(0);
  const auto b = queue(1);
  add(a, 0, {"a1"});
  add(b, 0, {"b1"});
  const auto begin = steady_clock::now();
  {
    const auto delivery = poll();
    delivery->postpone(0, 1h);
    delivery->postpone(1, 30ms);
    delivery->acknowledge();
  }
  const auto delivery = poll(10min);
  EXPECT_EQ(bodies(*delivery), Bodies{"b1"});
  EXPECT_GE(steady_clock::now() - begin, 30ms);
  EXPECT_LT(steady_clock::now() - begin, 1min);
}

TEST_F(PostponedQueues, OneThatIsDueEndsTheWaitForABatch) {
  const auto a = queue(0);
  add(a, 0, {"a1"});
  postpone(a, 10ms);
  Delivery::Impl delivery(ready_, false);
  extend(delivery, wanted(500, 10min));
  EXPECT_EQ(bodies(delivery), Bodies{"a1"});
}

TEST_F(PostponedQueues, OneThatIsDueDoesNotJoinABatchThatIsBeingCollected) {
  const auto a = queue(0);
  const auto b = queue(1);
  add(a, 0, {"a1"});
  postpone(a, 0ms);
  add(b, 0, {"b1"});
  auto repeated = poll();
  ASSERT_EQ(bodies(*repeated), Bodies{"a1"});
  auto delivery = poll();
  ASSERT_EQ(bodies(*delivery), Bodies{"b1"});
  repeated->postpone(0, 0ms);
  repeated->acknowledge();
  extend(*delivery, wanted(1, 0s));
  EXPECT_EQ(bodies(*delivery), Bodies{"b1"});
}

// Else queues whose calls take longer than their pauses would leave the others nothing.
TEST_F(PostponedQueues, TheyTakeTurnsWithTheOthers) {
  const auto a = queue(0);
  const auto b = queue(1);
  const auto c = queue(2);
  add(a, 0, {"a1"});
  add(b, 0, {"b1"});
  {
    const auto delivery = poll();
    delivery->postpone(0, 0ms);
    delivery->postpone(1, 0ms);
    delivery->acknowledge();
  }
  int calls_of_c = 0;
  int calls_of_others = 0;
  for (int i = 0; i < 20; ++i) {
    if (ready_->counts(c).messages == 0) add(c, ready_->next_offset(c), {"c"});
    const auto delivery = poll();
    ASSERT_EQ(delivery->rows().size(), 1U);
    const bool is_of_c = delivery->rows()[0].queue_id == 2;
    ++(is_of_c ? calls_of_c : calls_of_others);
    if (!is_of_c) delivery->postpone(0, 0ms);
    delivery->acknowledge();
  }
  EXPECT_EQ(calls_of_c, 10);
  EXPECT_EQ(calls_of_others, 10);
}

TEST_F(PostponedQueues, RowsOfTheQueueThatCameLaterInTheSameDeliveryWaitToo) {
  const auto a = queue(0);
  const auto b = queue(1);
  add(a, 0, {"a1", "a2"});
  add(b, 0, {"b1"});
  auto delivery = poll();
  add(a, 2, {"a3"});
  extend(*delivery, wanted(1, 0s));
  ASSERT_EQ(bodies(*delivery), (Bodies{"a1", "a2", "b1", "a3"}));
  delivery->postpone(1, 0ms);
  EXPECT_TRUE(delivery->is_postponed(3));
  delivery->acknowledge();
  EXPECT_EQ(ready_->commit_offset(a), 1);
  EXPECT_EQ(ready_->commit_offset(b), 1);
  EXPECT_EQ(bodies(*poll()), (Bodies{"a2", "a3"}));
}

TEST_F(PostponedQueues, RejectedRowsAmongThemDoNotComeAgain) {
  const auto a = queue(0);
  add(a, 0, {"1", "bad", "3"});
  auto delivery = poll();
  delivery->reject(1, true);
  delivery->postpone(0, 0ms);
  delivery->acknowledge();
  EXPECT_EQ(ready_->commit_offset(a), 0);
  delivery = poll();
  EXPECT_EQ(bodies(*delivery), (Bodies{"1", "3"}));
  delivery->acknowledge();
  EXPECT_EQ(ready_->commit_offset(a), 3);
}

TEST_F(PostponedQueues, RejectedRowsAmongThemAreSentBack) {
  const auto a = queue(0);
  add(a, 0, {"1", "bad"});
  auto delivery = poll(0s, true);
  delivery->reject(1, false);
  delivery->postpone(0, 0ms);
  delivery->acknowledge();
  const auto work = ready_->collect();
  ASSERT_EQ(work.rejected.size(), 1U);
  EXPECT_EQ(work.rejected[0].queue_offset, 1);
  delivery = poll(0s, true);
  EXPECT_EQ(bodies(*delivery), Bodies{"1"});
  delivery->acknowledge();
  EXPECT_EQ(ready_->commit_offset(a), 1) << "held until it is sent back";
}

TEST_F(PostponedQueues, OnlyRowsThatAreDoneCountAsHandled) {
  const auto a = queue(0);
  const auto b = queue(1);
  add(a, 0, {"1", "2"});
  add(b, 0, {"1"});
  const auto delivery = poll();
  delivery->postpone(0, 1h);
  delivery->acknowledge();
  EXPECT_EQ(a->counts->taken + b->counts->taken, 1);
}

TEST_F(PostponedQueues, ADeliveryThatIsStoppedHalfWayKeepsThemWaiting) {
  const auto a = queue(0);
  const auto b = queue(1);
  const auto c = queue(2);
  for (const auto& each : {a, b, c})
    add(each, 0, {"1", "2"});
  const auto delivery = poll();
  delivery->postpone(0, 1h);
  delivery->acknowledge_first(4);
  EXPECT_EQ(ready_->commit_offset(a), 0);
  EXPECT_EQ(ready_->commit_offset(b), 2);
  EXPECT_EQ(ready_->commit_offset(c), 0);
  EXPECT_EQ(poll()->rows().size(), 2U) << "of c";
}

TEST_F(PostponedQueues, AResetEndsThePause) {
  const auto a = queue(0);
  add(a, 0, {"1"});
  postpone(a, 1h);
  ready_->reset(a, 50);
  add(a, 50, {"51"});
  EXPECT_EQ(bodies(*poll()), Bodies{"51"});
}

TEST_F(PostponedQueues, APostponementAfterAResetIsForgotten) {
  const auto a = queue(0);
  add(a, 0, {"1"});
  const auto delivery = poll();
  ready_->reset(a, 50);
  delivery->postpone(0, 1h);
  delivery->acknowledge();
  add(a, 50, {"51"});
  EXPECT_EQ(ready_->commit_offset(a), 50);
  EXPECT_EQ(bodies(*poll()), Bodies{"51"});
}

TEST_F(PostponedQueues, ADroppedOneLeavesItsMessagesToTheNextOwner) {
  const auto a = queue(0);
  add(a, 0, {"1", "2"});
  postpone(a, 1h);
  ready_->drop(a);
  EXPECT_FALSE(ready_->is_busy(a));
  EXPECT_EQ(ready_->commit_offset(a), 0);
}

TEST_F(PostponedQueues, AnInterruptedPollerDoesNotWaitForThem) {
  const auto a = queue(0);
  add(a, 0, {"1"});
  postpone(a, 1h);
  ready_->interrupt();
  EXPECT_TRUE(poll(10min)->rows().empty());
}

TEST_F(PostponedQueues, TheyKeepWhatTheyHaveAndTheOthersHaveTheirShareOfRoom) {
  ready_ = std::make_shared<AssignedQueues>(AssignedQueues::Limits{12, 1U << 30});
  const auto a = queue(0);
  const auto b = queue(1);
  const auto c = queue(2);
  add(a, 0, Bodies(12, "a"));
  add(b, 0, {"b1"});
  ASSERT_FALSE(ready_->has_room(b)) << "a has filled the cache";
  postpone(a, 1h);
  EXPECT_FALSE(ready_->has_room(a));
  add(b, 1, Bodies(3, "b"));
  EXPECT_TRUE(ready_->has_room(b)) << "3 of its 4";
  add(b, 4, {"b"});
  EXPECT_FALSE(ready_->has_room(b));
  add(c, 0, {"c"});
  EXPECT_TRUE(ready_->has_room(c));
}

TEST_F(PostponedQueues, TheyReceiveUpToTheirShareAndNoMore) {
  ready_ = std::make_shared<AssignedQueues>(AssignedQueues::Limits{12, 1U << 30});
  const auto a = queue(0);
  (void)queue(1);
  (void)queue(2);
  add(a, 0, {"1"});
  postpone(a, 1h);
  add(a, 1, {"2", "3"});
  EXPECT_TRUE(ready_->has_room(a)) << "3 of its 4";
  add(a, 3, {"4"});
  EXPECT_FALSE(ready_->has_room(a));
}

// Else each message would be a call of its own as soon as it is there.
TEST_F(PostponedQueues, ACacheThatTheyFillDoesNotEndTheWaitForABatch) {
  ready_ = std::make_shared<AssignedQueues>(AssignedQueues::Limits{12, 1U << 30});
  const auto a = queue(0);
  const auto b = queue(1);
  add(a, 0, Bodies(12, "a"));
  postpone(a, 1h);
  add(b, 0, {"b1"});
  const auto begin = steady_clock::now();
  Delivery::Impl delivery(ready_, false);
  extend(delivery, wanted(5, 50ms));
  EXPECT_GE(steady_clock::now() - begin, 50ms);
  EXPECT_EQ(bodies(delivery), Bodies{"b1"});
}

}  // namespace
}  // namespace rocketmq::client
