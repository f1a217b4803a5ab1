#include "client/consumer/process_queue.h"

#include <gtest/gtest.h>

#include <random>

namespace rocketmq::client {
namespace {

using AddResult = ProcessQueue::AddResult;

Segment segment(std::int64_t begin, std::int64_t next_begin, std::size_t messages, std::size_t bytes = 0) {
  auto storage = std::make_shared<Bytes>(bytes == 0 ? messages * 100 : bytes);
  return {begin, next_begin, {storage, *storage}, messages, false, 0};
}

TEST(ProcessQueue, ANewQueueCommitsWhereItStarts) {
  const ProcessQueue queue(42);
  EXPECT_EQ(queue.commit_offset(), 42);
  EXPECT_EQ(queue.next_offset(), 42);
  EXPECT_EQ(queue.unfinished_messages(), 0U);
}

TEST(ProcessQueue, TheOffsetMovesOnlyWhenTheDeliveryIsFinished) {
  ProcessQueue queue(0);
  ASSERT_EQ(queue.add(segment(0, 32, 32)), AddResult::added);
  EXPECT_EQ(queue.commit_offset(), 0);
  const auto taken = queue.delivery(1000, 1 << 20);
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_TRUE(queue.is_delivered());
  EXPECT_EQ(queue.commit_offset(), 0);
  ASSERT_EQ(queue.add(segment(32, 64, 32)), AddResult::added);
  queue.finish_delivery();
  EXPECT_EQ(queue.commit_offset(), 32);
  EXPECT_EQ(queue.unfinished_messages(), 32U);
  EXPECT_EQ(queue.unfinished_bytes(), 3200U);
}

TEST(ProcessQueue, AHeldCommitStaysUntilItIsHeldAgain) {
  ProcessQueue queue(5);
  queue.hold_commit();
  ASSERT_EQ(queue.add(segment(5, 10, 5)), AddResult::added);
  ASSERT_EQ(queue.add(segment(10, 20, 10)), AddResult::added);
  static_cast<void>(queue.delivery(5, 1 << 20));
  queue.hold_commit();
  EXPECT_EQ(queue.commit_offset(), 5) << "nothing is done yet";
  queue.finish_delivery();
  EXPECT_EQ(queue.commit_offset(), 5);
  EXPECT_EQ(queue.unfinished_messages(), 10U) << "what is done takes no room";
  queue.hold_commit();
  EXPECT_EQ(queue.commit_offset(), 10);
  queue.drop();
  EXPECT_EQ(queue.commit_offset(), 10) << "the next owner begins there";
}

TEST(ProcessQueue, AResetTakesAHeldCommitBack) {
  ProcessQueue queue(5);
  queue.hold_commit();
  queue.reset(2);
  EXPECT_EQ(queue.commit_offset(), 2);
}

TEST(ProcessQueue, AnOverlapAGapAndNoProgressAreRefusedAndChangeNothing) {
  ProcessQueue queue(10);
  ASSERT_EQ(queue.add(segment(10, 20, 10)), AddResult::added);
  EXPECT_EQ(queue.add(segment(15, 25, 10)), AddResult::out_of_line);
  EXPECT_EQ(queue.add(segment(21, 25, 4)), AddResult::out_of_line);
  EXPECT_EQ(queue.add(segment(20, 20, 4)), AddResult::no_progress);
  EXPECT_EQ(queue.add(segment(20, 3, 4)), AddResult::no_progress);
  EXPECT_EQ(queue.next_offset(), 20);
  EXPECT_EQ(queue.cached_messages(), 10U);
}

TEST(ProcessQueue, OffsetsThatWereFilteredOutCountAsDone) {
  ProcessQueue queue(0);
  ASSERT_EQ(queue.add(segment(0, 500, 0)), AddResult::added);
  EXPECT_EQ(queue.commit_offset(), 500);
  ASSERT_EQ(queue.add(segment(500, 510, 10)), AddResult::added);
  ASSERT_EQ(queue.add(segment(510, 900, 0)), AddResult::added);
  EXPECT_EQ(queue.commit_offset(), 500);
  const auto taken = queue.delivery(100, 1 << 20);
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].next_begin, 900);
  ASSERT_EQ(queue.add(segment(900, 1000, 0)), AddResult::added);
  EXPECT_EQ(queue.commit_offset(), 500);
  queue.finish_delivery();
  EXPECT_EQ(queue.commit_offset(), 1000);
}

TEST(ProcessQueue, ADeliveryTakesWholeSegmentsUpToItsLimitsAndAtLeastOne) {
  ProcessQueue queue(0);
  for (int i = 0; i < 4; ++i)
    ASSERT_EQ(queue.add(segment(i * 10, i * 10 + 10, 10)), AddResult::added);
  EXPECT_EQ(queue.delivery(15, 1 << 20).size(), 2U);
  EXPECT_EQ(queue.delivery(1000, 1).size(), 1U);
  EXPECT_EQ(queue.delivered_messages(), 30U);
  EXPECT_EQ(queue.cached_messages(), 10U);
  queue.finish_delivery();
  EXPECT_EQ(queue.commit_offset(), 30);
}

TEST(ProcessQueue, WhatIsGivenBackIsHandedOutAgainInOrder) {
  ProcessQueue queue(0);
  ASSERT_EQ(queue.add(segment(0, 10, 10)), AddResult::added);
  ASSERT_EQ(queue.add(segment(10, 20, 10)), AddResult::added);
  auto taken = queue.delivery(100, 1 << 20);
  ASSERT_EQ(taken.size(), 2U);
  queue.give_back(std::move(taken));
  queue.finish_delivery();
  EXPECT_FALSE(queue.is_delivered());
  EXPECT_EQ(queue.commit_offset(), 0);
  taken = queue.delivery(100, 1 << 20);
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0].begin, 0);
  EXPECT_EQ(taken[1].begin, 10);
}

TEST(ProcessQueue, APartOfADeliveryCanBeGivenBack) {
  ProcessQueue queue(0);
  ASSERT_EQ(queue.add(segment(0, 10, 10)), AddResult::added);
  ASSERT_EQ(queue.delivery(100, 1 << 20).size(), 1U);
  std::vector<Segment> rest;
  rest.push_back(segment(4, 10, 6));
  queue.give_back(std::move(rest));
  EXPECT_EQ(queue.delivered_messages(), 4U);
  EXPECT_EQ(queue.cached_messages(), 6U);
  queue.finish_delivery();
  EXPECT_EQ(queue.commit_offset(), 4);
}

TEST(ProcessQueue, ARejectedMessageHoldsTheOffsetUntilItIsSentBack) {
  ProcessQueue queue(0);
  ASSERT_EQ(queue.add(segment(0, 10, 10)), AddResult::added);
  ASSERT_EQ(queue.delivery(100, 1 << 20).size(), 1U);
  queue.mark_pending(3);
  queue.mark_pending(7);
  queue.finish_delivery();
  EXPECT_EQ(queue.commit_offset(), 3);
  queue.pending_done(3);
  EXPECT_EQ(queue.commit_offset(), 7);
  queue.pending_done(7);
  EXPECT_EQ(queue.commit_offset(), 10);
}

TEST(ProcessQueue, ARejectedMessageOfADeliveryThatIsGivenBackIsNotDeliveredAgain) {
  ProcessQueue queue(0);
  ASSERT_EQ(queue.add(segment(0, 10, 10)), AddResult::added);
  auto taken = queue.delivery(100, 1 << 20);
  queue.mark_pending(3);
  queue.give_back(std::move(taken));
  queue.finish_delivery();
  EXPECT_TRUE(queue.skipped().contains(3));
  EXPECT_FALSE(queue.skipped().contains(4));
  ASSERT_EQ(queue.delivery(100, 1 << 20).size(), 1U);
  queue.finish_delivery();
  EXPECT_FALSE(queue.skipped().contains(3));
  EXPECT_EQ(queue.commit_offset(), 3);
}

TEST(ProcessQueue, AfterADropNothingIsAddedAndTheOpenDeliveryStillCounts) {
  ProcessQueue queue(0);
  ASSERT_EQ(queue.add(segment(0, 10, 10)), AddResult::added);
  ASSERT_EQ(queue.add(segment(10, 20, 10)), AddResult::added);
  ASSERT_EQ(queue.delivery(10, 1 << 20).size(), 1U);
  queue.drop();
  EXPECT_EQ(queue.add(segment(20, 30, 10)), AddResult::dropped);
  EXPECT_EQ(queue.cached_messages(), 0U);
  EXPECT_EQ(queue.commit_offset(), 0);
  queue.finish_delivery();
  EXPECT_EQ(queue.commit_offset(), 10);
}

TEST(ProcessQueue, ADeliveryGivenBackAfterADropIsNotCommitted) {
  ProcessQueue queue(0);
  ASSERT_EQ(queue.add(segment(0, 10, 10)), AddResult::added);
  auto taken = queue.delivery(10, 1 << 20);
  queue.drop();
  queue.give_back(std::move(taken));
  queue.finish_delivery();
  EXPECT_EQ(queue.commit_offset(), 0);
  EXPECT_EQ(queue.unfinished_messages(), 0U);
}

TEST(ProcessQueue, AResetForgetsTheCacheAndTheDeliveryNoLongerMovesTheOffset) {
  ProcessQueue queue(100);
  ASSERT_EQ(queue.add(segment(100, 110, 10)), AddResult::added);
  ASSERT_EQ(queue.add(segment(110, 120, 10)), AddResult::added);
  auto taken = queue.delivery(10, 1 << 20);
  const auto generation = queue.generation();
  queue.reset(5);
  EXPECT_NE(queue.generation(), generation);
  EXPECT_TRUE(queue.is_delivered());
  EXPECT_EQ(queue.commit_offset(), 5);
  queue.give_back(std::move(taken));
  queue.finish_delivery();
  EXPECT_EQ(queue.commit_offset(), 5);
  EXPECT_EQ(queue.unfinished_messages(), 0U);
  ASSERT_EQ(queue.add(segment(5, 6, 1)), AddResult::added);
}

// A random walk against the simplest model there is: a flag for each offset.
TEST(ProcessQueue, TheCommitOffsetIsAlwaysTheFirstUnfinishedOffset) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    ProcessQueue queue(0);
    std::vector<bool> done;
    std::vector<Segment> delivered;
    std::vector<std::int64_t> pending;
    for (int step = 0; step < 200; ++step) {
      switch (random() % 6) {
        case 0:
        case 1: {
          const auto begin = static_cast<std::int64_t>(done.size());
          const auto length = static_cast<std::int64_t>(random() % 5 + 1);
          const std::size_t messages = random() % 3 == 0 ? 0 : static_cast<std::size_t>(length);
          ASSERT_EQ(queue.add(segment(begin, begin + length, messages)), AddResult::added);
          done.resize(done.size() + static_cast<std::size_t>(length), messages == 0);
          break;
        }
        case 2: {
          auto more = queue.delivery(random() % 8 + 1, 1 << 20);
          delivered.insert(delivered.end(), more.begin(), more.end());
          break;
        }
        case 3:
          if (!queue.is_delivered()) break;
          for (const Segment& part : delivered) {
            for (auto offset = part.begin; offset < part.next_begin; ++offset) {
              const auto index = static_cast<std::size_t>(offset);
              if (!done[index] && random() % 10 == 0) {
                queue.mark_pending(offset);
                pending.push_back(offset);
              } else {
                done[index] = true;
              }
            }
          }
          queue.finish_delivery();
          delivered.clear();
          break;
        case 4:
          if (!queue.is_delivered()) break;
          queue.give_back(std::move(delivered));
          queue.finish_delivery();
          delivered.clear();
          break;
        default:
          if (pending.empty()) break;
          std::swap(pending[random() % pending.size()], pending.back());
          queue.pending_done(pending.back());
          done[static_cast<std::size_t>(pending.back())] = true;
          pending.pop_back();
      }
      // Offsets that were filtered out count as done only once everything before them is, so the model's
      // first unfinished offset is an upper bound that is reached whenever no delivery is open.
      const auto first = static_cast<std::int64_t>(std::find(done.begin(), done.end(), false) - done.begin());
      ASSERT_LE(queue.commit_offset(), first);
      if (!queue.is_delivered() && queue.cached_messages() == 0) {
        ASSERT_EQ(queue.commit_offset(), first);
      }
    }
  }
}

}  // namespace
}  // namespace rocketmq::client
