// The JSON bodies of requests and replies, as brokers and clients in Java write and read them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bytes_of.h"
#include "support/offset_list.h"
#include "wire/admin.h"
#include "wire/consume_stats.h"
#include "wire/consumer_status.h"
#include "wire/group.h"
#include "wire/heartbeat.h"
#include "wire/json_reader.h"
#include "wire/reset_offset.h"
#include "wire/topic_stats.h"

namespace rocketmq::wire {
namespace {

using testing::ElementsAre;

SubscriptionData subscription(std::string_view topic, std::string_view expression) {
  SubscriptionData out;
  EXPECT_FALSE(parse_tag_expression(topic, expression, 9, out).failed());
  return out;
}

TEST(Heartbeat, BodyIsWhatABrokerReads) {
  HeartbeatData data;
  data.client_id = "10.0.0.1@7";
  data.producer_groups = {"pg"};
  ConsumerData consumer;
  consumer.group_name = "cg";
  consumer.subscription_data_set = {subscription("t", "*")};
  data.consumer_data_set = {consumer};
  EXPECT_EQ(data.encode_body(),
            R"({"clientID":"10.0.0.1@7","consumerDataSet":[{"consumeFromWhere":"CONSUME_FROM_LAST_OFFSET",)"
            R"("consumeType":"CONSUME_PASSIVELY","groupName":"cg","messageModel":"CLUSTERING",)"
            R"("subscriptionDataSet":[{"classFilterMode":false,"codeSet":[],"expressionType":"TAG",)"
            R"("subString":"*","subVersion":9,"tagsSet":[],"topic":"t"}],"unitMode":false}],)"
            R"("heartbeatFingerprint":0,"producerDataSet":[{"groupName":"pg"}],"withoutSub":false})");
}

TEST(CheckClientConfig, BodyIsWhatABrokerReads) {
  CheckClientConfigRequest request{"id", "cg", {}, ""};
  ASSERT_FALSE(make_sql92_subscription("t", "a = 'b'", 1, request.subscription).failed());
  const std::string data =
      R"("subscriptionData":{"classFilterMode":false,"codeSet":[],"expressionType":"SQL92",)"
      R"("subString":"a = 'b'","subVersion":1,"tagsSet":[],"topic":"t"}})";
  EXPECT_EQ(request.encode_body(), R"({"clientId":"id","group":"cg",)" + data);
  request.name_space = "ns";
  EXPECT_EQ(request.encode_body(), R"({"clientId":"id","group":"cg","namespace":"ns",)" + data);
}

TEST(ConsumerList, IsWhatABrokerWrites) {
  EXPECT_EQ((ConsumerIdList{{"10.0.0.1@1", "10.0.0.2@2"}}.encode_body()),
            R"({"consumerIdList":["10.0.0.1@1","10.0.0.2@2"]})");
}

TEST(ConsumerList, AReplyWithoutAListIsAnErrorAndNotAnEmptyGroup) {
  ConsumerIdList list;
  EXPECT_EQ(ConsumerIdList::decode_body(as_bytes("{}"), list), Errc::missing_field);
  EXPECT_EQ(ConsumerIdList::decode_body(as_bytes(R"({"consumerIdList":null})"), list), Errc::missing_field);
  EXPECT_EQ(ConsumerIdList::decode_body(as_bytes(R"({"consumerIdList":[1]})"), list), Errc::bad_field);
}

TEST(ConsumerConnection, TellsMembersAndWhatTheBrokerTakesThemToWant) {
  ConsumerConnection connection;
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

TEST(RunningInfo, TellsWhichQueuesAMemberHas) {
  std::vector<MessageQueue> queues;
  // As a Java client writes it.
  const std::string body =
      R"({"mqTable":{{"brokerName":"b","queueId":1,"topic":"t"}:{"cachedMsgCount":0,"droped":false}},"statusTable":{}})";
  ASSERT_EQ(ConsumerRunningInfo::decode_queues(as_bytes(body), queues), Errc::ok);
  EXPECT_THAT(queues, ElementsAre(MessageQueue{"t", "b", 1}));
  EXPECT_EQ(ConsumerRunningInfo::decode_queues(as_bytes("{}"), queues), Errc::missing_field);
}

TEST(TopicStats, AreReadAsBrokersWriteThem) {
  TopicStats stats;
  const std::string body =
      R"({"offsetTable":{{"brokerName":"b","queueId":1,"topic":"t"}:{"lastUpdateTimestamp":7,"maxOffset":9,"minOffset":4}},"topicPutTps":0.0})";
  ASSERT_EQ(TopicStats::decode_body(as_bytes(body), stats), Errc::ok);
  EXPECT_EQ(stats, (TopicStats{{{{"t", "b", 1}, 4, 9, 7}}}));
  EXPECT_EQ(TopicStats::decode_body(as_bytes("{}"), stats), Errc::missing_field);
}

const std::vector<QueueOffset>& offsets() {
  static const std::vector<QueueOffset> values = {{{"t", "broker-a", 0}, 123},
                                                  {{"t", "broker-b", 7}, std::int64_t{1} << 40}};
  return values;
}

TEST(ResetOffset, BothBodyFormsAreRead) {
  const ResetOffsetBody body{offsets()};
  const std::string map = body.encode_body();
  const std::string list = encode_as_list(body);
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

TEST(ConsumerStatus, HoldsQueuesAsKeys) {
  EXPECT_EQ((ConsumerStatusBody{{offsets()[0]}}.encode_body()),
            R"({"messageQueueTable":{{"brokerName":"broker-a","queueId":0,"topic":"t"}:123}})");
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

TEST(ConsumeStats, AreReadAsBrokersOfBothLinesWriteThem) {
  ConsumeStats stats;
  for (
      const char* body :
      {R"({"consumeTps":0.0,"offsetTable":{{"brokerName":"b","queueId":1,"topic":"t"}:{"brokerOffset":9,"consumerOffset":4,"lastTimestamp":7}}})",
       R"({"consumeTps":0.0,"offsetTable":{"{\"brokerName\":\"b\",\"queueId\":1,\"topic\":\"t\"}":{"brokerOffset":9,"consumerOffset":4,"lastTimestamp":7}}})"}) {
    ASSERT_EQ(ConsumeStats::decode_body(as_bytes(body), stats), Errc::ok) << body;
    EXPECT_EQ(stats, (ConsumeStats{{{{"t", "b", 1}, 4, 9, 7}}})) << body;
  }
}

TEST(ConsumeStats, AReplyWithoutATableIsAnErrorAndNotAGroupWithoutProgress) {
  ConsumeStats stats;
  EXPECT_EQ(ConsumeStats::decode_body(as_bytes("{}"), stats), Errc::missing_field);
  EXPECT_EQ(ConsumeStats::decode_body(as_bytes(R"({"offsetTable":null})"), stats), Errc::missing_field);
  EXPECT_EQ(ConsumeStats::decode_body(as_bytes(R"({"offsetTable":[]})"), stats), Errc::bad_field);
  EXPECT_EQ(ConsumeStats::decode_body(
                as_bytes(R"({"offsetTable":{{"brokerName":"b","queueId":1,"topic":"t"}:4}})"), stats),
            Errc::bad_field);
}

TEST(ClusterInfo, IsReadAsNameServersOfBothLinesWriteIt) {
  ClusterInfo info;
  for (
      const char* body :
      {R"({"brokerAddrTable":{"b":{"brokerAddrs":{0:"h:1",1:"h:2"},"brokerName":"b","cluster":"c"}},"clusterAddrTable":{"c":["b"]}})",
       R"({"brokerAddrTable":{"b":{"brokerAddrs":{"0":"h:1","1":"h:2"},"brokerName":"b","cluster":"c","enableActingMaster":false}},"clusterAddrTable":{"c":["b"]}})"}) {
    ASSERT_EQ(ClusterInfo::decode_body(as_bytes(body), info), Errc::ok) << body;
    ASSERT_EQ(info.brokers.count("b"), 1U) << body;
    EXPECT_EQ(info.brokers["b"].broker_addrs, (std::map<std::int64_t, std::string>{{0, "h:1"}, {1, "h:2"}}));
    EXPECT_THAT(info.clusters["c"], ElementsAre("b"));
  }
}

TEST(GroupConnections, TellOfEachMemberWhatBrokersKnow) {
  GroupConnections group;
  ASSERT_EQ(
      GroupConnections::decode_body(
          as_bytes(
              R"({"connectionSet":[{"clientAddr":"1.2.3.4:5","clientId":"id","language":"JAVA","version":479}],)"
              R"("consumeFromWhere":"CONSUME_FROM_LAST_OFFSET","consumeType":"CONSUME_PASSIVELY",)"
              R"("messageModel":"CLUSTERING","subscriptionTable":{"t":{"topic":"t","subString":"a","tagsSet":["a"],"codeSet":[97]}}})"),
          group),
      Errc::ok);
  EXPECT_EQ(group.members, (std::vector<MemberConnection>{{"id", "1.2.3.4:5", "JAVA", 479}}));
  ASSERT_EQ(group.subscriptions.size(), 1U);
  EXPECT_EQ(group.subscriptions[0].sub_string, "a");
  EXPECT_EQ(GroupConnections::decode_body(as_bytes("{}"), group), Errc::missing_field)
      << "not a group without members";
}

TEST(TopicList, WithoutNamesIsAnError) {
  TopicList list;
  EXPECT_EQ(TopicList::decode_body(as_bytes(R"({"brokerAddr":null,"topicList":["a","b"]})"), list), Errc::ok);
  EXPECT_THAT(list.topics, ElementsAre("a", "b"));
  EXPECT_EQ(TopicList::decode_body(as_bytes("{}"), list), Errc::missing_field);
}

}  // namespace
}  // namespace rocketmq::wire
