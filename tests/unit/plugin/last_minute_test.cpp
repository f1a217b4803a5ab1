#include "plugin/last_minute.h"

#include <gtest/gtest.h>

namespace rocketmq::plugin::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Sums {
  int messages = 0;
  int bytes = 0;
  Sums& operator+=(const Sums& more) {
    messages += more.messages;
    bytes += more.bytes;
    return *this;
  }
};

class LastMinuteTest : public ::testing::Test {
 protected:
  const LastMinute<Sums>::TimePoint start_ = LastMinute<Sums>::TimePoint() + std::chrono::hours(5);
  LastMinute<Sums> minute_{start_};
};

TEST_F(LastMinuteTest, AddsUpWhatCameInTheLastMinute) {
  minute_.add({.messages = 3, .bytes = 30}, start_);
  minute_.add({.messages = 4, .bytes = 40}, start_ + milliseconds(59'900));
  EXPECT_EQ(minute_.sums(start_ + milliseconds(59'900)).messages, 7);
  EXPECT_EQ(minute_.sums(start_ + milliseconds(59'900)).bytes, 70);
}

TEST_F(LastMinuteTest, ForgetsWhatIsOlder) {
  minute_.add({.messages = 3, .bytes = 0}, start_ + seconds(1));
  EXPECT_EQ(minute_.sums(start_ + seconds(60)).messages, 3);
  EXPECT_EQ(minute_.sums(start_ + seconds(61)).messages, 0) << "it ends at 0 although nothing comes";
  minute_.add({.messages = 5, .bytes = 0}, start_ + seconds(61));  // In the place of the first.
  EXPECT_EQ(minute_.sums(start_ + seconds(61)).messages, 5);
  EXPECT_EQ(minute_.sums(start_ + std::chrono::hours(3)).messages, 0);
}

TEST_F(LastMinuteTest, ReachesBackToTheStartUntilAMinuteHasPassed) {
  EXPECT_DOUBLE_EQ(minute_.span_s(start_), 1);
  EXPECT_DOUBLE_EQ(minute_.span_s(start_ + seconds(10)), 10);
  EXPECT_DOUBLE_EQ(minute_.span_s(start_ + seconds(100)), 60);
}

TEST_F(LastMinuteTest, CountsTimesBeforeItsStartAsItsStart) {
  minute_.add({.messages = 1, .bytes = 0}, start_ - seconds(5));
  EXPECT_EQ(minute_.sums(start_).messages, 1);
}

}  // namespace
}  // namespace rocketmq::plugin::test
