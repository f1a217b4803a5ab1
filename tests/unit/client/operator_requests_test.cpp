// What brokers ask of a consumer for an operator: 307, 309, 220 and 221.

#include <atomic>
#include <future>
#include <optional>
#include <string>
#include <thread>

#include "client/consumer/direct_message.h"
#include "scripted_consumer.h"
#include "wire/consumer_status.h"
#include "wire/json_reader.h"
#include "wire/reset_offset.h"

namespace rocketmq::test {
namespace {

class OperatorRequestsTest : public ScriptedConsumer {
 protected:
  /// A message that lies elsewhere: at an offset and with a tag that the consumer never asks for.
  static std::string stored_message(const std::string& body, const std::string& topic = "topic") {
    wire::StoredMessageView message;
    message.queue_offset = 1234;
    message.queue_id = 5;
    message.topic = topic;
    message.body = as_bytes(body);
    message.properties = "TAGS\x01other\x02UNIQ_KEY\x01KEY\x02RETRY_TOPIC\x01origin\x02";
    std::string record;
    EXPECT_EQ(wire::append_stored_message(record, message), Errc::ok);
    return record;
  }

  std::int32_t hand_over(const std::string& record, const std::string& group = "group") {
    wire::ConsumeMessageDirectlyRequest request;
    request.consumer_group = group;
    request.client_id = "any";
    request.msg_id = "ID";
    request.broker_name = "broker-x";
    return server_.send_request(request.to_command(), record);
  }

  wire::ConsumeMessageDirectlyResult result_of(std::int32_t opaque) {
    wire::ConsumeMessageDirectlyResult result;
    const std::optional<FakeRequest> answer = server_.wait_answer(opaque, 30s);
    if (!answer) {
      ADD_FAILURE() << "no answer";
      return result;
    }
    EXPECT_EQ(answer->header.code, 0) << answer->header.remark;
    EXPECT_EQ(wire::ConsumeMessageDirectlyResult::decode_body(as_bytes(answer->body), result), Errc::ok)
        << answer->body;
    return result;
  }

  /// Starts a consumer that has handled all that its queue holds.
  std::unique_ptr<Consumer> start_and_catch_up() {
    auto consumer = start(ConsumeFromWhere::first_offset);
    take(*consumer).acknowledge();
    return consumer;
  }
};

TEST_F(OperatorRequestsTest, AMessageThatIsHandedOverReachesTheTakerAndItsSuccessTheOperator) {
  const auto consumer = start_and_catch_up();
  const std::int32_t opaque = hand_over(stored_message("by hand"));
  Lease lease = take(*consumer);
  ASSERT_EQ(lease.size(), 1U);
  EXPECT_TRUE(lease.is_direct());
  EXPECT_EQ(as_text(lease[0].body), "by hand");
  EXPECT_EQ(lease[0].topic, "topic");
  EXPECT_EQ(lease[0].broker_name, "broker-x");
  EXPECT_EQ(lease[0].queue_id, 5);
  EXPECT_EQ(lease[0].queue_offset, 1234);
  EXPECT_EQ(lease[0].tag, "other");
  EXPECT_EQ(lease[0].message_id, "KEY");
  lease.acknowledge();
  const auto result = result_of(opaque);
  EXPECT_EQ(result.consume_result, "CR_SUCCESS");
  EXPECT_EQ(result.remark, "");
  EXPECT_FALSE(result.order);
  EXPECT_TRUE(result.auto_commit);
  EXPECT_GE(result.spent_time_ms, 0);
  consumer->close(5s);
  EXPECT_EQ(committed(), (std::vector<std::int64_t>{0, 10}));  // No offset moved.
}

TEST_F(OperatorRequestsTest, ARetriedMessageThatIsHandedOverHasItsFirstTopic) {
  const auto consumer = start_and_catch_up();
  hand_over(stored_message("again", "%RETRY%group"));
  const Lease lease = take(*consumer);
  ASSERT_EQ(lease.size(), 1U);
  EXPECT_EQ(lease[0].topic, "origin");
}

TEST_F(OperatorRequestsTest, TheOperatorIsToldWhyTheHandlerFailedAndNothingIsSentBack) {
  const auto consumer = start_and_catch_up();
  const std::int32_t opaque = hand_over(stored_message("poison"));
  Lease lease = take(*consumer);
  ASSERT_EQ(lease.size(), 1U);
  const std::vector<std::size_t> all{0};
  lease.reject(all, "no such table");
  lease.acknowledge();
  const auto result = result_of(opaque);
  EXPECT_EQ(result.consume_result, "CR_THROW_EXCEPTION");
  EXPECT_EQ(result.remark, "no such table");
  EXPECT_EQ(count(RequestCode::consumer_send_msg_back), 0U);
}

TEST_F(OperatorRequestsTest, AMessageThatIsGivenUpIsReportedAsNotHandled) {
  const auto consumer = start_and_catch_up();
  const std::int32_t opaque = hand_over(stored_message("m"));
  { const Lease lease = take(*consumer); }
  EXPECT_EQ(result_of(opaque).consume_result, "CR_LATER");
  EXPECT_TRUE(take(*consumer, 100ms).empty());  // It is not handed out again.
}

TEST_F(OperatorRequestsTest, ATakerThatWaitsForMoreRowsGetsAMessageThatIsHandedOverAtOnce) {
  const auto consumer = start_and_catch_up();
  TakeLimits limits;
  limits.min_rows = 1000;
  limits.deadline = steady_clock::now() + 60s;
  Lease lease;
  std::thread taker([&] { lease = consumer->take(limits); });
  hand_over(stored_message("by hand"));
  taker.join();
  EXPECT_TRUE(lease.is_direct());
  EXPECT_LT(steady_clock::now(), limits.deadline - 20s);
}

TEST_F(OperatorRequestsTest, WhatCannotBeHandedOverIsRefusedWithTheReason) {
  const auto consumer = start_and_catch_up();
  std::string damaged = stored_message("damaged");
  damaged.at(damaged.find("damaged")) = 'D';
  const struct {
    std::string record;
    std::string group;
    std::string reason;
  } cases[] = {{stored_message("m"), "others", "this consumer is in group 'group' and not in 'others'"},
               {"", "group", "the message cannot be read"},
               {"garbage", "group", "the message cannot be read"},
               {damaged, "group", "the message cannot be read"}};
  for (const auto& one : cases) {
    const auto answer = server_.wait_answer(hand_over(one.record, one.group), 30s);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->header.code, wire::to_int(ResponseCode::system_error));
    EXPECT_NE(answer->header.remark.find(one.reason), std::string::npos) << answer->header.remark;
  }
  EXPECT_TRUE(take(*consumer, 100ms).empty());
}

TEST_F(OperatorRequestsTest, ABodyThatCannotBeDecompressedIsRefused) {
  const auto consumer = start_and_catch_up();
  wire::StoredMessageView message;
  message.topic = "topic";
  message.sys_flag = 1;  // Compressed, says the broker.
  message.body = as_bytes("this is no zlib stream");
  std::string record;
  ASSERT_EQ(wire::append_stored_message(record, message), Errc::ok);
  const std::int32_t opaque = hand_over(record);
  EXPECT_TRUE(take(*consumer, 1s).empty());
  const auto answer = server_.wait_answer(opaque, 30s);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->header.remark, "the message cannot be read: its body is damaged");
}

TEST_F(OperatorRequestsTest, WhateverTheHandlersDoTheOperatorIsToldBeforeItsBrokerGivesUp) {
  const auto consumer = start_and_catch_up();
  const auto begin = steady_clock::now();
  const std::int32_t slow = hand_over(stored_message("slow"));
  Lease lease = take(*consumer);
  ASSERT_EQ(lease.size(), 1U);
  const std::int32_t late = hand_over(stored_message("late"));
  const auto slow_answer = server_.wait_answer(slow, 30s);
  const auto late_answer = server_.wait_answer(late, 30s);
  ASSERT_TRUE(slow_answer);
  ASSERT_TRUE(late_answer);
  EXPECT_GE(steady_clock::now() - begin, 9s);
  EXPECT_EQ(slow_answer->header.code, wire::to_int(ResponseCode::consume_msg_timeout));
  EXPECT_EQ(slow_answer->header.remark,
            "the handler has not returned within 9000 ms; it goes on with the message");
  EXPECT_EQ(late_answer->header.code, wire::to_int(ResponseCode::consume_msg_timeout));
  EXPECT_EQ(late_answer->header.remark,
            "no handler thread was free within 9000 ms; the message was not handled");
  EXPECT_EQ(as_text(lease[0].body), "slow");
  lease.acknowledge();
  EXPECT_TRUE(take(*consumer, 100ms).empty());  // What was reported as not handled stays so.
}

TEST_F(OperatorRequestsTest, MoreThanABoundedNumberDoesNotWait) {
  const auto consumer = start_and_catch_up();
  std::int32_t last = 0;
  for (int i = 0; i <= 64; ++i)
    last = hand_over(stored_message("m"));
  const auto answer = server_.wait_answer(last, 30s);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->header.code, wire::to_int(ResponseCode::system_busy));
}

TEST_F(OperatorRequestsTest, OneThatWaitsWhenTheConsumerClosesIsAnsweredAtOnce) {
  const auto consumer = start_and_catch_up();
  const std::int32_t opaque = hand_over(stored_message("m"));
  // The answer to a later request shows that the earlier one has arrived.
  wire::GetConsumerStatusRequest status;
  status.topic = "topic";
  status.group = "group";
  ASSERT_TRUE(server_.wait_answer(server_.send_request(status.to_command()), 30s));
  consumer->close(5s);
  const auto answer = server_.wait_answer(opaque, 30s);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->header.code, wire::to_int(ResponseCode::system_error));
  EXPECT_EQ(answer->header.remark, "the consumer is closing; the message was not handled");
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
      hand_over(stored_message("m"));
      server_.send_request(reset.to_command(), body.encode_as_map(), true);
      server_.send_request(status.to_command());
    });
    consumer->close(5s);
    broker.join();
  }
}

TEST(WayBack, TakesOneAnswer) {
  int answers = 0;
  client::WayBack way_back([&](const client::DirectResult&) { ++answers; });
  way_back.send({});
  way_back.send({});
  EXPECT_EQ(answers, 1);
}

TEST(WayBack, CuttingItWaitsForTheAnswerThatIsBeingSentAndThereIsNoneAfterIt) {
  std::promise<void> sending;
  std::promise<void> go_on;
  std::atomic<bool> sent{false};
  client::WayBack way_back([&](const client::DirectResult&) {
    sending.set_value();
    go_on.get_future().wait();
    sent = true;
  });
  std::thread taker([&] { way_back.send({}); });
  sending.get_future().wait();
  std::thread closer([&] {
    way_back.cut();
    EXPECT_TRUE(sent);
  });
  go_on.set_value();
  closer.join();
  taker.join();
  int late = 0;
  client::WayBack gone([&](const client::DirectResult&) { ++late; });
  gone.cut();
  gone.send({});
  EXPECT_EQ(late, 0);
}

TEST_F(OperatorRequestsTest, ALeaseOfAMessageThatWasHandedOverMayOutliveItsConsumer) {
  auto consumer = start_and_catch_up();
  hand_over(stored_message("m"));
  Lease lease = take(*consumer);
  ASSERT_EQ(lease.size(), 1U);
  consumer->close(100ms);
  consumer.reset();
  EXPECT_EQ(as_text(lease[0].body), "m");
  lease.acknowledge();
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
    EXPECT_EQ(answer->body.find("This client is no Java program") != std::string::npos, jstack);
  }
}

TEST_F(OperatorRequestsTest, TheThreadsAndWhatTheyAchieveAreTold) {
  takers_ = 3;
  const auto consumer = start(ConsumeFromWhere::first_offset);
  Lease lease = take(*consumer);
  ASSERT_EQ(lease.size(), 10U);
  const std::size_t failed[] = {4};
  lease.reject(failed);
  lease.acknowledge();
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
