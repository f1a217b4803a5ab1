#include "plugin/failure_log.h"

#include <gtest/gtest.h>

namespace rocketmq::plugin::test {
namespace {

using std::chrono::milliseconds;

TEST(FailureLog, WritesAtMostOneLineASecondAndSaysWhatItLeftOut) {
  FailureLog log;
  const FailureLog::TimePoint start{std::chrono::seconds(1000)};
  EXPECT_EQ(log.line("the handler failed", "a", start), "the handler failed: a");
  EXPECT_EQ(log.line("the handler failed", "b", start + milliseconds(1)), std::nullopt);
  EXPECT_EQ(log.line("the handler failed", "c", start + milliseconds(999)), std::nullopt);
  EXPECT_EQ(log.line("the handler failed", "d", start + milliseconds(1000)),
            "the handler failed: d (and 2 failures before it that are not shown)");
  EXPECT_EQ(log.line("the handler failed", "e", start + milliseconds(3000)), "the handler failed: e");
  EXPECT_EQ(log.rest("the handler failed"), std::nullopt);
  EXPECT_EQ(log.line("the handler failed", "f", start + milliseconds(3001)), std::nullopt);
  EXPECT_EQ(log.rest("the handler failed", start + milliseconds(3999)), std::nullopt);
  EXPECT_EQ(log.rest("the handler failed", start + milliseconds(4000)),
            "the handler failed: 1 more since the last line, not shown");
  EXPECT_EQ(log.line("the handler failed", "g", start + milliseconds(4001)), "the handler failed: g");
  EXPECT_EQ(log.line("the handler failed", "h", start + milliseconds(4002)), std::nullopt);
  EXPECT_EQ(log.rest("the handler failed"), "the handler failed: 1 more since the last line, not shown");
  EXPECT_EQ(log.rest("the handler failed"), std::nullopt) << "said once";
}

}  // namespace
}  // namespace rocketmq::plugin::test
