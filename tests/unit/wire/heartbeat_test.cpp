#include "wire/heartbeat.h"

#include <gtest/gtest.h>

#include "round_trip.h"

namespace rocketmq::wire {
namespace {

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

TEST(Heartbeat, ComesBackAsItWas) {
  HeartbeatData data;
  data.client_id = "id";
  data.producer_groups = {"p1", "p2"};
  ConsumerData consumer;
  consumer.group_name = "cg";
  consumer.consume_type = "CONSUME_ACTIVELY";
  consumer.message_model = "BROADCASTING";
  consumer.consume_from_where = "CONSUME_FROM_FIRST_OFFSET";
  consumer.unit_mode = true;
  consumer.subscription_data_set = {subscription("t", "a||b"), subscription("%RETRY%cg", "*")};
  data.consumer_data_set = {consumer};
  expect_body_round_trip(data);
  expect_round_trip(HeartbeatRequest{"b"});
  EXPECT_EQ(HeartbeatRequest{}.to_command().code, 34);
}

TEST(Unregister, SendsOnlyTheGroupsThatThereAre) {
  const UnregisterClientRequest request{"id", "", "cg", "b"};
  EXPECT_EQ(request.to_command().code, 35);
  EXPECT_EQ(field(request.to_command(), "producerGroup"), "<none>");
  expect_round_trip(request);
  expect_required(request, {"clientID"});
}

TEST(CheckClientConfig, ComesBackAsItWas) {
  CheckClientConfigRequest request;
  request.client_id = "id";
  request.group = "cg";
  ASSERT_FALSE(make_sql92_subscription("t", "a = 'b'", 1, request.subscription).failed());
  EXPECT_EQ(request.to_command().code, 46);
  expect_body_round_trip(request);
  request.name_space = "ns";
  expect_body_round_trip(request);
}

}  // namespace
}  // namespace rocketmq::wire
