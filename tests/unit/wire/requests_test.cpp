#include <gtest/gtest.h>

#include <limits>

#include "round_trip.h"
#include "wire/admin.h"
#include "wire/offsets.h"
#include "wire/pull.h"
#include "wire/queue_offset.h"
#include "wire/request_code.h"
#include "wire/response_code.h"
#include "wire/send.h"
#include "wire/sys_flag.h"

namespace rocketmq::wire {
namespace {

SendMessageRequest send_request() {
  SendMessageRequest request;
  request.producer_group = "pg";
  request.topic = "t";
  request.queue_id = 3;
  request.sys_flag = 1;
  request.born_timestamp = 1'700'000'000'123;
  request.flag = -7;
  request.properties =
      "UNIQ_KEY\x01"
      "0A\x02";
  request.reconsume_times = 2;
  request.unit_mode = true;
  request.max_reconsume_times = 16;
  request.broker_name = "broker-a";
  return request;
}

TEST(SendMessage, HasOneLetterFields) {
  const Command command = send_request().to_command();
  EXPECT_EQ(command.code, 310);
  EXPECT_EQ(field(command, "a"), "pg");
  EXPECT_EQ(field(command, "b"), "t");
  EXPECT_EQ(field(command, "c"), "TBW102");
  EXPECT_EQ(field(command, "d"), "4");
  EXPECT_EQ(field(command, "e"), "3");
  EXPECT_EQ(field(command, "f"), "1");
  EXPECT_EQ(field(command, "g"), "1700000000123");
  EXPECT_EQ(field(command, "h"), "-7");
  EXPECT_EQ(field(command, "j"), "2");
  EXPECT_EQ(field(command, "k"), "true");
  EXPECT_EQ(field(command, "l"), "16");
  EXPECT_EQ(field(command, "m"), "false");
  EXPECT_EQ(field(command, "n"), "broker-a");
  EXPECT_EQ(field(command, "bname"), "<none>");
}

TEST(SendMessage, ComesBackAsItWas) {
  expect_round_trip(send_request());
  expect_required(send_request(), {"a", "b", "c", "d", "e", "f", "g", "h"});
}

TEST(SendMessage, ABatchHasItsOwnCode) {
  SendMessageRequest request = send_request();
  request.batch = true;
  request.properties.clear();
  request.max_reconsume_times.reset();
  EXPECT_EQ(request.to_command().code, 320);
  EXPECT_EQ(field(request.to_command(), "m"), "true");
  EXPECT_EQ(field(request.to_command(), "i"), "<none>");
  expect_round_trip(request);
}

TEST(SendMessage, AFieldThatIsNoNumberIsNamedBad) {
  Command command = send_request().to_command();
  command.ext_fields.set("e", "99999999999");
  SendMessageRequest decoded;
  EXPECT_EQ(SendMessageRequest::decode(command, decoded), Errc::bad_field);
}

TEST(SendReply, ComesBackAsItWas) {
  SendMessageReply reply;
  reply.msg_id = "7F00000100002A9F0000000000000000";
  reply.queue_id = 1;
  reply.queue_offset = std::int64_t{1} << 50;
  reply.transaction_id = "tx";
  reply.batch_uniq_id = "bu";
  reply.recall_handle = "rh";
  reply.region = "DefaultRegion";
  reply.trace_on = false;
  EXPECT_TRUE(reply.to_command().is_response());
  expect_round_trip(reply);
  expect_required(reply, {"msgId", "queueId", "queueOffset"});
}

PullMessageRequest pull_request() {
  PullMessageRequest request;
  request.consumer_group = "cg";
  request.topic = "t";
  request.queue_id = 2;
  request.queue_offset = 5'000'000'000;
  request.max_msg_nums = 64;
  request.sys_flag = pull_flag::suspend | pull_flag::subscription;
  request.commit_offset = 4'000'000'000;
  request.suspend_timeout_millis = 15'000;
  request.sub_version = 1'700'000'000'000;
  request.subscription = "a || b";
  request.max_msg_bytes = 262'144;
  request.broker_name = "broker-a";
  return request;
}

TEST(PullMessage, ComesBackAsItWas) {
  const Command command = pull_request().to_command();
  EXPECT_EQ(command.code, 11);
  EXPECT_EQ(field(command, "sysFlag"), "6");
  EXPECT_EQ(field(command, "expressionType"), "TAG");
  EXPECT_EQ(field(command, "bname"), "broker-a");
  expect_round_trip(pull_request());
  expect_required(pull_request(), {"consumerGroup", "topic", "queueId", "queueOffset", "maxMsgNums",
                                   "sysFlag", "commitOffset", "suspendTimeoutMillis", "subVersion"});
}

TEST(PullMessage, ALitePullHasItsOwnCode) {
  PullMessageRequest request = pull_request();
  request.lite = true;
  request.subscription.reset();
  request.max_msg_bytes.reset();
  EXPECT_EQ(request.to_command().code, 361);
  EXPECT_EQ(field(request.to_command(), "subscription"), "<none>");
  expect_round_trip(request);
}

TEST(PullReply, ComesBackAsItWas) {
  PullMessageReply reply;
  reply.suggest_which_broker_id = 1;
  reply.next_begin_offset = 33;
  reply.min_offset = 1;
  reply.max_offset = 5'000'000'000;
  reply.offset_delta = -100;
  reply.topic_sys_flag = 1;
  reply.group_sys_flag = 2;
  reply.forbidden_type = 1;
  expect_round_trip(reply);
  expect_required(reply, {"suggestWhichBrokerId", "nextBeginOffset", "minOffset", "maxOffset"});
}

TEST(PullReply, OlderBrokersSendFourFieldsOnly) {
  Command command;
  for (const char* name : {"suggestWhichBrokerId", "nextBeginOffset", "minOffset", "maxOffset"}) {
    command.ext_fields.set(name, 5);
  }
  PullMessageReply reply;
  ASSERT_EQ(PullMessageReply::decode(command, reply), Errc::ok);
  EXPECT_EQ(reply.max_offset, 5);
  EXPECT_EQ(reply.offset_delta, 0);
}

// Sums of these are made later on; they must not leave the range of 64 bits.
TEST(PullReply, OffsetsThatNoQueueHasAreRefused) {
  for (const char* name : {"nextBeginOffset", "minOffset", "maxOffset", "offsetDelta"}) {
    for (const std::int64_t offset :
         {std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min(),
          (std::int64_t{1} << 60) + 1}) {
      Command command = PullMessageReply{0, 1, 0, 2, 0, 0, 0, 0}.to_command();
      command.ext_fields.set(name, offset);
      PullMessageReply reply;
      EXPECT_EQ(PullMessageReply::decode(command, reply), Errc::bad_field) << name << " " << offset;
    }
  }
  Command none = PullMessageReply{0, 0, -1, -1, 0, 0, 0, 0}.to_command();
  PullMessageReply reply;
  EXPECT_EQ(PullMessageReply::decode(none, reply), Errc::ok) << "a queue without messages has no first one";
  OffsetReply offset;
  EXPECT_EQ(OffsetReply::decode(OffsetReply{std::numeric_limits<std::int64_t>::max()}.to_command(), offset),
            Errc::bad_field);
}

TEST(Offsets, QueryOffersToRefuseTheZeroOfYoungQueues) {
  QueryConsumerOffsetRequest request{"cg", "t", 1, false, "b"};
  EXPECT_EQ(request.to_command().code, 14);
  EXPECT_EQ(field(request.to_command(), "setZeroIfNotFound"), "false");
  EXPECT_EQ(field(request.to_command(), "bname"), "b");
  expect_round_trip(request);
  expect_required(request, {"consumerGroup", "topic", "queueId"});
  request.set_zero_if_not_found.reset();
  EXPECT_EQ(field(request.to_command(), "setZeroIfNotFound"), "<none>");
  expect_round_trip(request);
}

TEST(Offsets, EveryRequestComesBackAsItWas) {
  const UpdateConsumerOffsetRequest update{"cg", "t", 1, 77, "b"};
  EXPECT_EQ(update.to_command().code, 15);
  expect_round_trip(update);
  expect_required(update, {"consumerGroup", "topic", "queueId", "commitOffset"});

  const SearchOffsetRequest search{"t", 1, 1'700'000'000'000, BoundaryType::upper, "b"};
  EXPECT_EQ(search.to_command().code, 29);
  EXPECT_EQ(field(search.to_command(), "boundaryType"), "UPPER");
  expect_round_trip(search);
  expect_round_trip(SearchOffsetRequest{"t", 1, 0, BoundaryType::lower, ""});
  expect_required(search, {"topic", "queueId", "timestamp"});

  const GetMaxOffsetRequest max{"t", 1, true, "b"};
  EXPECT_EQ(max.to_command().code, 30);
  EXPECT_EQ(field(max.to_command(), "committed"), "true");
  expect_round_trip(max);

  const GetMinOffsetRequest min{"t", 1, "b"};
  EXPECT_EQ(min.to_command().code, 31);
  expect_round_trip(min);

  const GetEarliestStoreTimeRequest earliest{"t", 1, "b"};
  EXPECT_EQ(earliest.to_command().code, 32);
  expect_round_trip(earliest);

  expect_round_trip(OffsetReply{max_queue_offset});
  expect_required(OffsetReply{1}, {"offset"});
  expect_round_trip(TimestampReply{-1});
  expect_required(TimestampReply{1}, {"timestamp"});
}

TEST(Admin, TopicCreationComesBackAsItWas) {
  UpdateAndCreateTopicRequest request;
  request.topic = "t";
  request.read_queue_nums = 16;
  request.order = true;
  request.attributes = "+message.type=NORMAL";
  EXPECT_EQ(request.to_command().code, 17);
  EXPECT_EQ(field(request.to_command(), "perm"), "6");
  expect_round_trip(request);
  expect_required(request,
                  {"topic", "defaultTopic", "readQueueNums", "writeQueueNums", "perm", "topicFilterType"});
}

TEST(Admin, ViewMessageComesBackAsItWas) {
  EXPECT_EQ((ViewMessageRequest{9, "t"}.to_command().code), 33);
  expect_round_trip(ViewMessageRequest{9, "t"});
  expect_required(ViewMessageRequest{9, ""}, {"offset"});
}

TEST(ResponseCode, HasTheNameThatPeopleSearchFor) {
  EXPECT_EQ(response_code_name(17), "TOPIC_NOT_EXIST");
  EXPECT_EQ(response_code_name(1500), "GO_AWAY");
  EXPECT_EQ(response_code_name(-3), "response code");
  EXPECT_TRUE(22 == ResponseCode::query_not_found);
}

}  // namespace
}  // namespace rocketmq::wire
