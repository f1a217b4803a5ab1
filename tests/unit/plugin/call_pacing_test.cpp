#include "plugin/call_pacing.h"

#include <gtest/gtest.h>

namespace rocketmq::plugin::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const CallPacing::TimePoint start{seconds(1000)};

HandlerOptions async_options(int batch_size, double throttle_ms) {
  HandlerOptions options;
  options.async_pull = true;
  options.batch_size = batch_size;
  options.throttle_ms = throttle_ms;
  return options;
}

TEST(CallPacing, WithoutAsyncPullWhatIsReadyIsHandledAtOnceUpToAMebibyte) {
  CallPacing pacing(HandlerOptions{});
  pacing.called(start);
  const PollLimits limits = pacing.next(start);
  EXPECT_EQ(limits.min_rows, 1U);
  EXPECT_EQ(limits.max_rows, 10'000U);
  EXPECT_EQ(limits.max_bytes, 1U << 20);
  EXPECT_GT(limits.deadline, start);
}

TEST(CallPacing, AsyncPullWaitsForABatchUntilThrottleHasPassed) {
  CallPacing pacing(async_options(500, 200));
  pacing.called(start);
  const PollLimits limits = pacing.next(start + milliseconds(50));
  EXPECT_EQ(limits.min_rows, 500U);
  EXPECT_EQ(limits.max_rows, 500U);
  EXPECT_EQ(limits.max_bytes, 64U << 20);
  EXPECT_EQ(limits.deadline, start + milliseconds(200));
}

TEST(CallPacing, AfterThrottleTheFirstMessageIsEnoughAndNobodyPolls) {
  CallPacing pacing(async_options(500, 1));
  pacing.called(start);
  const PollLimits limits = pacing.next(start + milliseconds(1));
  EXPECT_EQ(limits.min_rows, 1U);
  EXPECT_GE(limits.deadline, start + seconds(5));
}

TEST(CallPacing, BeforeTheFirstCallNothingIsWaitedFor) {
  const CallPacing pacing(async_options(500, 60'000));
  EXPECT_EQ(pacing.next(start).min_rows, 1U);
}

}  // namespace
}  // namespace rocketmq::plugin::test
