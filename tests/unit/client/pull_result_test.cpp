#include "client/consumer/pull_result.h"

#include <gtest/gtest.h>

#include "support/stored_message_encoder.h"
#include "wire/pull.h"
#include "wire/response_code.h"

namespace rocketmq::client {
namespace {

using Kind = PullOutcome::Kind;
using wire::ResponseCode;

std::string messages(std::int64_t first, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) {
    wire::StoredMessageView message;
    message.queue_offset = first + i;
    message.topic = "topic";
    message.body = as_bytes("body");
    EXPECT_EQ(wire::append_stored_message(bytes, message), Errc::ok);
  }
  return bytes;
}

wire::ReceivedCommand reply(ResponseCode code, std::int64_t next, const std::string& body = "",
                            std::int64_t min = 0) {
  wire::PullMessageReply fields;
  fields.next_begin_offset = next;
  fields.min_offset = min;
  fields.max_offset = 1000;
  wire::ReceivedCommand command;
  command.header = fields.to_command();
  command.header.code = wire::to_int(code);
  auto storage = std::make_shared<const Bytes>(body.begin(), body.end());
  command.body = {storage, *storage};
  return command;
}

TEST(PullReply, FoundMessagesBecomeASegment) {
  const auto result = read_pull_reply(reply(ResponseCode::success, 15, messages(10, 5)), 10, false);
  EXPECT_EQ(result.outcome.kind, Kind::received);
  EXPECT_EQ(result.outcome.next_begin, 15);
  ASSERT_TRUE(result.has_segment);
  EXPECT_EQ(result.segment.begin, 10);
  EXPECT_EQ(result.segment.messages, 5U);
  EXPECT_TRUE(result.problem.empty());
}

TEST(PullReply, ASlaveThatLacksTheOffsetNeitherMovesTheQueueNorSkipsAnything) {
  struct Case {
    ResponseCode code;
    std::int64_t next;
    std::int64_t min;
  };
  // The slave lags behind; it holds the newest part only; it has nothing at all.
  for (const Case& lack :
       {Case{ResponseCode::pull_offset_moved, 40, 0}, Case{ResponseCode::pull_offset_moved, 70, 70},
        Case{ResponseCode::pull_retry_immediately, 70, 70}, Case{ResponseCode::pull_retry_immediately, 40, 0},
        Case{ResponseCode::pull_not_found, 2000, 0}, Case{ResponseCode::pull_offset_moved, 0, 0}}) {
    const auto answer = reply(lack.code, lack.next, "", lack.min);
    const auto result = read_pull_reply(answer, 50, false, true);
    EXPECT_EQ(result.outcome.kind, Kind::moved_away) << lack.next;
    EXPECT_FALSE(result.has_segment);
    EXPECT_EQ(result.suggested_broker_id, 0);
    EXPECT_NE(result.problem.find("a slave has the offsets from"), std::string::npos) << result.problem;
    EXPECT_NE(read_pull_reply(answer, 50, false, false).outcome.kind, Kind::moved_away);
  }
}

TEST(PullReply, WhatASlaveFilteredOutIsPassed) {
  const auto result = read_pull_reply(reply(ResponseCode::pull_retry_immediately, 90), 50, false, true);
  EXPECT_EQ(result.outcome.kind, Kind::nothing_passed);
  EXPECT_TRUE(result.has_segment);
}

TEST(PullReply, FilteredOffsetsBecomeAnEmptySegment) {
  const auto result = read_pull_reply(reply(ResponseCode::pull_retry_immediately, 50), 10, false);
  EXPECT_EQ(result.outcome.kind, Kind::nothing_passed);
  ASSERT_TRUE(result.has_segment);
  EXPECT_EQ(result.segment.messages, 0U);
  EXPECT_EQ(result.segment.next_begin, 50);
}

TEST(PullReply, NothingNewLeavesTheOffsetAlone) {
  const auto result = read_pull_reply(reply(ResponseCode::pull_not_found, 10), 10, false);
  EXPECT_EQ(result.outcome.kind, Kind::nothing_new);
  EXPECT_FALSE(result.has_segment);
}

TEST(PullReply, ANextOffsetThatDoesNotGoForwardIsNoProgress) {
  const auto result = read_pull_reply(reply(ResponseCode::success, 3, messages(10, 5)), 10, false);
  EXPECT_FALSE(result.has_segment);
  EXPECT_LE(result.outcome.next_begin, 10);
  EXPECT_NE(result.problem.find("not after"), std::string::npos);
}

TEST(PullReply, ACutReplyIsPulledAgainAndThenUsedAsFarAsItGoes) {
  std::string body = messages(10, 3);
  body.resize(body.size() - 1);
  const auto first = read_pull_reply(reply(ResponseCode::success, 13, body), 10, false);
  EXPECT_EQ(first.outcome.kind, Kind::unreadable);
  EXPECT_FALSE(first.has_segment);
  const auto second = read_pull_reply(reply(ResponseCode::success, 13, body), 10, true);
  EXPECT_EQ(second.outcome.kind, Kind::received);
  ASSERT_TRUE(second.has_segment);
  EXPECT_EQ(second.segment.messages, 2U);
  EXPECT_EQ(second.segment.next_begin, 12);
}

TEST(PullReply, AReplyWithoutOneReadableMessageGivesUpOneOffsetOnly) {
  const std::string body = messages(10, 1).substr(0, 20);
  const auto result = read_pull_reply(reply(ResponseCode::success, 42, body), 10, true);
  ASSERT_TRUE(result.has_segment);
  EXPECT_EQ(result.segment.next_begin, 11);
  EXPECT_EQ(result.segment.messages, 0U);
  EXPECT_NE(result.problem.find("skipped"), std::string::npos);
  EXPECT_EQ(result.given_up, 1);
}

TEST(PullReply, AMovedOffsetSaysWhetherMessagesWereDeleted) {
  const auto deleted = read_pull_reply(reply(ResponseCode::pull_offset_moved, 500, "", 500), 10, false);
  EXPECT_EQ(deleted.outcome.kind, Kind::offset_moved);
  EXPECT_TRUE(deleted.deleted);
  const auto reset = read_pull_reply(reply(ResponseCode::pull_offset_moved, 5, "", 0), 10, false);
  EXPECT_EQ(reset.outcome.kind, Kind::offset_moved);
  EXPECT_FALSE(reset.deleted);
  EXPECT_EQ(reset.outcome.next_begin, 5);
}

TEST(PullReply, RefusalsAreSortedByWhatHelps) {
  const auto kind = [](ResponseCode code) { return read_pull_reply(reply(code, 0), 10, false).outcome.kind; };
  EXPECT_EQ(kind(ResponseCode::subscription_not_exist), Kind::not_subscribed);
  EXPECT_EQ(kind(ResponseCode::subscription_not_latest), Kind::not_subscribed);
  EXPECT_EQ(kind(ResponseCode::not_leader_for_queue), Kind::moved_away);
  EXPECT_EQ(kind(ResponseCode::topic_not_exist), Kind::moved_away);
  EXPECT_EQ(kind(ResponseCode::system_busy), Kind::refused);
  EXPECT_EQ(kind(ResponseCode::flow_control), Kind::refused);
  EXPECT_EQ(kind(ResponseCode::system_error), Kind::refused);
}

TEST(PullReply, AReplyWithoutItsFieldsIsRefusedNotObeyed) {
  wire::ReceivedCommand command;
  command.header.code = wire::to_int(ResponseCode::pull_offset_moved);
  const auto result = read_pull_reply(command, 10, false);
  EXPECT_EQ(result.outcome.kind, Kind::refused);
  EXPECT_FALSE(result.problem.empty());
}

}  // namespace
}  // namespace rocketmq::client
