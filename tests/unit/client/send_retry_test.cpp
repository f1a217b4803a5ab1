#include "client/producer/send_retry.h"

#include <gtest/gtest.h>

#include <string>

#include "wire/response_code.h"

namespace rocketmq::client {
namespace {

SendDecision after_reply(std::int32_t code, std::string_view remark = "", std::size_t messages = 1,
                         int attempt = 1) {
  return decide_send(SendResult{Errc::ok, code, remark, messages}, attempt, 5);
}

SendDecision after_failure(Errc failure, int attempt = 1) {
  return decide_send(SendResult{failure, 0, "", 1}, attempt, 5);
}

TEST(SendRetry, WeaklyStoredMessagesAreStoredAndNeverSentAgain) {
  for (const std::int32_t code : {0, 10, 11, 12}) {
    EXPECT_EQ(after_reply(code).step, SendStep::stored) << code;
    EXPECT_EQ(after_reply(code, "", 1, 5).step, SendStep::stored) << code << " at the last try";
    EXPECT_FALSE(after_reply(code).possibly_stored) << code;
  }
}

TEST(SendRetry, WhatABusyBrokerRefusedIsNotStoredAndGoesToAnotherOneFirst) {
  const auto decision = after_reply(2, "[PCBUSY_CLEAN_QUEUE]broker busy, start flow control for a while");
  EXPECT_EQ(decision.step, SendStep::retry_other);
  EXPECT_FALSE(decision.possibly_stored);
  EXPECT_FALSE(decision.refresh_route);
  EXPECT_EQ(after_reply(215).step, SendStep::retry_other);
  EXPECT_EQ(after_reply(1500).step, SendStep::retry_other);
}

TEST(SendRetry, OnlyAnAnswerTellsWhetherABrokerIsBusy) {
  const auto of_code = [](std::int32_t code) { return permit_outcome(SendResult{Errc::ok, code, "", 1}); };
  EXPECT_EQ(of_code(2), SendQueues::Outcome::busy);
  EXPECT_EQ(of_code(215), SendQueues::Outcome::busy);
  for (const std::int32_t code : {0, 1, 10, 13, 14})
    EXPECT_EQ(of_code(code), SendQueues::Outcome::answered) << code;
  for (const Errc failure : {Errc::request_timeout, Errc::connect_failed})
    EXPECT_EQ(permit_outcome(SendResult{failure, 2, "", 1}), SendQueues::Outcome::unanswered);
  EXPECT_EQ(permit_outcome(SendResult{Errc::too_many_requests, 2, "", 1}), SendQueues::Outcome::not_sent);
}

TEST(SendRetry, WhatDoesNotFitARequestIsNotTriedAgainAndStoredNowhere) {
  const auto decision = decide_send({Errc::message_too_large, 0, "", 1}, 1, 5);
  EXPECT_EQ(decision.step, SendStep::fail);
  EXPECT_FALSE(decision.possibly_stored);
}

TEST(SendRetry, FinalCodesAreNotTriedAgain) {
  for (const std::int32_t code : {3, 13, 15, 23, 29, 4242}) {
    EXPECT_EQ(after_reply(code).step, SendStep::fail) << code;
  }
}

TEST(SendRetry, RefusedAccessIsFinalUnderBothOfItsCodes) {
  EXPECT_EQ(after_reply(1, "org.apache.rocketmq.acl.common.AclException: No accessKey is configured").step,
            SendStep::fail);
  EXPECT_EQ(after_reply(1, "Check signature failed for accessKey=x").step, SendStep::fail);
  EXPECT_EQ(after_reply(16, "User:x has no permission to access Topic:t").step, SendStep::fail);
  EXPECT_EQ(after_reply(16, "User:x is not found.").step, SendStep::fail);
  EXPECT_EQ(after_reply(16, "User:x is disabled.").step, SendStep::fail);
  EXPECT_EQ(after_reply(16, "check signature failed.").step, SendStep::fail);
  EXPECT_EQ(after_reply(16, "username cannot be null.").step, SendStep::fail);
}

TEST(SendRetry, AQueueThatMayNotBeWrittenIsLeftForAnotherBrokerAndTheRouteIsRefreshed) {
  const auto decision = after_reply(16, "the broker[127.0.0.1] sending message is forbidden");
  EXPECT_EQ(decision.step, SendStep::retry_other);
  EXPECT_TRUE(decision.refresh_route);
}

TEST(SendRetry, AMissingTopicOrQueueRefreshesTheRoute) {
  for (const std::int32_t code : {17, 501}) {
    EXPECT_EQ(after_reply(code).step, SendStep::retry_other) << code;
    EXPECT_TRUE(after_reply(code).refresh_route) << code;
  }
  const auto shrunk = after_reply(29, "request queueId[7] is illegal, TopicConfig [...]");
  EXPECT_EQ(shrunk.step, SendStep::retry_other);
  EXPECT_TRUE(shrunk.refresh_route);
}

TEST(SendRetry, AnUnclearSystemErrorIsTriedThreeTimesAtMost) {
  EXPECT_EQ(after_reply(1, "unknown", 1, 1).step, SendStep::retry_other);
  EXPECT_EQ(after_reply(1, "unknown", 1, 2).step, SendStep::retry_other);
  EXPECT_EQ(after_reply(1, "unknown", 1, 3).step, SendStep::fail);
}

TEST(SendRetry, ABatchThatIsTooLargeIsSplitAndASingleMessageFails) {
  EXPECT_EQ(after_reply(1, "message body size exceeded", 2).step, SendStep::split);
  EXPECT_EQ(after_reply(13, "the message is illegal", 2).step, SendStep::split);
  EXPECT_EQ(after_reply(1, "message body size exceeded", 2, 5).step, SendStep::split) << "uses up no try";
  EXPECT_EQ(after_reply(1, "message body size exceeded", 1).step, SendStep::fail);
  EXPECT_EQ(after_reply(13, "the message is illegal", 1).step, SendStep::fail);
}

TEST(SendRetry, WhereNoConnectionCameAboutNothingIsStored) {
  for (const Errc code : {Errc::connect_failed, Errc::connect_timeout, Errc::resolve_failed}) {
    const auto decision = after_failure(code);
    EXPECT_EQ(decision.step, SendStep::retry_other);
    EXPECT_FALSE(decision.possibly_stored);
    EXPECT_TRUE(decision.refresh_route);
  }
}

TEST(SendRetry, ALostAnswerMeansPossiblyStored) {
  for (const Errc code : {Errc::connection_closed, Errc::request_timeout, Errc::bad_header}) {
    EXPECT_EQ(after_failure(code).step, SendStep::retry_other);
    EXPECT_TRUE(after_failure(code).possibly_stored);
    EXPECT_EQ(after_failure(code, 5).step, SendStep::fail);
    EXPECT_TRUE(after_failure(code, 5).possibly_stored);
  }
}

TEST(SendRetry, MaxAttemptsCountsAllTries) {
  EXPECT_EQ(decide_send(SendResult{Errc::ok, 2, "", 1}, 1, 1).step, SendStep::fail);
  EXPECT_EQ(after_reply(2, "", 1, 4).step, SendStep::retry_other);
  EXPECT_EQ(after_reply(2, "", 1, 5).step, SendStep::fail);
}

TEST(SendRetry, AClosedClientDoesNotTryAgain) {
  EXPECT_EQ(after_failure(Errc::closed).step, SendStep::fail);
  EXPECT_TRUE(after_failure(Errc::closed).possibly_stored) << "it may have been on its way";
}

TEST(SendRetry, ThePausesOfFiveTriesOutlastTheRestartOfABroker) {
  Backoff backoff(unreachable_pauses);
  std::chrono::milliseconds total{0};
  for (int i = 0; i < 4; ++i)
    total += backoff.next(1.0);
  EXPECT_GE(total, std::chrono::seconds(7));
  EXPECT_LE(total, std::chrono::seconds(10));
}

}  // namespace
}  // namespace rocketmq::client
