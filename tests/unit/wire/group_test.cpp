#include "wire/group.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "round_trip.h"
#include "wire/consumer_status.h"
#include "wire/json_reader.h"
#include "wire/lock.h"
#include "wire/reset_offset.h"

namespace rocketmq::wire {
namespace {

using testing::ElementsAre;

TEST(SendBack, ComesBackAsItWas) {
  ConsumerSendMsgBackRequest request{1'000, "cg", -1, "ID", "t", true, 16, "b"};
  EXPECT_EQ(request.to_command().code, 36);
  expect_round_trip(request);
  expect_required(request, {"offset", "group", "delayLevel"});
  request.max_reconsume_times.reset();
  expect_round_trip(request);
}

TEST(ConsumerList, ComesBackAsItWas) {
  const GetConsumerListByGroupRequest request{"cg", "b"};
  EXPECT_EQ(request.to_command().code, 38);
  expect_round_trip(request);
  expect_required(request, {"consumerGroup"});
  const ConsumerIdList list{{"10.0.0.1@1", "10.0.0.2@2"}};
  EXPECT_EQ(list.encode_body(), R"({"consumerIdList":["10.0.0.1@1","10.0.0.2@2"]})");
  expect_body_round_trip(list);
  expect_body_round_trip(ConsumerIdList{});
}

TEST(ConsumerList, AReplyWithoutAListIsAnErrorAndNotAnEmptyGroup) {
  ConsumerIdList list;
  EXPECT_EQ(ConsumerIdList::decode_body(as_bytes("{}"), list), Errc::missing_field);
  EXPECT_EQ(ConsumerIdList::decode_body(as_bytes(R"({"consumerIdList":null})"), list), Errc::missing_field);
  EXPECT_EQ(ConsumerIdList::decode_body(as_bytes(R"({"consumerIdList":[1]})"), list), Errc::bad_field);
}

TEST(ConsumerConnection, TellsMembersAndWhatTheBrokerTakesThemToWant) {
  const GetConsumerConnectionListRequest request{"cg"};
  EXPECT_EQ(request.to_command().code, 203);
  expect_round_trip(request);
  expect_required(request, {"consumerGroup"});
  ConsumerConnection connection{{"10.0.0.1@1"}, {}, "CLUSTERING"};
  SubscriptionData subscription;
  ASSERT_FALSE(parse_tag_expression("t", "a || b", 7, subscription).failed());
  connection.subscriptions = {subscription};
  expect_body_round_trip(connection);
  expect_body_round_trip(ConsumerConnection{});
  // As a broker of 5.x writes it.
  const std::string body =
      R"({"connectionSet":[{"clientAddr":"10.0.0.1:5","clientId":"i","language":"JAVA","version":399}],)"
      R"("consumeFromWhere":"CONSUME_FROM_LAST_OFFSET","consumeType":"CONSUME_PASSIVELY",)"
      R"("messageModel":"BROADCASTING","subscriptionTable":{"t":{"classFilterMode":false,"codeSet":[],)"
      R"("expressionType":"TAG","subString":"*","subVersion":5,"tagsSet":[],"topic":"t"}}})";
  ASSERT_EQ(ConsumerConnection::decode_body(as_bytes(body), connection), Errc::ok);
  EXPECT_THAT(connection.client_ids, ElementsAre("i"));
  EXPECT_EQ(connection.message_model, "BROADCASTING");
  ASSERT_EQ(connection.subscriptions.size(), 1U);
  EXPECT_EQ(connection.subscriptions[0].topic, "t");
  EXPECT_EQ(ConsumerConnection::decode_body(as_bytes("{}"), connection), Errc::missing_field);
}

TEST(RunningInfo, TellsWhatAMemberWants) {
  ConsumerRunningInfo info;
  SubscriptionData subscription;
  ASSERT_FALSE(parse_tag_expression("t", "a || b", 7, subscription).failed());
  info.subscriptions = {subscription};
  std::vector<SubscriptionData> read;
  ASSERT_EQ(ConsumerRunningInfo::decode_subscriptions(as_bytes(info.encode_body()), read), Errc::ok);
  EXPECT_THAT(read, ElementsAre(subscription));
  EXPECT_EQ(ConsumerRunningInfo::decode_subscriptions(as_bytes("{}"), read), Errc::ok);
  EXPECT_TRUE(read.empty());
  EXPECT_EQ(ConsumerRunningInfo::decode_subscriptions(as_bytes(R"({"subscriptionSet":{}})"), read),
            Errc::bad_field);
}

TEST(NotifyIdsChanged, IsOneWay) {
  const NotifyConsumerIdsChangedRequest request{"cg"};
  EXPECT_EQ(request.to_command().code, 40);
  EXPECT_TRUE(request.to_command().is_one_way());
  expect_round_trip(request);
}

TEST(Lock, LockAndUnlockShareTheirBody) {
  const LockBatchRequest request{"cg", "id", true, {{"t", "b", 0}, {"t", "b", 1}}, ""};
  EXPECT_EQ(request.to_lock_command().code, 41);
  EXPECT_EQ(request.to_unlock_command().code, 42);
  EXPECT_EQ(request.encode_body(),
            R"({"clientId":"id","consumerGroup":"cg","mqSet":[{"brokerName":"b","queueId":0,"topic":"t"},)"
            R"({"brokerName":"b","queueId":1,"topic":"t"}],"onlyThisBroker":true})");
  expect_body_round_trip(request);
  expect_body_round_trip(LockBatchReply{{{"t", "b", 1}}});
}

TEST(Lock, AReplyWithoutQueuesIsAnErrorAndNotARefusal) {
  LockBatchReply reply;
  EXPECT_EQ(LockBatchReply::decode_body(as_bytes("{}"), reply), Errc::missing_field);
  EXPECT_EQ(LockBatchReply::decode_body(as_bytes(R"({"lockOKMQSet":[{"topic":"t"}]})"), reply),
            Errc::missing_field);
  EXPECT_EQ(LockBatchReply::decode_body(as_bytes(R"({"lockOKMQSet":[]})"), reply), Errc::ok);
}

const std::vector<QueueOffset>& offsets() {
  static const std::vector<QueueOffset> values = {{{"t", "broker-a", 0}, 123},
                                                  {{"t", "broker-b", 7}, std::int64_t{1} << 40}};
  return values;
}

TEST(ResetOffset, RequestComesBackAsItWas) {
  const ResetOffsetRequest request{"t", "cg", 1'700'000'000'000, true};
  EXPECT_EQ(request.to_command().code, 220);
  EXPECT_TRUE(request.to_command().is_one_way());
  expect_round_trip(request);
  expect_required(request, {"topic", "group", "timestamp"});
}

TEST(ResetOffset, BothBodyFormsAreRead) {
  const ResetOffsetBody body{offsets()};
  const std::string map = body.encode_as_map();
  const std::string list = body.encode_as_list();
  EXPECT_EQ(map, R"({"offsetTable":{{"brokerName":"broker-a","queueId":0,"topic":"t"}:123,)"
                 R"({"brokerName":"broker-b","queueId":7,"topic":"t"}:1099511627776}})");
  for (const std::string& text : {map, list}) {
    ResetOffsetBody decoded;
    ASSERT_EQ(ResetOffsetBody::decode_body(as_bytes(text), decoded), Errc::ok) << text;
    EXPECT_EQ(decoded, body);
    for (std::size_t length = 0; length < text.size(); ++length) {
      const Bytes cut = exact(std::string_view(text).substr(0, length));
      EXPECT_EQ(ResetOffsetBody::decode_body(cut, decoded), Errc::bad_json) << length;
    }
  }
}

TEST(ResetOffset, AKeyThatAStandardWriterQuotedIsRead) {
  ResetOffsetBody decoded;
  ASSERT_EQ(
      ResetOffsetBody::decode_body(
          as_bytes(R"({"offsetTable":{"{\"brokerName\":\"broker-a\",\"queueId\":0,\"topic\":\"t\"}":123}})"),
          decoded),
      Errc::ok);
  EXPECT_THAT(decoded.offsets, ElementsAre(offsets()[0]));
}

TEST(ResetOffset, BadBodiesAreNamed) {
  ResetOffsetBody decoded;
  EXPECT_EQ(ResetOffsetBody::decode_body(as_bytes("{}"), decoded), Errc::missing_field);
  EXPECT_EQ(ResetOffsetBody::decode_body(as_bytes(R"({"offsetTable":3})"), decoded), Errc::bad_field);
  EXPECT_EQ(ResetOffsetBody::decode_body(as_bytes(R"({"offsetTable":{"x":1}})"), decoded), Errc::bad_json);
  for (const char* body :
       {R"({"offsetTable":[{"topic":"t","brokerName":"b","queueId":0,"offset":9223372036854775807}]})",
        R"({"offsetTable":{{"topic":"t","brokerName":"b","queueId":0}:9223372036854775807}})"}) {
    EXPECT_EQ(ResetOffsetBody::decode_body(as_bytes(body), decoded), Errc::bad_field) << body;
  }
  EXPECT_EQ(ResetOffsetBody::decode_body(as_bytes(R"({"offsetTable":{{"topic":"t"}:1}})"), decoded),
            Errc::missing_field);
  EXPECT_EQ(ResetOffsetBody::decode_body(
                as_bytes(R"({"offsetTable":[{"topic":"t","brokerName":"b","queueId":0}]})"), decoded),
            Errc::missing_field);
}

TEST(ConsumerStatus, RequestsAndBodiesComeBackAsTheyWere) {
  const GetConsumerRunningInfoRequest info{"cg", "id", true};
  EXPECT_EQ(info.to_command().code, 307);
  expect_round_trip(info);
  expect_required(info, {"consumerGroup", "clientId"});

  const GetConsumerStatusRequest status{"t", "cg", "id"};
  EXPECT_EQ(status.to_command().code, 221);
  expect_round_trip(status);
  expect_body_round_trip(ConsumerStatusBody{offsets()});
}

TEST(ConsumerStatus, RunningInfoHoldsQueuesAsKeys) {
  ConsumerRunningInfo info;
  info.properties = {{"PROP_CONSUME_TYPE", "CONSUME_PASSIVELY"}};
  ProcessQueueInfo queue;
  queue.queue = {"t", "b", 3};
  queue.commit_offset = 42;
  info.queues = {queue};
  ConsumeStatus status;
  status.topic = "t";
  status.consume_ok_tps = 1.5;
  info.statuses = {status};
  JsonValue root;
  ASSERT_EQ(read_json(info.encode_body(), root), Errc::ok) << info.encode_body();
  const JsonMember& member = root.find("mqTable")->object()->at(0);
  EXPECT_EQ(*member.key.find("queueId")->integer(), 3);
  EXPECT_EQ(*member.value.find("commitOffset")->integer(), 42);
  EXPECT_EQ(*root.find("properties")->find("PROP_CONSUME_TYPE")->text(), "CONSUME_PASSIVELY");
  EXPECT_EQ(*root.find("statusTable")->find("t")->find("consumeOKTPS")->real(), 1.5);
  EXPECT_TRUE(root.find("subscriptionSet")->array()->empty());
}

TEST(MessageQueue, OrderIsTheOneThatAllMembersShare) {
  const MessageQueue first{"a", "b", 2};
  EXPECT_LT(first, (MessageQueue{"a", "b", 10}));
  EXPECT_LT((MessageQueue{"a", "b", 10}), (MessageQueue{"a", "c", 0}));
  EXPECT_LT((MessageQueue{"a", "c", 0}), (MessageQueue{"b", "a", 0}));
  EXPECT_EQ(to_string(first), "a@b:2");
}

}  // namespace
}  // namespace rocketmq::wire
