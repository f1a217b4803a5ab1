#include "base/log_limiter.h"

#include <gtest/gtest.h>

#include <string>

namespace rocketmq {
namespace {

using namespace std::chrono_literals;

class LogLimiterTest : public testing::Test {
 protected:
  [[nodiscard]] bool pass(const std::string& line) { return limiter_.pass(now_, line, left_out_); }

  LogLimiter limiter_;
  LogLimiter::TimePoint now_{std::chrono::hours(1)};
  std::string left_out_;
};

TEST_F(LogLimiterTest, WhatRepeatsIsLoggedOnceAnIntervalAndSaysHowMuchWasLeftOut) {
  int logged = 0;
  for (int i = 0; i < 300; ++i) {  // Half a minute, ten lines a second.
    if (pass("offset " + std::to_string(i) + " is not there")) {
      EXPECT_EQ(left_out_, logged == 0 ? "" : " (99 lines like this were left out)");
      ++logged;
    }
    now_ += 100ms;
  }
  EXPECT_EQ(logged, 3);
}

TEST_F(LogLimiterTest, AnotherKindOfLineIsNewsAtOnce) {
  EXPECT_TRUE(pass("the slave does not have offset 7"));
  EXPECT_FALSE(pass("the slave does not have offset 8"));
  EXPECT_TRUE(pass("the broker no longer has the offsets 9 to 20"));
  EXPECT_FALSE(pass("the slave does not have offset 21"));
}

TEST_F(LogLimiterTest, AddressesAndNamesTellLinesApart) {
  EXPECT_TRUE(pass("no heartbeat to 10.0.0.1:10911 within 3000 ms"));
  EXPECT_FALSE(pass("no heartbeat to 10.0.0.1:10911 within 2999 ms"));
  EXPECT_TRUE(pass("no heartbeat to 10.0.0.2:10911 within 3000 ms"));
  EXPECT_TRUE(pass("no heartbeat to 10.0.0.2:10921 within 3000 ms"));
  EXPECT_TRUE(pass("queue 7 of broker-1"));
  EXPECT_FALSE(pass("queue 8 of broker-1"));
  EXPECT_TRUE(pass("queue 8 of broker-2"));
}

TEST_F(LogLimiterTest, LinesOfManyKindsAreLimitedAsWell) {
  std::size_t logged = 0;
  for (int i = 0; i < 1'000; ++i) {
    if (pass("a" + std::string(static_cast<std::size_t>(i), 'x'))) ++logged;
    now_ += 10ms;
  }
  EXPECT_EQ(logged, LogLimiter::max_kinds);
  EXPECT_TRUE(pass("one more"));
}

TEST_F(LogLimiterTest, AKindThatWasQuietForLongIsNewsAgain) {
  EXPECT_TRUE(pass("broken"));
  EXPECT_FALSE(pass("broken"));
  now_ += 1h;
  EXPECT_TRUE(pass("broken"));
  EXPECT_EQ(left_out_, " (1 lines like this were left out)");
}

}  // namespace
}  // namespace rocketmq
