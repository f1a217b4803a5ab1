#include "client/consumer/lease_state.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client/consumer/lease_filler.h"
#include "stored_segment.h"

namespace rocketmq::client {
namespace {

using std::chrono::steady_clock;
using Bodies = std::vector<std::string>;

/// Leases of real stored messages, as Consumer::take makes them.
class LeaseStateTest : public testing::Test {
 protected:
  AssignedQueuePtr queue(int id, const std::string& expression = "*") {
    auto subscription = std::make_shared<wire::SubscriptionData>();
    EXPECT_FALSE(wire::parse_tag_expression("topic", expression, 1, *subscription).failed());
    const auto assigned = std::make_shared<AssignedQueue>(MessageQueue{"topic", "broker", id}, "topic", false,
                                                          std::move(subscription));
    ready_->assign(assigned);
    ready_->reset(assigned, 0);
    return assigned;
  }

  void add(const AssignedQueuePtr& queue, std::int64_t begin, const std::vector<Text>& texts) {
    ASSERT_EQ(ready_->add(queue, segment(begin, texts)), ProcessQueue::AddResult::added);
  }

  std::unique_ptr<LeaseState> take(bool send_back = false, std::size_t max_rows = 1000) {
    auto lease = std::make_unique<LeaseState>(ready_, send_back);
    LeaseFiller filler(*lease,
                       {max_rows, 1U << 20, [](std::string_view topic) { return std::string(topic); }, {}});
    for (LeasedPart& part : ready_->take({1, max_rows, 1U << 20, steady_clock::now()}, {})) {
      lease->parts().push_back(std::move(part));
      DecodedPart decoded = filler.fill(lease->parts().size() - 1);
      ready_->decoded(lease->parts().back(), std::move(decoded));
    }
    return lease;
  }

  static Bodies bodies(const LeaseState& lease) {
    Bodies out;
    for (const ReceivedMessage& row : lease.rows())
      out.emplace_back(as_text(row.body));
    return out;
  }

  std::shared_ptr<ReadyQueues> ready_ = std::make_shared<ReadyQueues>(ReadyQueues::Limits{1000, 1U << 30});
};

TEST_F(LeaseStateTest, OfAHalfDoneLeaseTheFirstRowsAreDoneAndTheOthersComeAgain) {
  const auto a = queue(0);
  add(a, 0, texts(3));
  add(a, 3, {{"x", "", ""}, {"y", "", ""}, {"z", "", ""}});
  take()->acknowledge_first(4);
  EXPECT_EQ(ready_->commit_offset(a), 4);
  const auto next = take();
  EXPECT_EQ(bodies(*next), (Bodies{"y", "z"}));
  EXPECT_EQ(next->rows()[0].queue_offset, 4);
  next->acknowledge();
  EXPECT_EQ(ready_->commit_offset(a), 6);
  EXPECT_TRUE(ready_->wait_until_idle(steady_clock::now()));
  EXPECT_EQ(ready_->counts(a).messages, 0U);
}

TEST_F(LeaseStateTest, QueuesBeforeTheBoundaryAreDoneAndThoseAfterItUntouched) {
  const auto a = queue(0);
  const auto b = queue(1);
  const auto c = queue(2);
  for (const auto& each : {a, b, c})
    add(each, 0, texts(2));
  const auto lease = take();
  ASSERT_EQ(lease->rows().size(), 6U);
  lease->acknowledge_first(3);
  EXPECT_EQ(ready_->commit_offset(a), 2);
  EXPECT_EQ(ready_->commit_offset(b), 1);
  EXPECT_EQ(ready_->commit_offset(c), 0);
  EXPECT_EQ(take()->rows().size(), 3U);
}

TEST_F(LeaseStateTest, WithNoneDoneEverythingComesAgainAndWithAllDoneNothing) {
  const auto a = queue(0);
  add(a, 0, texts(3));
  take()->acknowledge_first(0);
  EXPECT_EQ(ready_->commit_offset(a), 0);
  take()->acknowledge_first(3);
  EXPECT_EQ(ready_->commit_offset(a), 3);
  EXPECT_TRUE(take()->rows().empty());
}

TEST_F(LeaseStateTest, WhatWasFilteredOutBeforeTheBoundaryIsDone) {
  const auto a = queue(0, "A");
  add(a, 0, {{"1", "A", ""}, {"no", "B", ""}, {"no", "B", ""}, {"2", "A", ""}, {"no", "B", ""}});
  take()->acknowledge_first(1);
  EXPECT_EQ(ready_->commit_offset(a), 3);
  EXPECT_EQ(bodies(*take()), Bodies{"2"});
}

TEST_F(LeaseStateTest, RejectedRowsBeforeTheBoundaryAreSentBackAndThoseAfterItComeAgain) {
  const auto a = queue(0);
  add(a, 0, texts(5));
  auto lease = take(true);
  lease->reject(1);
  lease->reject(4);
  lease->acknowledge_first(3);
  EXPECT_EQ(ready_->commit_offset(a), 1) << "held until it is sent back";
  auto work = ready_->collect();
  ASSERT_EQ(work.rejected.size(), 1U);
  EXPECT_EQ(work.rejected[0].queue_offset, 1);
  wire::StoredMessageReader reader(work.rejected[0].record.view);
  wire::StoredMessageView message;
  bool found = false;
  ASSERT_EQ(reader.next(message, found), Errc::ok);
  EXPECT_EQ(as_text(message.body), "body1") << "it outlives its lease";
  EXPECT_EQ(bodies(*take(true)), (Bodies{"body3", "body4"}));
  ready_->sent_back(work.rejected[0]);
  EXPECT_EQ(ready_->commit_offset(a), 3);
}

TEST_F(LeaseStateTest, ARejectedRowWithoutRetryIsDoneAndOneBeyondTheBoundaryComesAgain) {
  const auto a = queue(0);
  add(a, 0, texts(3));
  auto lease = take();
  lease->reject(0);
  lease->reject(2);
  lease->acknowledge_first(1);
  EXPECT_EQ(bodies(*take()), (Bodies{"body1", "body2"}));
}

TEST_F(LeaseStateTest, AQueueThatWasLetGoMeanwhileIsCommittedUpToTheBoundary) {
  const auto a = queue(0);
  add(a, 0, texts(5));
  const auto lease = take();
  ready_->drop(a);
  lease->acknowledge_first(2);
  EXPECT_EQ(ready_->commit_offset(a), 2);
  EXPECT_FALSE(ready_->is_busy(a));
}

TEST_F(LeaseStateTest, AfterAResetAHalfDoneLeaseChangesNothing) {
  const auto a = queue(0);
  add(a, 0, texts(5));
  const auto lease = take();
  ready_->reset(a, 100);
  lease->acknowledge_first(2);
  EXPECT_EQ(ready_->commit_offset(a), 100);
  add(a, 100, {{"new", "", ""}});
  EXPECT_EQ(bodies(*take()), Bodies{"new"});
}

}  // namespace
}  // namespace rocketmq::client
