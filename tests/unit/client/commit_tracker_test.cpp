#include "client/consumer/commit_tracker.h"

#include <gtest/gtest.h>

namespace rocketmq::client {
namespace {

TEST(CommitTracker, StoresOnlyWhatGoesForward) {
  CommitTracker tracker;
  tracker.set_committed(10);
  EXPECT_EQ(tracker.begin(10), std::nullopt);
  EXPECT_EQ(tracker.begin(9), std::nullopt);
  EXPECT_EQ(tracker.begin(11), 11);
  tracker.stored(true);
  EXPECT_EQ(tracker.begin(11), std::nullopt);
}

TEST(CommitTracker, OneStoreAtATime) {
  CommitTracker tracker;
  EXPECT_EQ(tracker.begin(5), 5);
  EXPECT_EQ(tracker.begin(7), std::nullopt);
  tracker.stored(true);
  EXPECT_EQ(tracker.begin(7), 7);
}

TEST(CommitTracker, AFailedStoreIsTriedAgain) {
  CommitTracker tracker;
  tracker.set_committed(1);
  EXPECT_EQ(tracker.begin(5), 5);
  tracker.stored(false);
  EXPECT_EQ(tracker.committed(), 1);
  EXPECT_EQ(tracker.begin(5), 5);
}

TEST(CommitTracker, AfterAResetASmallerOffsetMayBeStored) {
  CommitTracker tracker;
  tracker.set_committed(100);
  tracker.reset();
  EXPECT_EQ(tracker.begin(3), 3);
  tracker.stored(true);
  EXPECT_EQ(tracker.begin(2), std::nullopt);
}

TEST(CommitTracker, AStoreFromBeforeAResetSaysNothingAfterIt) {
  CommitTracker tracker;
  EXPECT_EQ(tracker.begin(100), 100);
  tracker.reset();
  EXPECT_EQ(tracker.begin(3), std::nullopt);  // Still one at a time.
  tracker.stored(true);
  EXPECT_EQ(tracker.committed(), std::nullopt);
  EXPECT_EQ(tracker.begin(3), 3);
}

}  // namespace
}  // namespace rocketmq::client
