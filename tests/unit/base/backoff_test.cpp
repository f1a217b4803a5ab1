#include "base/backoff.h"

#include <gtest/gtest.h>

namespace rocketmq {
namespace {

using std::chrono::milliseconds;

Backoff::Options options(double jitter) {
  return {milliseconds(100), milliseconds(1000), 2.0, jitter};
}

TEST(Backoff, DoublesUpToTheCap) {
  Backoff backoff(options(0));
  for (const int expected : {100, 200, 400, 800, 1000, 1000}) {
    EXPECT_EQ(backoff.next(0.5), milliseconds(expected));
  }
  EXPECT_EQ(backoff.attempts(), 6U);
}

TEST(Backoff, StartsAgainAfterASuccess) {
  Backoff backoff(options(0));
  EXPECT_EQ(backoff.next(0), milliseconds(100));
  EXPECT_EQ(backoff.next(0), milliseconds(200));
  backoff.reset();
  EXPECT_EQ(backoff.attempts(), 0U);
  EXPECT_EQ(backoff.next(0), milliseconds(100));
}

TEST(Backoff, JitterShortensAndNeverExceedsThePause) {
  Backoff none(options(0.5));
  EXPECT_EQ(none.next(0.0), milliseconds(100));
  Backoff most(options(0.5));
  EXPECT_EQ(most.next(1.0), milliseconds(50));
  Backoff outside(options(0.5));
  EXPECT_EQ(outside.next(7.0), milliseconds(50));
}

TEST(Backoff, StaysAtTheCapForEver) {
  Backoff backoff(options(0));
  for (int i = 0; i < 5000; ++i)
    EXPECT_LE(backoff.next(0), milliseconds(1000));
  EXPECT_EQ(backoff.next(0), milliseconds(1000));
}

}  // namespace
}  // namespace rocketmq
