#include "rocketmq/error.h"

#include <gtest/gtest.h>

namespace rocketmq {
namespace {

TEST(Error, ShowsWhatWeSayAndThenWhatTheServerSaid) {
  const Error error(
      Failure{Errc::server_refused, "the topic 't' cannot be written", ServerReply{17, "no topic", "a:1"}});
  EXPECT_STREQ(error.what(), "the topic 't' cannot be written (the server a:1 said 17: no topic)");
  EXPECT_EQ(error.code(), Errc::server_refused);
}

TEST(Error, AFailureWithoutTextSaysItsCode) {
  EXPECT_EQ(to_string(Failure{Errc::request_timeout, "", {}}), "no reply within the request's time-out");
}

TEST(Errc, EveryCodeHasItsOwnPhrase) {
  for (int code = 0; code <= static_cast<int>(Errc::cancelled); ++code) {
    EXPECT_STRNE(describe(static_cast<Errc>(code)), "an unknown error") << code;
  }
  const std::error_code code = Errc::bad_crc;
  EXPECT_EQ(code.message(), "a stored body's checksum differs");
  EXPECT_STREQ(code.category().name(), "rocketmq");
}

TEST(FailureText, AServersWordsStayOnOneLineAndAreBounded) {
  Failure failure{Errc::server_refused, "topic 't'", ServerReply{17, "No route\r\nSee\tthe FAQ.\n", "a:1"}};
  EXPECT_EQ(to_string(failure), "topic 't' (the server a:1 said 17: No route See the FAQ.)");
  failure.server->remark = std::string(10'000, 'x');
  EXPECT_LT(to_string(failure).size(), 2200U);
  EXPECT_TRUE(to_string(failure).ends_with("xxx...)"));
}

}  // namespace
}  // namespace rocketmq
