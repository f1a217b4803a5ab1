#include "plugin/failure_log.h"

#include <gtest/gtest.h>

namespace rocketmq::plugin::test {
namespace {

using std::chrono::milliseconds;

TEST(FailureLog, WritesAtMostOneLineASecondAndSaysWhatItLeftOut) {
  FailureLog log;
  const FailureLog::TimePoint start{std::chrono::seconds(1000)};
  EXPECT_EQ(log.line("a", start), "the handler failed: a");
  EXPECT_EQ(log.line("b", start + milliseconds(1)), std::nullopt);
  EXPECT_EQ(log.line("c", start + milliseconds(999)), std::nullopt);
  EXPECT_EQ(log.line("d", start + milliseconds(1000)),
            "the handler failed: d (and 2 failures before it that are not shown)");
  EXPECT_EQ(log.line("e", start + milliseconds(3000)), "the handler failed: e");
}

}  // namespace
}  // namespace rocketmq::plugin::test
