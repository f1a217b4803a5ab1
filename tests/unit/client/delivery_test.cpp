#include "client/consumer/delivery.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "delivery_fixture.h"

namespace rocketmq::client {
namespace {

using std::chrono::steady_clock;

class DeliveryTest : public DeliveryFixture {
 protected:
  std::unique_ptr<Delivery::Impl> poll(bool send_back = false, std::size_t max_rows = 1000) {
    auto delivery = std::make_unique<Delivery::Impl>(ready_, send_back);
    extend(*delivery, {1, max_rows, 1U << 20, steady_clock::now()});
    return delivery;
  }
};

TEST_F(DeliveryTest, OfAHalfDoneDeliveryTheFirstRowsAreDoneAndTheOthersComeAgain) {
  const auto a = queue(0);
  add(a, 0, texts(3));
  add(a, 3, {{"x", "", ""}, {"y", "", ""}, {"z", "", ""}});
  poll()->acknowledge_first(4);
  EXPECT_EQ(ready_->commit_offset(a), 4);
  const auto next = poll();
  EXPECT_EQ(bodies(*next), (Bodies{"y", "z"}));
  EXPECT_EQ(next->rows()[0].queue_offset, 4);
  next->acknowledge();
  EXPECT_EQ(ready_->commit_offset(a), 6);
  EXPECT_TRUE(ready_->wait_until_idle(steady_clock::now()));
  EXPECT_EQ(ready_->counts(a).messages, 0U);
}

TEST_F(DeliveryTest, QueuesBeforeTheBoundaryAreDoneAndThoseAfterItUntouched) {
  const auto a = queue(0);
  const auto b = queue(1);
  const auto c = queue(2);
  for (const auto& each : {a, b, c})
    add(each, 0, texts(2));
  const auto delivery = poll();
  ASSERT_EQ(delivery->rows().size(), 6U);
  delivery->acknowledge_first(3);
  EXPECT_EQ(ready_->commit_offset(a), 2);
  EXPECT_EQ(ready_->commit_offset(b), 1);
  EXPECT_EQ(ready_->commit_offset(c), 0);
  EXPECT_EQ(poll()->rows().size(), 3U);
}

TEST_F(DeliveryTest, WithNoneDoneEverythingComesAgainAndWithAllDoneNothing) {
  const auto a = queue(0);
  add(a, 0, texts(3));
  poll()->acknowledge_first(0);
  EXPECT_EQ(ready_->commit_offset(a), 0);
  poll()->acknowledge_first(3);
  EXPECT_EQ(ready_->commit_offset(a), 3);
  EXPECT_TRUE(poll()->rows().empty());
}

TEST_F(DeliveryTest, WhatWasFilteredOutBeforeTheBoundaryIsDone) {
  const auto a = queue(0, "A");
  add(a, 0, {{"1", "A", ""}, {"no", "B", ""}, {"no", "B", ""}, {"2", "A", ""}, {"no", "B", ""}});
  poll()->acknowledge_first(1);
  EXPECT_EQ(ready_->commit_offset(a), 3);
  EXPECT_EQ(bodies(*poll()), Bodies{"2"});
}

TEST_F(DeliveryTest, RejectedRowsBeforeTheBoundaryAreSentBackAndThoseAfterItComeAgain) {
  const auto a = queue(0);
  add(a, 0, texts(5));
  auto delivery = poll(true);
  delivery->reject(1);
  delivery->reject(4);
  delivery->acknowledge_first(3);
  EXPECT_EQ(ready_->commit_offset(a), 1) << "held until it is sent back";
  auto work = ready_->collect();
  ASSERT_EQ(work.rejected.size(), 1U);
  EXPECT_EQ(work.rejected[0].queue_offset, 1);
  wire::StoredMessageReader reader(work.rejected[0].record.view);
  wire::StoredMessageView message;
  bool found = false;
  ASSERT_EQ(reader.next(message, found), Errc::ok);
  EXPECT_EQ(as_text(message.body), "body1") << "it outlives its delivery";
  EXPECT_EQ(bodies(*poll(true)), (Bodies{"body3", "body4"}));
  ready_->sent_back(work.rejected[0]);
  EXPECT_EQ(ready_->commit_offset(a), 3);
}

TEST_F(DeliveryTest, WhatIsRejectedForGoodIsMarkedSo) {
  const auto a = queue(0);
  add(a, 0, texts(3));
  auto delivery = poll(true);
  delivery->reject(0);
  delivery->reject(2, true);
  delivery->acknowledge();
  const auto work = ready_->collect();
  ASSERT_EQ(work.rejected.size(), 2U);
  EXPECT_FALSE(work.rejected[0].for_good);
  EXPECT_TRUE(work.rejected[1].for_good);
}

TEST_F(DeliveryTest, ARejectedRowWithoutRetryIsDoneAndOneBeyondTheBoundaryComesAgain) {
  const auto a = queue(0);
  add(a, 0, texts(3));
  auto delivery = poll();
  delivery->reject(0);
  delivery->reject(2);
  delivery->acknowledge_first(1);
  EXPECT_EQ(bodies(*poll()), (Bodies{"body1", "body2"}));
}

TEST_F(DeliveryTest, AQueueThatWasLetGoMeanwhileIsCommittedUpToTheBoundary) {
  const auto a = queue(0);
  add(a, 0, texts(5));
  const auto delivery = poll();
  ready_->drop(a);
  delivery->acknowledge_first(2);
  EXPECT_EQ(ready_->commit_offset(a), 2);
  EXPECT_FALSE(ready_->is_busy(a));
}

TEST_F(DeliveryTest, AfterAResetAHalfDoneDeliveryChangesNothing) {
  const auto a = queue(0);
  add(a, 0, texts(5));
  const auto delivery = poll();
  ready_->reset(a, 100);
  delivery->acknowledge_first(2);
  EXPECT_EQ(ready_->commit_offset(a), 100);
  add(a, 100, {{"new", "", ""}});
  EXPECT_EQ(bodies(*poll()), Bodies{"new"});
}

TEST(EmptyDelivery, MayBeAskedForAnyPlace) {
  const Delivery none;
  EXPECT_EQ(none.queue_end(0), 0U);
  EXPECT_FALSE(none.is_postponed(0));
}

TEST_F(DeliveryTest, APlaceThatItDoesNotHaveIsItsEnd) {
  const auto a = queue(0);
  add(a, 0, {{"x", "", ""}, {"y", "", ""}});
  const auto delivery = poll();
  EXPECT_EQ(delivery->queue_end(2), 2U);
  EXPECT_EQ(delivery->queue_end(std::numeric_limits<std::size_t>::max()), 2U);
  delivery->postpone(0, std::chrono::seconds(1));
  EXPECT_TRUE(delivery->is_postponed(0));
  EXPECT_FALSE(delivery->is_postponed(2));
}

}  // namespace
}  // namespace rocketmq::client
