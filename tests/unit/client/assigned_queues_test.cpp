#include "client/consumer/assigned_queues.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "client/consumer/delivery.h"

namespace rocketmq::client {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

Segment segment(std::int64_t begin, std::size_t messages) {
  auto storage = std::make_shared<Bytes>(messages * 100);
  return {begin, begin + static_cast<std::int64_t>(messages), {storage, *storage}, messages, false, 0};
}

AssignedQueuePtr queue(AssignedQueues& ready, int id) {
  const auto assigned =
      std::make_shared<AssignedQueue>(MessageQueue{"topic", "broker", id}, "topic", false, subscribe({}));
  ready.assign(assigned);
  ready.reset(assigned, 0);
  return assigned;
}

AssignedQueues::Wanted wanted(std::size_t min, steady_clock::duration wait) {
  return {min, 1'000'000, 1U << 30, steady_clock::now() + wait};
}

constexpr AssignedQueues::Limits generous{1'000'000, 1U << 30};

TEST(AssignedQueues, APollerGetsWhatIsReadyOfAllQueues) {
  AssignedQueues ready(generous);
  const auto a = queue(ready, 0);
  const auto b = queue(ready, 1);
  ASSERT_EQ(ready.add(a, segment(0, 3)), ProcessQueue::AddResult::added);
  ASSERT_EQ(ready.add(b, segment(0, 4)), ProcessQueue::AddResult::added);
  const auto parts = ready.poll(wanted(1, 10s), {});
  EXPECT_EQ(parts.size(), 2U);
  ready.finish(parts, {});
  EXPECT_EQ(ready.commit_offset(a), 3);
  EXPECT_EQ(ready.commit_offset(b), 4);
}

TEST(AssignedQueues, AQueueIsWithOnePollerAtATime) {
  AssignedQueues ready(generous);
  const auto a = queue(ready, 0);
  ASSERT_EQ(ready.add(a, segment(0, 3)), ProcessQueue::AddResult::added);
  const auto first = ready.poll(wanted(1, 10s), {});
  ASSERT_EQ(first.size(), 1U);
  ASSERT_EQ(ready.add(a, segment(3, 3)), ProcessQueue::AddResult::added);
  EXPECT_TRUE(ready.poll(wanted(1, 1ms), {}).empty());
  ready.finish(first, {});
  EXPECT_EQ(ready.poll(wanted(1, 10s), {}).size(), 1U);
}

TEST(AssignedQueues, AWaitingPollerIsWokenByNewMessages) {
  AssignedQueues ready(generous);
  const auto a = queue(ready, 0);
  std::thread poller([&] { EXPECT_EQ(ready.poll(wanted(1, 30s), {}).size(), 1U); });
  ASSERT_EQ(ready.add(a, segment(0, 1)), ProcessQueue::AddResult::added);
  poller.join();
}

TEST(AssignedQueues, FewerThanWantedAreHandedOutOnlyAtTheDeadline) {
  AssignedQueues ready(generous);
  const auto a = queue(ready, 0);
  ASSERT_EQ(ready.add(a, segment(0, 5)), ProcessQueue::AddResult::added);
  const auto begin = steady_clock::now();
  const auto parts = ready.poll(wanted(10, 50ms), {});
  EXPECT_GE(steady_clock::now() - begin, 50ms);
  EXPECT_EQ(parts.size(), 1U);
}

// Else several pollers, each of which waits for a batch, could fill the cache between them and wait for ever.
TEST(AssignedQueues, WhoHoldsSomethingDoesNotWaitForMoreOnceTheCacheIsFull) {
  AssignedQueues ready({10, 1U << 30});
  const auto a = queue(ready, 0);
  const auto b = queue(ready, 1);
  ASSERT_EQ(ready.add(a, segment(0, 5)), ProcessQueue::AddResult::added);
  const auto held = ready.poll(wanted(1, 10s), {});
  ASSERT_EQ(ready.add(b, segment(0, 5)), ProcessQueue::AddResult::added);
  const auto others = ready.poll(wanted(1, 10s), {});
  ASSERT_EQ(others.size(), 1U);
  const auto begin = steady_clock::now();
  EXPECT_TRUE(ready.poll(wanted(8, 20s), held).empty());
  EXPECT_LT(steady_clock::now() - begin, 10s);
}

TEST(AssignedQueues, AFullCacheIsHandedOutWhateverThePollerWaitsFor) {
  AssignedQueues ready({10, 1U << 30});
  const auto a = queue(ready, 0);
  ASSERT_EQ(ready.add(a, segment(0, 10)), ProcessQueue::AddResult::added);
  EXPECT_EQ(ready.poll(wanted(1000, 30s), {}).size(), 1U);
}

TEST(AssignedQueues, WaitingPollersShareTheReadyQueues) {
  AssignedQueues ready(generous);
  const auto a = queue(ready, 0);
  const auto b = queue(ready, 1);
  // The first poller waits for more than ever comes; while it does, another one gets its half only.
  std::atomic<bool> over{false};
  std::thread patient([&] {
    EXPECT_TRUE(ready.poll(wanted(1000, 60s), {}).empty());
    over = true;
  });
  while (ready.waiting() < 1)
    std::this_thread::yield();
  ASSERT_EQ(ready.add(a, segment(0, 8)), ProcessQueue::AddResult::added);
  ASSERT_EQ(ready.add(b, segment(0, 8)), ProcessQueue::AddResult::added);
  const auto parts = ready.poll(wanted(1, 30s), {});
  EXPECT_EQ(parts.size(), 1U);
  EXPECT_FALSE(over);
  ready.interrupt();
  patient.join();
}

TEST(AssignedQueues, RoomIsMeasuredOverAllQueuesAndAnEmptyQueueAlwaysHasSome) {
  AssignedQueues ready({10, 1U << 30});
  const auto a = queue(ready, 0);
  const auto b = queue(ready, 1);
  ASSERT_EQ(ready.add(a, segment(0, 10)), ProcessQueue::AddResult::added);
  EXPECT_FALSE(ready.has_room(a));
  EXPECT_TRUE(ready.has_room(b));
  const auto parts = ready.poll(wanted(1, 10s), {});
  EXPECT_FALSE(ready.has_room(a));  // Delivered is not finished.
  ready.finish(parts, {});
  EXPECT_TRUE(ready.has_room(a));
}

TEST(AssignedQueues, TheStrandIsWokenWhenADeliveryEnds) {
  AssignedQueues ready(generous);
  int wakes = 0;
  ready.set_wake([&] { ++wakes; });
  const auto a = queue(ready, 0);
  ASSERT_EQ(ready.add(a, segment(0, 1)), ProcessQueue::AddResult::added);
  ready.finish(ready.poll(wanted(1, 10s), {}), {});
  EXPECT_EQ(wakes, 1);
}

TEST(AssignedQueues, ARejectedMessageHoldsTheOffsetUntilItIsSentBack) {
  AssignedQueues ready(generous);
  const auto a = queue(ready, 0);
  ASSERT_EQ(ready.add(a, segment(0, 10)), ProcessQueue::AddResult::added);
  const auto parts = ready.poll(wanted(1, 10s), {});
  const RejectedMessage rejected{a, parts[0].generation, 4, {}};
  ready.finish(parts, {rejected});
  EXPECT_EQ(ready.commit_offset(a), 4);
  EXPECT_TRUE(ready.is_busy(a));
  EXPECT_FALSE(ready.wait_until_idle(steady_clock::now()));
  const auto work = ready.collect();
  ASSERT_EQ(work.rejected.size(), 1U);
  ready.sent_back(work.rejected[0]);
  EXPECT_EQ(ready.commit_offset(a), 10);
  EXPECT_TRUE(ready.wait_until_idle(steady_clock::now()));
}

TEST(AssignedQueues, WhatIsGivenBackComesFirstAndWithoutWhatWasRejected) {
  AssignedQueues ready(generous);
  const auto a = queue(ready, 0);
  ASSERT_EQ(ready.add(a, segment(0, 10)), ProcessQueue::AddResult::added);
  auto parts = ready.poll(wanted(1, 10s), {});
  ready.give_back(std::move(parts), {}, {{0, 2}});
  parts = ready.poll(wanted(1, 10s), {});
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].segments.at(0).begin, 0);
  EXPECT_TRUE(parts[0].skipped.contains(2));
}

TEST(AssignedQueues, AfterAResetAnOpenDeliveryNoLongerCountsButHoldsTheQueue) {
  AssignedQueues ready(generous);
  const auto a = queue(ready, 0);
  ASSERT_EQ(ready.add(a, segment(0, 10)), ProcessQueue::AddResult::added);
  const auto parts = ready.poll(wanted(1, 10s), {});
  ready.reset(a, 100);
  ASSERT_EQ(ready.add(a, segment(100, 1)), ProcessQueue::AddResult::added);
  EXPECT_TRUE(ready.poll(wanted(1, 1ms), {}).empty());
  const RejectedMessage rejected{a, parts[0].generation, 4, {}};
  ready.finish(parts, {rejected});
  EXPECT_EQ(ready.commit_offset(a), 100);
  EXPECT_EQ(ready.poll(wanted(1, 10s), {}).size(), 1U);
}

TEST(AssignedQueues, MessagesThatCannotBeReadAreAskedForAgain) {
  AssignedQueues ready(generous);
  const auto a = queue(ready, 0);
  ASSERT_EQ(ready.add(a, segment(0, 10)), ProcessQueue::AddResult::added);
  auto parts = ready.poll(wanted(1, 10s), {});
  DecodedPart decoded;
  decoded.rest.push_back(segment(6, 4));
  decoded.rewind = 6;
  ready.decoded(parts[0], std::move(decoded));
  EXPECT_EQ(ready.next_offset(a), 6);
  const auto work = ready.collect();
  ASSERT_EQ(work.rewinds.size(), 1U);
  EXPECT_EQ(work.rewinds[0].second, 6);
  ready.finish(parts, {});
  EXPECT_EQ(ready.commit_offset(a), 6);
}

TEST(AssignedQueues, InterruptEndsEveryTake) {
  AssignedQueues ready(generous);
  const auto a = queue(ready, 0);
  std::thread poller([&] { EXPECT_TRUE(ready.poll(wanted(1, 60s), {}).empty()); });
  ready.interrupt();
  poller.join();
  ASSERT_EQ(ready.add(a, segment(0, 1)), ProcessQueue::AddResult::added);
  EXPECT_TRUE(ready.poll(wanted(1, 60s), {}).empty());
}

TEST(AssignedQueues, ADeliveryThatEndsAfterADropIsForgottenWithItsQueue) {
  AssignedQueues ready(generous);
  const auto a = queue(ready, 0);
  ASSERT_EQ(ready.add(a, segment(0, 10)), ProcessQueue::AddResult::added);
  const auto parts = ready.poll(wanted(1, 10s), {});
  ready.drop(a);
  EXPECT_TRUE(ready.is_busy(a));
  ready.finish(parts, {});
  EXPECT_FALSE(ready.is_busy(a));
  EXPECT_EQ(ready.commit_offset(a), 10);
  EXPECT_TRUE(ready.wait_until_idle(steady_clock::now()));
}

}  // namespace
}  // namespace rocketmq::client
