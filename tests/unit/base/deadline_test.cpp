#include "base/deadline.h"

#include <gtest/gtest.h>

namespace rocketmq {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

TEST(Deadline, TheTimeThatIsLeftNeverFallsBelowZero) {
  const std::chrono::steady_clock::time_point now{std::chrono::hours(1)};
  EXPECT_EQ(time_left(now + milliseconds(1500), now), milliseconds(1500));
  EXPECT_EQ(time_left(now + microseconds(1999), now), milliseconds(1));
  EXPECT_EQ(time_left(now, now), milliseconds(0));
  EXPECT_EQ(time_left(now - milliseconds(1500), now), milliseconds(0));
}

TEST(Deadline, IsMeasuredFromTheMomentOfTheCall) {
  const auto now = std::chrono::steady_clock::now();
  EXPECT_EQ(time_left(now - milliseconds(1)), milliseconds(0));
  EXPECT_LE(time_left(now + std::chrono::hours(1)), std::chrono::hours(1));
}

}  // namespace
}  // namespace rocketmq
