// Rejected messages that brokers do not take back, seen from a consumer of a scripted broker.

#include <algorithm>
#include <thread>

#include "unit/client/scripted_consumer.h"
#include "wire/properties.h"

namespace rocketmq::test {
namespace {

constexpr const char* retry_topic = "%RETRY%group";

/// One message, which the handler fails on and no broker takes back.
class RefusedSendBack : public ScriptedConsumer {
 protected:
  RefusedSendBack() {
    stored_ = 1;
    max_reconsume_times_ = 2;
    on(RequestCode::get_route_info_by_topic, [this](const FakeRequest& request) {
      const std::string* topic = request.header.ext_fields.find("topic");
      if (topic != nullptr && *topic == retry_topic) return retry_route(6);
      return route(request);
    });
    on(RequestCode::pull_message, [this](const FakeRequest& request) {
      const std::string* topic = request.header.ext_fields.find("topic");
      if (topic != nullptr && *topic == retry_topic) return Action::never();
      std::int64_t offset = 0;
      EXPECT_EQ(request.header.ext_fields.read("queueOffset", offset), Errc::ok);
      if (offset >= stored_) return Action::never();
      return Action::reply(pull_header(0, stored_), stored_message());
    });
    on(RequestCode::consumer_send_msg_back, [](const FakeRequest&) {
      return Action::reply(wire::to_int(ResponseCode::system_error), {}, "MESSAGE_ILLEGAL");
    });
    on(RequestCode::send_message_v2,
       [](const FakeRequest&) { return Action::reply(wire::to_int(ResponseCode::message_illegal)); });
    on(RequestCode::send_message,
       [](const FakeRequest&) { return Action::reply(wire::to_int(ResponseCode::message_illegal)); });
  }

  Action retry_route(int permission) {
    return Action::reply(
        0,
        R"({"brokerDatas":[{"brokerAddrs":{0:")" + server_.address() +
            R"("},"brokerName":"broker-a","cluster":"c"}],"queueDatas":[{"brokerName":"broker-a","perm":)" +
            std::to_string(permission) + R"(,"readQueueNums":1,"writeQueueNums":1,"topicSysFlag":0}]})");
  }

  [[nodiscard]] std::string stored_message() const {
    wire::StoredMessageView message;
    message.topic = "topic";
    message.body = as_bytes("poison");
    message.properties = properties_;
    message.physical_offset = 4096;
    std::string body;
    EXPECT_EQ(wire::append_stored_message(body, message), Errc::ok);
    return body;
  }

  static void reject(Delivery& delivery) {
    const std::size_t all[] = {0};
    delivery.reject(all);
    delivery.acknowledge();
  }

  [[nodiscard]] bool wait_committed(std::int64_t offset) const {
    return wait([this, offset] {
      const auto offsets = committed();
      return std::find(offsets.begin(), offsets.end(), offset) != offsets.end();
    });
  }

  [[nodiscard]] bool lets_go() const { return lines_with("lets topic@broker-a:0 go") > 0; }

  std::string properties_;
};

TEST_F(RefusedSendBack, IsHandedOutAgainAsOftenAsABrokerWouldAndThenGivenUp) {
  // It can be stored, and with the properties of a retry it cannot.
  properties_ = "K\x01" + std::string(32'687, 'x') + '\x02';
  const auto consumer = start(ConsumeFromWhere::first_offset);
  for (int call = 1; call <= 3; ++call) {
    Delivery delivery = poll(*consumer);
    ASSERT_EQ(delivery.size(), 1U) << "call " << call;
    EXPECT_EQ(as_text(delivery[0].body), "poison");
    EXPECT_EQ(delivery[0].topic, "topic");
    EXPECT_EQ(delivery[0].broker_name, "broker-a");
    EXPECT_EQ(delivery[0].queue_offset, 0);
    EXPECT_EQ(delivery[0].reconsume_times, call - 1) << "as if a broker had taken it back";
    EXPECT_TRUE(notices().empty());
    reject(delivery);
  }
  ASSERT_TRUE(wait_committed(1));
  ASSERT_EQ(notices().size(), 1U);
  EXPECT_EQ(notices()[0].given_up, 1);
  EXPECT_TRUE(notices()[0].was_rejected);
  ASSERT_TRUE(notices()[0].place.has_value());
  EXPECT_EQ(notices()[0].place->topic, "topic");
  EXPECT_EQ(notices()[0].place->broker_name, "broker-a");
  EXPECT_EQ(notices()[0].place->queue_id, 0);
  EXPECT_EQ(notices()[0].place->queue_offset, 0);
  const std::string text = notices()[0].text;
  EXPECT_NE(text.find("offset 0 of topic@broker-a:0 is given up: the handler failed on it 3 times"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("MESSAGE_ILLEGAL"), std::string::npos) << text;
  EXPECT_NE(text.find("its properties would be longer than the 32767 bytes"), std::string::npos) << text;
  EXPECT_EQ(text.find("cannot be read"), std::string::npos) << text;
  EXPECT_EQ(count(RequestCode::consumer_send_msg_back), 1U) << "asked once is enough";
  EXPECT_TRUE(poll(*consumer, 0ms).empty());
}

TEST_F(RefusedSendBack, IsDoneOnceTheHandlerTakesIt) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  Delivery first = poll(*consumer);
  ASSERT_EQ(first.size(), 1U);
  reject(first);
  Delivery second = poll(*consumer);
  ASSERT_EQ(second.size(), 1U);
  const std::vector<std::int64_t> before = committed();
  EXPECT_EQ(std::count(before.begin(), before.end(), 1), 0)
      << "it holds the group's progress until it is done";
  second.acknowledge();
  ASSERT_TRUE(wait_committed(1));
  EXPECT_TRUE(notices().empty());
}

TEST_F(RefusedSendBack, IsNotCommittedWhereTheConsumerEndsBeforeItIsDone) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  Delivery first = poll(*consumer);
  ASSERT_EQ(first.size(), 1U);
  reject(first);
  Delivery second = poll(*consumer);
  ASSERT_EQ(second.size(), 1U);
  consumer->close(1s);
  { const Delivery dropped = std::move(second); }
  const std::vector<std::int64_t> offsets = committed();
  EXPECT_EQ(std::count(offsets.begin(), offsets.end(), 1), 0);
  EXPECT_TRUE(notices().empty());
}

TEST_F(RefusedSendBack, ADeliveryOfItMayOutliveItsConsumer) {
  auto consumer = start(ConsumeFromWhere::first_offset);
  Delivery first = poll(*consumer);
  ASSERT_EQ(first.size(), 1U);
  reject(first);
  Delivery second = poll(*consumer);
  ASSERT_EQ(second.size(), 1U);
  consumer->close(0ms);
  consumer.reset();
  reject(second);
}

TEST_F(RefusedSendBack, ARetryTopicThatMayNotBeWrittenIsNotWaitedForForEver) {
  max_reconsume_times_ = 1;
  on(RequestCode::get_route_info_by_topic, [this](const FakeRequest& request) {
    const std::string* topic = request.header.ext_fields.find("topic");
    if (topic != nullptr && *topic == retry_topic) return retry_route(4);
    return route(request);
  });
  on(RequestCode::consumer_send_msg_back, [](const FakeRequest&) {
    return Action::reply(wire::to_int(ResponseCode::no_permission), {},
                         "the topic[%RETRY%group] sending message is forbidden");
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  for (int call = 1; call <= 2; ++call) {
    Delivery delivery = poll(*consumer);
    ASSERT_EQ(delivery.size(), 1U) << "call " << call;
    reject(delivery);
  }
  ASSERT_TRUE(wait_committed(1));
  ASSERT_EQ(notices().size(), 1U);
  EXPECT_NE(notices()[0].text.find("NO_PERMISSION"), std::string::npos) << notices()[0].text;
}

TEST_F(RefusedSendBack, ABusyBrokerIsAskedAgainAndThenTakesIt) {
  std::atomic<int> asked{0};
  on(RequestCode::consumer_send_msg_back, [&asked](const FakeRequest&) {
    return Action::reply(++asked < 3 ? wire::to_int(ResponseCode::system_busy) : 0);
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  Delivery delivery = poll(*consumer);
  ASSERT_EQ(delivery.size(), 1U);
  reject(delivery);
  ASSERT_TRUE(wait_committed(1));
  EXPECT_EQ(asked, 3);
  EXPECT_TRUE(notices().empty());
}

TEST_F(RefusedSendBack, AQueueThatComesBackIsReceivedFromTheMessageOnThatWaitedThere) {
  std::atomic<bool> ours{true};
  on(RequestCode::consumer_send_msg_back,
     [](const FakeRequest&) { return Action::reply(wire::to_int(ResponseCode::system_busy)); });
  on(RequestCode::send_message_v2,
     [](const FakeRequest&) { return Action::reply(wire::to_int(ResponseCode::system_busy)); });
  on(RequestCode::send_message,
     [](const FakeRequest&) { return Action::reply(wire::to_int(ResponseCode::system_busy)); });
  on(RequestCode::query_consumer_offset, [this](const FakeRequest&) {
    const std::vector<std::int64_t> offsets = committed();
    if (offsets.empty()) return Action::reply(wire::to_int(ResponseCode::query_not_found));
    return Action::reply(wire::OffsetReply{offsets.back()}.to_command());
  });
  // Of one queue and two members the first one by name has it.
  on(RequestCode::get_consumer_list_by_group, [this, &ours](const FakeRequest&) {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> members{client_id_};
    if (!ours) members.emplace_back("0");
    return Action::reply(0, wire::ConsumerIdList{members}.encode_body());
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  Delivery delivery = poll(*consumer);
  ASSERT_EQ(delivery.size(), 1U);
  reject(delivery);
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::consumer_send_msg_back), 2));
  wire::NotifyConsumerIdsChangedRequest changed;
  changed.consumer_group = "group";
  ours = false;
  server_.send_request(changed.to_command(), {}, true);
  ASSERT_TRUE(wait([this] { return lets_go(); }));
  ours = true;
  server_.send_request(changed.to_command(), {}, true);
  Delivery again = poll(*consumer);
  ASSERT_EQ(again.size(), 1U) << "the queue is ours and nothing comes of it";
  EXPECT_EQ(again[0].queue_offset, 0);
}

TEST_F(RefusedSendBack, AMessageWhoseBrokerIsGoneIsSentToAnotherOne) {
  std::atomic<bool> gone{false};
  std::atomic<bool> willing{false};
  std::atomic<int> stored{0};
  on(RequestCode::get_route_info_by_topic, [this, &gone](const FakeRequest& request) {
    const std::string* topic = request.header.ext_fields.find("topic");
    if (topic != nullptr && *topic == retry_topic) return retry_route(6);
    if (!gone) return route(request);
    Action other = retry_route(6);
    for (std::size_t at = 0; (at = other.bytes.find("broker-a", at)) != std::string::npos;)
      other.bytes.replace(at, 8, "broker-b");
    return other;
  });
  on(RequestCode::consumer_send_msg_back,
     [](const FakeRequest&) { return Action::reply(wire::to_int(ResponseCode::system_busy)); });
  const auto send = [&willing, &stored](const FakeRequest&) {
    if (!willing) return Action::reply(wire::to_int(ResponseCode::system_busy));
    ++stored;
    return Action::reply(0);
  };
  on(RequestCode::send_message_v2, send);
  on(RequestCode::send_message, send);
  const auto consumer = start(ConsumeFromWhere::first_offset);
  Delivery delivery = poll(*consumer);
  ASSERT_EQ(delivery.size(), 1U);
  reject(delivery);
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::consumer_send_msg_back), 1));
  gone = true;
  ASSERT_TRUE(wait([this] { return lets_go(); }));
  willing = true;
  EXPECT_TRUE(wait([&stored] { return stored > 0; }));
  EXPECT_EQ(stored, 1);
}

}  // namespace
}  // namespace rocketmq::test
