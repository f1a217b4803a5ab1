// Members of one group, in other processes, that want something else: what a consumer says of it.

#include <gmock/gmock.h>

#include <thread>

#include "unit/client/scripted_consumer.h"
#include "wire/consumer_status.h"

namespace rocketmq::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class GroupWatchTest : public ScriptedConsumer {
 protected:
  GroupWatchTest() {
    expression_ = "tagA";
    subscribe(other_, "topic", "tagA");
    subscribe(at_broker_, "topic", "tagA");
    on(RequestCode::get_consumer_connection_list, [this](const FakeRequest& request) {
      EXPECT_EQ(*request.header.ext_fields.find("consumerGroup"), "group");
      const std::lock_guard lock(mutex_);
      const wire::ConsumerConnection connection{{client_id_, "10.0.0.2@other"}, {at_broker_}, model_};
      return Action::reply(0, connection.encode_body());
    });
    on(RequestCode::get_consumer_running_info, [this](const FakeRequest& request) {
      EXPECT_EQ(*request.header.ext_fields.find("clientId"), "10.0.0.2@other");
      EXPECT_EQ(*request.header.ext_fields.find("jstackEnable"), "false");
      wire::ConsumerRunningInfo info;
      wire::SubscriptionData retry;
      retry.topic = "%RETRY%group";
      const std::lock_guard lock(mutex_);
      info.subscriptions = {retry, other_};
      return Action::reply(0, info.encode_body());
    });
  }

  static void subscribe(wire::SubscriptionData& data, const std::string& topic,
                        const std::string& expression) {
    EXPECT_FALSE(wire::parse_tag_expression(topic, expression, 9, data).failed());
  }

  [[nodiscard]] std::vector<ConsumerNotice> notices() const {
    const std::lock_guard lock(mutex_);
    return notices_;
  }

  [[nodiscard]] bool wait_notices(std::size_t count) const {
    const auto end = steady_clock::now() + FakeServer::patience;
    while (notices().size() < count) {
      if (steady_clock::now() > end) return false;
      std::this_thread::sleep_for(5ms);
    }
    return true;
  }

  /// Has the consumer look once more, and waits until it has seen the answer: only then it looks again.
  void look_again() {
    wire::NotifyConsumerIdsChangedRequest changed;
    changed.consumer_group = "group";
    for (int i = 0; i < 2; ++i) {
      const std::size_t seen = count(RequestCode::get_consumer_connection_list);
      server_.send_request(changed.to_command(), {}, true);
      ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::get_consumer_connection_list), seen + 1));
    }
  }

  wire::SubscriptionData other_;
  wire::SubscriptionData at_broker_;
  std::string model_ = "CLUSTERING";
};

TEST_F(GroupWatchTest, AMemberThatWantsSomethingElseIsToldOnceWithBothSides) {
  subscribe(other_, "topic", "tagB");
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_TRUE(wait_notices(1));
  look_again();
  ASSERT_EQ(notices().size(), 1U) << "once, and not at every look";
  EXPECT_EQ(notices()[0].given_up, 0);
  EXPECT_THAT(notices()[0].text,
              AllOf(HasSubstr("member 10.0.0.2@other of the group has topic 'topic', expression 'tagB'"),
                    HasSubstr("this one, " + consumer->client_id() +
                              ", has topic 'topic', expression 'tagA', CLUSTERING"),
                    HasSubstr("a group of its own")));
  const std::lock_guard lock(mutex_);
  EXPECT_THAT(log_, HasSubstr("member 10.0.0.2@other of the group has topic"));
}

TEST_F(GroupWatchTest, AnotherTopicIsToldAndAChangeOnceMore) {
  subscribe(other_, "orders", "*");
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_TRUE(wait_notices(1));
  EXPECT_THAT(notices()[0].text, HasSubstr("has topic 'orders', expression '*'"));
  {
    const std::lock_guard lock(mutex_);
    subscribe(other_, "trades", "*");
  }
  look_again();
  ASSERT_TRUE(wait_notices(2));
  EXPECT_THAT(notices()[1].text, HasSubstr("has topic 'trades', expression '*'"));
}

TEST_F(GroupWatchTest, MembersThatWantTheSameAreNoNews) {
  subscribe(other_, "topic", " tagA || tagA");
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::get_consumer_running_info), 1));
  look_again();
  EXPECT_TRUE(notices().empty());
  EXPECT_EQ(count(RequestCode::get_consumer_running_info), 1U) << "a member is asked once";
}

TEST_F(GroupWatchTest, ABrokerThatFiltersBySomethingElseIsToldWhereNoMemberOwnsUpToIt) {
  subscribe(at_broker_, "topic", "tagB");
  on(RequestCode::get_consumer_running_info,
     [](const FakeRequest&) { return Action::reply(wire::to_int(ResponseCode::system_error)); });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_TRUE(wait_notices(1));
  look_again();
  ASSERT_EQ(notices().size(), 1U);
  EXPECT_THAT(notices()[0].text,
              AllOf(HasSubstr("broker " + server_.address() +
                              " filters for the group by topic 'topic', expression 'tagB'"),
                    HasSubstr("other members: 10.0.0.2@other"), HasSubstr(consumer->client_id())));
}

TEST_F(GroupWatchTest, ABrokerThatDoesNotHaveOurTopicIsTold) {
  subscribe(at_broker_, "orders", "*");
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_TRUE(wait_notices(1));
  EXPECT_THAT(notices()[0].text, HasSubstr("does not have topic 'topic' among those of the group"));
}

TEST_F(GroupWatchTest, AnotherModelIsTold) {
  model_ = "BROADCASTING";
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_TRUE(wait_notices(1));
  EXPECT_THAT(notices()[0].text,
              AllOf(HasSubstr("has the group as BROADCASTING"), HasSubstr("'tagA', CLUSTERING")));
}

TEST_F(GroupWatchTest, WhoMayNotAskIsSilentAndReceives) {
  on(RequestCode::get_consumer_connection_list, [](const FakeRequest&) {
    return Action::reply(wire::to_int(ResponseCode::no_permission), {}, "User:u has no permission");
  });
  expression_ = "*";
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(poll(*consumer).size(), 10U);
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::get_consumer_connection_list), 1));
  EXPECT_TRUE(notices().empty());
}

TEST_F(GroupWatchTest, AMemberThatLacksOneOfSeveralTopicsIsTold) {
  more_ = {{"prices", "*"}};
  topics_ = {"topic", "prices"};
  const auto consumer = start(ConsumeFromWhere::last_offset);
  ASSERT_TRUE(wait_notices(1));
  EXPECT_THAT(
      notices()[0].text,
      AllOf(
          HasSubstr("member 10.0.0.2@other of the group has topic 'topic', expression 'tagA', but"),
          HasSubstr("has topic 'topic', expression 'tagA' and topic 'prices', expression '*', CLUSTERING")));
}

}  // namespace
}  // namespace rocketmq::test
