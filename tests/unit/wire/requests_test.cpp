// What requests and replies look like on the wire, in the words of RocketMQ's Java classes.

#include <gtest/gtest.h>

#include "field_samples.h"
#include "support/send_reply.h"
#include "wire/admin.h"
#include "wire/broker_config.h"
#include "wire/consume_stats.h"
#include "wire/consumer_status.h"
#include "wire/group.h"
#include "wire/heartbeat.h"
#include "wire/offsets.h"
#include "wire/pull.h"
#include "wire/reset_offset.h"
#include "wire/response_code.h"
#include "wire/route.h"
#include "wire/send.h"
#include "wire/sys_flag.h"
#include "wire/topic_stats.h"

namespace rocketmq::wire {
namespace {

std::string to_text(const Command& command) {
  std::string text = std::to_string(command.code) + (command.is_one_way() ? " one-way" : "");
  for (const auto& [name, value] : command.ext_fields) {
    text += ' ';
    text += name;
    text += '=';
    text += value;
  }
  return text;
}

SendMessageRequest send_request() {
  SendMessageRequest request;
  request.producer_group = "pg";
  request.topic = "t";
  request.queue_id = 3;
  request.sys_flag = 1;
  request.born_timestamp = 1'700'000'000'123;
  request.flag = -7;
  request.properties = "UNIQ_KEY\x01";
  request.reconsume_times = 2;
  request.unit_mode = true;
  request.max_reconsume_times = 16;
  request.broker_name = "broker-a";
  return request;
}

TEST(SendMessage, HasOneLetterFields) {
  EXPECT_EQ(to_text(send_request().to_command()),
            "310 a=pg b=t c=TBW102 d=4 e=3 f=1 g=1700000000123 h=-7 i=UNIQ_KEY\x01 j=2 k=true l=16 m=false "
            "n=broker-a");
}

TEST(SendMessage, ABatchHasItsOwnCode) {
  SendMessageRequest request = send_request();
  request.batch = true;
  request.properties.clear();
  request.max_reconsume_times.reset();
  EXPECT_EQ(to_text(request.to_command()),
            "320 a=pg b=t c=TBW102 d=4 e=3 f=1 g=1700000000123 h=-7 j=2 k=true m=true n=broker-a");
}

TEST(PullMessage, HasTheFieldsOfJavasClass) {
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
  request.broker_name = "b";
  EXPECT_EQ(to_text(request.to_command()),
            "11 consumerGroup=cg topic=t queueId=2 queueOffset=5000000000 maxMsgNums=64 sysFlag=6 "
            "commitOffset=4000000000 suspendTimeoutMillis=15000 subscription=a || b subVersion=1700000000000 "
            "expressionType=TAG maxMsgBytes=262144 bname=b");
  request.subscription.reset();
  request.max_msg_bytes.reset();
  request.broker_name.clear();
  EXPECT_EQ(to_text(request.to_command()),
            "11 consumerGroup=cg topic=t queueId=2 queueOffset=5000000000 maxMsgNums=64 sysFlag=6 "
            "commitOffset=4000000000 suspendTimeoutMillis=15000 subVersion=1700000000000 expressionType=TAG");
}

TEST(Requests, HaveTheFieldsOfJavasClasses) {
  const struct {
    Command command;
    const char* text;
  } cases[] = {
      {QueryConsumerOffsetRequest{"cg", "t", 1, false, "b"}.to_command(),
       "14 topic=t queueId=1 bname=b consumerGroup=cg setZeroIfNotFound=false"},
      {QueryConsumerOffsetRequest{"cg", "t", 1, {}, ""}.to_command(),
       "14 topic=t queueId=1 consumerGroup=cg"},
      {UpdateConsumerOffsetRequest{"cg", "t", 1, 77, "b"}.to_command(),
       "15 topic=t queueId=1 bname=b consumerGroup=cg commitOffset=77"},
      {SearchOffsetRequest{"t", 1, 1700000000123, "b"}.to_command(),
       "29 topic=t queueId=1 bname=b timestamp=1700000000123"},
      {GetMaxOffsetRequest{"t", 1, true, "b"}.to_command(), "30 topic=t queueId=1 bname=b committed=true"},
      {GetMinOffsetRequest{"t", 1, "b"}.to_command(), "31 topic=t queueId=1 bname=b"},
      {GetEarliestStoreTimeRequest{"t", 1, "b"}.to_command(), "32 topic=t queueId=1 bname=b"},
      {HeartbeatRequest{"b"}.to_command(), "34 bname=b"},
      {HeartbeatRequest{}.to_command(), "34"},
      {UnregisterClientRequest{"id", "", "cg", "b"}.to_command(), "35 clientID=id consumerGroup=cg bname=b"},
      {UnregisterClientRequest{"id", "pg", "", ""}.to_command(), "35 clientID=id producerGroup=pg"},
      {ConsumerSendMsgBackRequest{1'000, "cg", -1, "ID", "t", true, 16, "b"}.to_command(),
       "36 offset=1000 group=cg delayLevel=-1 originMsgId=ID originTopic=t unitMode=true "
       "maxReconsumeTimes=16 "
       "bname=b"},
      {GetConsumerListByGroupRequest{"cg", "b"}.to_command(), "38 consumerGroup=cg bname=b"},
      {NotifyConsumerIdsChangedRequest{"cg"}.to_command(), "40 one-way consumerGroup=cg"},
      {CheckClientConfigRequest::to_command(), "46"},
      {GetBrokerConfigRequest{}.to_command(), "26"},
      {QueryMessageRequest{"t", "k", 32, 5, 9, false}.to_command(),
       "12 topic=t key=k maxNum=32 beginTimestamp=5 endTimestamp=9 _UNIQUE_KEY_QUERY=false"},
      {ViewMessageByIdRequest{"t", 77}.to_command(), "33 topic=t offset=77"},
      {GetBrokerClusterInfoRequest{}.to_command(), "106"},
      {GetAllTopicListRequest{}.to_command(), "206"},
      {QueryTopicConsumeByWhoRequest{"t"}.to_command(), "300 topic=t"},
      {GetRouteInfoRequest{"t", true}.to_command(), "105 topic=t acceptStandardJsonOnly=true"},
      {GetTopicStatsInfoRequest{"t"}.to_command(), "202 topic=t"},
      {GetConsumerConnectionListRequest{"cg"}.to_command(), "203 consumerGroup=cg"},
      {GetConsumeStatsRequest{"cg", "t"}.to_command(), "208 consumerGroup=cg topic=t"},
      {ResetOffsetRequest{"t", "cg", 1'700'000'000'000, true}.to_command(),
       "220 one-way topic=t group=cg timestamp=1700000000000 isForce=true"},
      {ResetOffsetRequest{"t", "cg", -1, true}.to_broker_command(),
       "222 topic=t group=cg timestamp=-1 isForce=true"},
      {ResetOffsetRequest{"t", "cg", -1, false, 3, 70}.to_broker_command(),
       "222 topic=t group=cg timestamp=-1 isForce=false queueId=3 offset=70"},
      {GetConsumerStatusRequest{"t", "cg", "id"}.to_command(), "221 topic=t group=cg clientAddr=id"},
      {GetConsumerRunningInfoRequest{"cg", "id", true}.to_command(),
       "307 consumerGroup=cg clientId=id jstackEnable=true"},
  };
  for (const auto& c : cases)
    EXPECT_EQ(to_text(c.command), c.text);
}

TEST(Replies, HaveTheFieldsOfJavasClasses) {
  EXPECT_TRUE(OffsetReply{5}.to_command().is_response());
  EXPECT_EQ(to_text(OffsetReply{5}.to_command()), "0 offset=5");
  EXPECT_EQ(to_text(TimestampReply{-1}.to_command()), "0 timestamp=-1");
  EXPECT_EQ(to_text(PullMessageReply{1, 33, 1, 5, -100}.to_command()),
            "0 suggestWhichBrokerId=1 nextBeginOffset=33 minOffset=1 maxOffset=5 offsetDelta=-100");
  EXPECT_EQ(
      to_text(SendMessageReply{"7F00", 1, 2, "tx", "bu", "rh", "r", false}.to_command()),
      "0 msgId=7F00 queueId=1 queueOffset=2 transactionId=tx batchUniqId=bu recallHandle=rh MSG_REGION=r "
      "TRACE_ON=false");
}

// Those without which it cannot be read. Java's classes mark them as @CFNotNull.
template <class Message>
std::string required_fields() {
  FieldKinds found;
  const Message message;
  Message::visit_fields(message, found);
  std::string text;
  for (const FieldKinds::Kind& kind : found.kinds) {
    if (kind.required) text += (text.empty() ? "" : " ") + kind.name;
  }
  return text;
}

TEST(Requests, HaveTheRequiredFieldsOfJavasClasses) {
  EXPECT_EQ(required_fields<SendMessageRequest>(), "a b c d e f g h");
  EXPECT_EQ(required_fields<PullMessageRequest>(),
            "consumerGroup topic queueId queueOffset maxMsgNums sysFlag commitOffset suspendTimeoutMillis "
            "subVersion");
  EXPECT_EQ(required_fields<QueryConsumerOffsetRequest>(), "topic queueId consumerGroup");
  EXPECT_EQ(required_fields<UpdateConsumerOffsetRequest>(), "topic queueId consumerGroup commitOffset");
  EXPECT_EQ(required_fields<SearchOffsetRequest>(), "topic queueId timestamp");
  EXPECT_EQ(required_fields<GetMaxOffsetRequest>(), "topic queueId");
  EXPECT_EQ(required_fields<GetMinOffsetRequest>(), "topic queueId");
  EXPECT_EQ(required_fields<GetEarliestStoreTimeRequest>(), "topic queueId");
  EXPECT_EQ(required_fields<HeartbeatRequest>(), "");
  EXPECT_EQ(required_fields<UnregisterClientRequest>(), "clientID");
  EXPECT_EQ(required_fields<ConsumerSendMsgBackRequest>(), "offset group delayLevel");
  EXPECT_EQ(required_fields<GetConsumerListByGroupRequest>(), "consumerGroup");
  EXPECT_EQ(required_fields<NotifyConsumerIdsChangedRequest>(), "consumerGroup");
  EXPECT_EQ(required_fields<GetRouteInfoRequest>(), "topic");
  EXPECT_EQ(required_fields<GetTopicStatsInfoRequest>(), "topic");
  EXPECT_EQ(required_fields<GetConsumerConnectionListRequest>(), "consumerGroup");
  EXPECT_EQ(required_fields<GetConsumeStatsRequest>(), "consumerGroup");
  EXPECT_EQ(required_fields<ResetOffsetRequest>(), "topic group timestamp");
  EXPECT_EQ(required_fields<GetConsumerStatusRequest>(), "topic group");
  EXPECT_EQ(required_fields<GetConsumerRunningInfoRequest>(), "consumerGroup clientId");
  EXPECT_EQ(required_fields<QueryMessageRequest>(), "topic key maxNum beginTimestamp endTimestamp");
  EXPECT_EQ(required_fields<ViewMessageByIdRequest>(), "offset");
  EXPECT_EQ(required_fields<QueryTopicConsumeByWhoRequest>(), "topic");
}

TEST(Replies, HaveTheRequiredFieldsOfJavasClasses) {
  EXPECT_EQ(required_fields<OffsetReply>(), "offset");
  EXPECT_EQ(required_fields<TimestampReply>(), "timestamp");
  EXPECT_EQ(required_fields<SendMessageReply>(), "msgId queueId queueOffset");
  // Brokers of older versions send no more than these.
  EXPECT_EQ(required_fields<PullMessageReply>(), "suggestWhichBrokerId nextBeginOffset minOffset maxOffset");
}

TEST(ResponseCode, HasTheNameThatPeopleSearchFor) {
  EXPECT_EQ(response_code_name(17), "TOPIC_NOT_EXIST");
  EXPECT_EQ(response_code_name(1500), "GO_AWAY");
  EXPECT_EQ(response_code_name(-3), "response code");
  EXPECT_TRUE(22 == ResponseCode::query_not_found);
}

}  // namespace
}  // namespace rocketmq::wire
