#include "transport/liveness.h"

#include <gtest/gtest.h>

namespace rocketmq::transport {
namespace {

using namespace std::chrono_literals;

const Clock::time_point start{1h};

TEST(Liveness, AReplyThatIsDueMakesSilenceCount) {
  Liveness liveness(10s, 100s, start);
  EXPECT_FALSE(liveness.is_silent(start + 50s)) << "nothing is due";
  liveness.reply_due(start + 50s);
  liveness.reply_due(start + 55s);
  EXPECT_EQ(liveness.next_look(), start + 60s);
  EXPECT_FALSE(liveness.is_silent(start + 59s));
  EXPECT_TRUE(liveness.is_silent(start + 60s)) << "further requests are no sign of life";
}

TEST(Liveness, BytesAreASignOfLife) {
  Liveness liveness(10s, 100s, start);
  liveness.reply_due(start);
  liveness.heard(start + 9s, true);
  EXPECT_FALSE(liveness.is_silent(start + 18s));
  EXPECT_TRUE(liveness.is_silent(start + 19s));
  liveness.heard(start + 19s, false);
  EXPECT_FALSE(liveness.is_silent(start + 90s)) << "nothing is due any more";
}

TEST(Liveness, WhatNobodyUsesIsUnusedAfterItsTime) {
  Liveness liveness(10s, 100s, start);
  EXPECT_EQ(liveness.next_look(), start + 100s);
  EXPECT_FALSE(liveness.is_unused(start + 99s));
  EXPECT_TRUE(liveness.is_unused(start + 100s));
  liveness.used(start + 100s);
  EXPECT_FALSE(liveness.is_unused(start + 199s));
  liveness.heard(start + 150s, false);
  EXPECT_FALSE(liveness.is_unused(start + 249s));
}

}  // namespace
}  // namespace rocketmq::transport
