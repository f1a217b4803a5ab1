#include "client/producer/send_windows.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rocketmq::client {
namespace {

using Outcome = SendWindows::Outcome;

/// A window of one broker, with the requests that got a place.
class SendWindowsTest : public testing::Test {
 protected:
  void send(int count) {
    for (int i = 0; i < count; ++i)
      windows_.acquire("a", [this] { ++on_their_way_; });
  }
  void answer(Outcome outcome, int count = 1) {
    for (int i = 0; i < count; ++i) {
      ASSERT_GT(on_their_way_, 0);
      --on_their_way_;
      for (const auto& next : windows_.release("a", outcome))
        next();
    }
  }
  SendWindows windows_;
  int on_their_way_ = 0;
};

TEST_F(SendWindowsTest, ABrokerThatNeverWasBusyIsNotHeldBack) {
  send(500);
  EXPECT_EQ(on_their_way_, 500);
  answer(Outcome::answered, 500);
  EXPECT_EQ(windows_.limit("a"), SendWindows::max_in_flight);
}

TEST_F(SendWindowsTest, ABusyAnswerHalvesWhatMayBeOnItsWay) {
  send(16);
  answer(Outcome::busy);
  EXPECT_EQ(windows_.limit("a"), 8U);
  send(20);
  EXPECT_EQ(on_their_way_, 15) << "nothing more while more than the limit is on its way";
  answer(Outcome::unanswered, 15);
  EXPECT_EQ(on_their_way_, 8);
}

TEST_F(SendWindowsTest, ABurstThatIsRefusedAsAWholeCountsOnce) {
  send(16);
  answer(Outcome::busy, 16);
  EXPECT_EQ(windows_.limit("a"), 8U);
  send(8);
  answer(Outcome::busy, 8);
  EXPECT_EQ(windows_.limit("a"), 4U);
}

TEST_F(SendWindowsTest, OneRequestAlwaysMayGo) {
  for (int i = 0; i < 10; ++i) {
    send(1);
    answer(Outcome::busy);
  }
  EXPECT_EQ(windows_.limit("a"), 1U);
  send(3);
  EXPECT_EQ(on_their_way_, 1);
}

TEST_F(SendWindowsTest, TheWindowGrowsAgainByOneARound) {
  send(8);
  answer(Outcome::busy, 8);
  ASSERT_EQ(windows_.limit("a"), 4U);
  for (std::size_t limit = 4; limit < 50; ++limit) {
    ASSERT_EQ(windows_.limit("a"), limit);
    send(static_cast<int>(limit));
    answer(Outcome::answered, static_cast<int>(limit));
  }
  send(100);
  EXPECT_EQ(on_their_way_, 50);
}

TEST_F(SendWindowsTest, SilenceSaysNothingAboutLoad) {
  send(8);
  answer(Outcome::unanswered, 8);
  EXPECT_EQ(windows_.limit("a"), SendWindows::max_in_flight);
}

TEST_F(SendWindowsTest, EveryBrokerHasAWindowOfItsOwnAndWaitersKeepTheirOrder) {
  send(2);
  answer(Outcome::busy, 2);
  EXPECT_EQ(windows_.limit("a"), 1U);
  EXPECT_EQ(windows_.limit("b"), SendWindows::max_in_flight);
  std::vector<int> order;
  send(1);
  for (int i = 0; i < 3; ++i)
    windows_.acquire("a", [&, i] { order.push_back(i); });
  EXPECT_TRUE(order.empty());
  for (int i = 0; i < 3; ++i) {
    for (const auto& next : windows_.release("a", Outcome::unanswered))
      next();
  }
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
}

}  // namespace
}  // namespace rocketmq::client
