// What brokers ask of a consumer for an operator: 307, 220 and 221, and what is not supported.

#include <string>
#include <thread>

#include "scripted_consumer.h"
#include "wire/consumer_status.h"
#include "wire/json_reader.h"
#include "wire/reset_offset.h"

namespace rocketmq::test {
namespace {

class OperatorRequestsTest : public ScriptedConsumer {
 protected:
  /// Starts a consumer that has handled all that its queue holds.
  std::unique_ptr<Consumer> start_and_catch_up() {
    auto consumer = start(ConsumeFromWhere::first_offset);
    poll(*consumer).acknowledge();
    return consumer;
  }
};

TEST_F(OperatorRequestsTest, ARequestThatIsNotSupportedIsAnsweredSo) {
  const auto consumer = start_and_catch_up();
  wire::Command consume_directly;
  consume_directly.code = 309;
  consume_directly.ext_fields.set("consumerGroup", "group");
  const auto answer = server_.wait_answer(server_.send_request(consume_directly, "a stored message"), 30s);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->header.code, wire::to_int(ResponseCode::request_code_not_supported));
  EXPECT_EQ(answer->header.remark, "request 309 is not supported by this client");
  EXPECT_TRUE(poll(*consumer, 0ms).empty());
}

TEST_F(OperatorRequestsTest, ConsumersThatCloseAnswerOrKeepSilentButNeverCrash) {
  for (int i = 0; i < 10; ++i) {
    const auto consumer = start(ConsumeFromWhere::first_offset);
    consumer->interrupt();
    wire::GetConsumerRunningInfoRequest info;
    info.consumer_group = "group";
    wire::GetConsumerStatusRequest status;
    status.topic = "topic";
    status.group = "group";
    wire::ResetOffsetRequest reset;
    reset.topic = "topic";
    reset.group = "group";
    wire::ResetOffsetBody body;
    body.offsets.push_back({{"topic", "broker-a", 0}, 3});
    std::thread broker([&] {
      server_.send_request(info.to_command());
      server_.send_request(reset.to_command(), body.encode_body(), true);
      server_.send_request(status.to_command());
    });
    consumer->close(5s);
    broker.join();
  }
}

TEST_F(OperatorRequestsTest, TheStateOfTheConsumerIsToldAsAJavaConsumerWould) {
  const auto consumer = start_and_catch_up();
  wire::GetConsumerRunningInfoRequest request;
  request.consumer_group = "group";
  for (const bool jstack : {false, true}) {
    request.jstack_enable = jstack;
    const auto answer = server_.wait_answer(server_.send_request(request.to_command()), 30s);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->header.code, 0);
    for (const char* part : {R"("PROP_CONSUME_TYPE":"CONSUME_PASSIVELY")", R"("PROP_CONSUMEORDERLY":"false")",
                             R"("commitOffset":10)", R"("cachedMsgCount":0)", R"("subString":"*")"}) {
      EXPECT_NE(answer->body.find(part), std::string::npos) << part << " in " << answer->body;
    }
    // Java's tool takes a consumption that was never for one that is blocked.
    EXPECT_EQ(answer->body.find(R"("lastConsumeTimestamp":0)"), std::string::npos);
    EXPECT_EQ(answer->body.find("This client is not a Java program") != std::string::npos, jstack);
  }
}

TEST_F(OperatorRequestsTest, TheThreadsAndWhatTheyAchieveAreTold) {
  pollers_ = 3;
  const auto consumer = start(ConsumeFromWhere::first_offset);
  Delivery delivery = poll(*consumer);
  ASSERT_EQ(delivery.size(), 10U);
  const std::size_t failed[] = {4};
  delivery.reject(failed);
  delivery.acknowledge();
  wire::GetConsumerRunningInfoRequest request;
  request.consumer_group = "group";
  const auto answer = server_.wait_answer(server_.send_request(request.to_command()), 30s);
  ASSERT_TRUE(answer);
  EXPECT_NE(answer->body.find(R"("PROP_THREADPOOL_CORE_SIZE":"3")"), std::string::npos) << answer->body;
  wire::JsonValue root;
  ASSERT_EQ(wire::read_json(answer->body, root), Errc::ok);
  const wire::JsonValue* status = root.find("statusTable")->find("topic");
  ASSERT_NE(status, nullptr) << answer->body;
  for (const char* name : {"pullTPS", "consumeRT", "consumeOKTPS", "consumeFailedTPS"}) {
    const wire::JsonValue* value = status->find(name);
    ASSERT_NE(value, nullptr) << name;
    EXPECT_GT(value->real() != nullptr ? *value->real() : static_cast<double>(*value->integer()), 0) << name;
  }
  EXPECT_EQ(*status->find("consumeFailedMsgs")->integer(), 1);
  ASSERT_NE(root.find("statusTable")->find("%RETRY%group"), nullptr);
  EXPECT_EQ(*root.find("statusTable")->find("%RETRY%group")->find("consumeFailedMsgs")->integer(), 0);
}

TEST_F(OperatorRequestsTest, TheOffsetsOfTheTopicThatWasAskedForAreTold) {
  const auto consumer = start_and_catch_up();
  wire::GetConsumerStatusRequest request;
  request.group = "group";
  for (const std::string topic : {"topic", "another"}) {
    request.topic = topic;
    const auto answer = server_.wait_answer(server_.send_request(request.to_command()), 30s);
    ASSERT_TRUE(answer);
    wire::ConsumerStatusBody body;
    ASSERT_EQ(wire::ConsumerStatusBody::decode_body(as_bytes(answer->body), body), Errc::ok);
    ASSERT_EQ(body.offsets.size(), topic == "topic" ? 1U : 0U);
    if (!body.offsets.empty()) {
      EXPECT_EQ(body.offsets[0].offset, 10);
    }
  }
}

TEST_F(OperatorRequestsTest, QuestionsAboutAnotherGroupAreRefused) {
  const auto consumer = start_and_catch_up();
  wire::GetConsumerRunningInfoRequest info;
  info.consumer_group = "others";
  wire::GetConsumerStatusRequest status;
  status.topic = "topic";
  status.group = "others";
  for (const wire::Command& command : {info.to_command(), status.to_command()}) {
    const auto answer = server_.wait_answer(server_.send_request(command), 30s);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->header.code, wire::to_int(ResponseCode::system_error));
    EXPECT_EQ(answer->header.remark, "this consumer is in group 'group' and not in 'others'");
  }
}

}  // namespace
}  // namespace rocketmq::test
