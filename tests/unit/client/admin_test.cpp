// What is asked of name servers and brokers by an admin, what becomes of the answers, and which moves of a
// group are refused. Against a real RocketMQ: tests/integration/rmq_*_test.cpp.

#include "rocketmq/admin.h"

#include <gmock/gmock.h>

#include "fake_cluster.h"
#include "rocketmq/message_fields.h"
#include "support/stored_message_encoder.h"
#include "wire/admin.h"
#include "wire/consume_stats.h"
#include "wire/reset_offset.h"

namespace rocketmq::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using wire::RequestCode;

class AdminTest : public testing::Test {
 protected:
  AdminTest() : cluster_(2, 2) {
    for (std::size_t i = 0; i < 2; ++i)
      on(i, RequestCode::get_consumer_connection_list,
         [](const FakeRequest&) { return Action::reply(206, {}, "not online"); });
    admin_ = Admin::start(cluster_.producer_config().client);
  }

  void on(std::size_t broker, RequestCode code, FakeServer::Script script) {
    cluster_.broker(broker).on(wire::to_int(code), std::move(script));
  }
  [[nodiscard]] std::size_t asked(std::size_t broker, RequestCode code) {
    return cluster_.broker(broker).received(wire::to_int(code)).size();
  }
  static Failure failure_of(const std::function<void()>& call) {
    try {
      call();
    } catch (const Error& error) {
      return error.failure();
    }
    return {};
  }

  /// A stored message of queue 1 with these properties.
  static std::string stored(const std::string& topic, const std::string& properties, std::int64_t offset) {
    wire::StoredMessageView message;
    message.topic = topic;
    message.properties = properties;
    message.queue_id = 1;
    message.queue_offset = offset;
    message.body = as_bytes("body");
    std::string out;
    EXPECT_EQ(wire::append_stored_message(out, message), Errc::ok);
    return out;
  }
  static std::vector<std::int64_t> offsets_of(const Delivery& delivery) {
    std::vector<std::int64_t> offsets;
    for (const ReceivedMessage& message : delivery.messages())
      offsets.push_back(message.queue_offset);
    return offsets;
  }
  /// The members that a broker tells of.
  static std::string members(const std::vector<wire::MemberConnection>& all) {
    wire::GroupConnections group;
    group.members = all;
    group.message_model = "CLUSTERING";
    wire::SubscriptionData wanted;
    wanted.topic = "t";
    wanted.sub_string = "a || b";
    group.subscriptions = {wanted};
    return group.encode_body();
  }

  FakeCluster cluster_;
  std::unique_ptr<Admin> admin_;
};

TEST_F(AdminTest, GroupsAreThoseWithARetryTopic) {
  cluster_.name_server.on(206, [](const FakeRequest&) {
    return Action::reply(
        0, wire::TopicList{{"t", "%RETRY%b", "%RETRY%a", "%RETRY%b+t", "%DLQ%c"}}.encode_body());
  });
  EXPECT_THAT(admin_->groups(), ElementsAre("a", "b"));
  EXPECT_THAT(admin_->topics(), ElementsAre("%DLQ%c", "%RETRY%a", "%RETRY%b", "%RETRY%b+t", "t"));
}

TEST_F(AdminTest, TheMembersThatAllBrokersTellOfAreTheGroups) {
  on(0, RequestCode::get_consumer_connection_list, [](const FakeRequest&) {
    return Action::reply(0, members({{"two", "1.1.1.1:1", "JAVA", 479}, {"one", "1.1.1.1:2", "CPP", 407}}));
  });
  on(1, RequestCode::get_consumer_connection_list, [](const FakeRequest&) {
    return Action::reply(0, members({{"two", "1.1.1.1:3", "JAVA", 120}}));
  });
  const GroupMembers group = admin_->group_members("g");
  ASSERT_THAT(group.members, SizeIs(2));
  EXPECT_EQ(group.members[0].client_id, "one");
  EXPECT_EQ(group.members[0].version, "V4_9_7");
  EXPECT_EQ(group.members[1].client_id, "two");
  EXPECT_EQ(group.members[1].version, "120") << "older ones have no regular names";
  ASSERT_THAT(group.subscriptions, SizeIs(1));
  EXPECT_EQ(group.subscriptions[0].expression, "a || b");
  EXPECT_EQ(group.message_model, "CLUSTERING");
}

TEST_F(AdminTest, APartOfAnAnswerIsNotGivenAsTheWhole) {
  on(0, RequestCode::get_consumer_connection_list, [](const FakeRequest&) {
    return Action::reply(0, members({{"one", "", "JAVA", 479}}));
  });
  on(1, RequestCode::get_consumer_connection_list,
     [](const FakeRequest&) { return Action::reply(1, {}, "disk"); });
  const Failure failure = failure_of([&] { (void)admin_->group_members("g"); });
  EXPECT_EQ(failure.code, Errc::server_refused);
  EXPECT_THAT(to_string(failure), HasSubstr("the members of group 'g'"));
  on(1, RequestCode::get_consumer_connection_list, [](const FakeRequest&) { return Action::reply(0, "{"); });
  EXPECT_EQ(failure_of([&] { (void)admin_->group_members("g"); }).code, Errc::bad_json);
}

TEST_F(AdminTest, AGroupThatNoBrokerKnowsIsAnError) {
  cluster_.remove_topic("%RETRY%g");
  cluster_.name_server.on(106, [this](const FakeRequest&) {
    wire::ClusterInfo info;
    info.brokers["a"].broker_name = "a";
    info.brokers["a"].broker_addrs = {{0, cluster_.broker(0).address()}};
    return Action::reply(0, info.encode_body());
  });
  on(0, RequestCode::get_consume_stats,
     [](const FakeRequest&) { return Action::reply(0, wire::ConsumeStats{}.encode_body()); });
  const Failure failure = failure_of([&] { (void)admin_->group_topics("g"); });
  EXPECT_EQ(failure.code, Errc::invalid_argument);
  EXPECT_THAT(failure.message, HasSubstr("no broker knows the group 'g'"));
}

TEST_F(AdminTest, OnlyMessagesThatHaveTheKeyAreGiven) {
  on(0, RequestCode::query_message, [](const FakeRequest& request) {
    EXPECT_EQ(*request.header.ext_fields.find("key"), "k");
    EXPECT_EQ(*request.header.ext_fields.find("_UNIQUE_KEY_QUERY"), "false");
    // Of one hash are also other keys, and messages of other topics.
    return Action::reply(0, stored("t", "KEYS\x01k other\x02", 1) + stored("t", "KEYS\x01kk\x02", 2) +
                                stored("u", "KEYS\x01k\x02", 3) + stored("t", "KEYS\x01other k\x02", 4));
  });
  on(1, RequestCode::query_message, [](const FakeRequest&) { return Action::reply(22, {}, "not found"); });
  const Delivery found = admin_->find_by_key("t", "k", 32, {});
  EXPECT_THAT(offsets_of(found), ElementsAre(1, 4));
  EXPECT_EQ(found[0].broker_name, "a");
  EXPECT_EQ(found[0].queue_id, 1);
  EXPECT_EQ(as_text(found[0].body), "body");
  on(1, RequestCode::query_message, [](const FakeRequest&) { return Action::reply(1, {}, "disk"); });
  EXPECT_EQ(failure_of([&] { (void)admin_->find_by_key("t", "k", 32, {}); }).code, Errc::server_refused);
  on(1, RequestCode::query_message, [](const FakeRequest&) {
    std::string damaged = stored("t", "KEYS\x01k\x02", 1);
    damaged[4] = '\x7f';
    return Action::reply(0, damaged);
  });
  EXPECT_EQ(failure_of([&] { (void)admin_->find_by_key("t", "k", 32, {}); }).code, Errc::bad_magic);
}

TEST_F(AdminTest, AnIdIsOfASenderOrOfAPlace) {
  for (std::size_t i = 0; i < 2; ++i) {
    on(i, RequestCode::query_message, [i](const FakeRequest& request) {
      EXPECT_EQ(*request.header.ext_fields.find("_UNIQUE_KEY_QUERY"), "true");
      return Action::reply(0, stored("t", "UNIQ_KEY\x01" + std::string(i == 0 ? "ID" : "OTHER") + "\x02", 5));
    });
  }
  EXPECT_THAT(offsets_of(admin_->find_by_id("t", "ID")), ElementsAre(5));
  // 7F000001, port 1, commit-log offset 9: no broker of the topic is there, and none is asked.
  const Failure failure =
      failure_of([&] { (void)admin_->find_by_id("t", "7F000001000000010000000000000009"); });
  EXPECT_EQ(failure.code, Errc::invalid_argument);
  EXPECT_THAT(failure.message, HasSubstr("the id names the broker at 127.0.0.1:1,"));
}

TEST_F(AdminTest, APlanOfWrongOffsetsIsRefusedBeforeAnythingIsAsked) {
  const auto error_of = [&](std::vector<QueueStart> starts) {
    const SeekTarget target{SeekTarget::Kind::offsets, 0, std::move(starts)};
    const Failure failure = failure_of([&] { (void)admin_->plan_moves("g", "t", target); });
    EXPECT_EQ(failure.code, Errc::invalid_argument);
    return failure.message;
  };
  EXPECT_THAT(error_of({{"other", "a", 0, 3}}),
              HasSubstr("queue 0 of topic 'other' at broker 'a' is not one of topic 't'"));
  EXPECT_THAT(error_of({{"t", "a", 0, 3}, {"t", "a", 0, 4}}), HasSubstr("is to be moved twice"));
  EXPECT_THAT(error_of({{"t", "a", 0, -1}}), HasSubstr("cannot begin at offset -1"));
}

TEST_F(AdminTest, QueuesOfARunningGroupAreNotMovedOneByOneWhereTheirBrokerCannot) {
  for (std::size_t i = 0; i < 2; ++i) {
    on(i, RequestCode::get_broker_config,
       [](const FakeRequest&) { return Action::reply(0, "useServerSideResetOffset=false\n"); });
    on(i, RequestCode::get_consumer_connection_list, [](const FakeRequest&) {
      return Action::reply(0, members({{"one", "", "JAVA", 479}}));
    });
    on(i, RequestCode::invoke_broker_to_reset_offset, [](const FakeRequest&) {
      return Action::reply(0, wire::ResetOffsetBody{{{{"t", "a", 0}, 3}, {{"t", "a", 1}, 4}}}.encode_body());
    });
  }
  const std::vector<OffsetMove> one{{"a", 0, 0, 9, 9, 3}};
  const SeekTarget to_offset{SeekTarget::Kind::offsets, 0, {{"t", "a", 0, 3}}};
  const Failure failure = failure_of([&] { (void)admin_->move("g", "t", to_offset, one); });
  EXPECT_EQ(failure.code, Errc::invalid_argument);
  EXPECT_THAT(failure.message, HasSubstr("it has running members"));
  EXPECT_EQ(failure_of([&] { (void)admin_->move("g", "t", {SeekTarget::Kind::first}, one); }).code,
            Errc::invalid_argument)
      << "one queue of two";
  EXPECT_EQ(asked(0, RequestCode::invoke_broker_to_reset_offset), 0U);
  EXPECT_EQ(asked(0, RequestCode::update_consumer_offset), 0U);

  // All of them by a time: what the broker tells counts.
  const auto moved =
      admin_->move("g", "t", {SeekTarget::Kind::time, 1'000}, {{"a", 0, 0, 9, 9, 2}, {"a", 1, 0, 9, 9, 2}});
  ASSERT_THAT(moved, SizeIs(2));
  EXPECT_EQ(moved[0].new_offset, 3);
  EXPECT_EQ(moved[1].new_offset, 4);
  EXPECT_EQ(asked(0, RequestCode::invoke_broker_to_reset_offset), 1U);
}

TEST_F(AdminTest, AMoveIsStoredWhereNobodyRunsAndTheBrokerCannot) {
  on(0, RequestCode::get_broker_config, [](const FakeRequest&) { return Action::reply(1, {}, "no right"); });
  on(0, RequestCode::update_consumer_offset, [](const FakeRequest& request) {
    return *request.header.ext_fields.find("queueId") == "1" ? Action::reply(1, {}, "disk")
                                                             : Action::reply(0);
  });
  const SeekTarget first{SeekTarget::Kind::first};
  EXPECT_THAT(admin_->move("g", "t", first, {{"a", 0, 0, 9, 9, 0}}), SizeIs(1));
  const Failure failure = failure_of([&] { (void)admin_->move("g", "t", first, {{"a", 1, 0, 9, 9, 0}}); });
  EXPECT_EQ(failure.code, Errc::server_refused);
  EXPECT_THAT(failure.message, HasSubstr("queue 1 at broker 'a': moving group 'g'"));
  EXPECT_THAT(failure.message, HasSubstr("other queues may have been moved"));
}

// A broker that knows no progress of the group in the topic keeps one of two stores that come at once.
TEST_F(AdminTest, TheFirstStoreOfAMoveGoesAlone) {
  on(0, RequestCode::get_broker_config, [](const FakeRequest&) { return Action::reply(1, {}, "no right"); });
  constexpr auto delay = std::chrono::milliseconds(100);
  const auto first = std::make_shared<std::optional<std::chrono::steady_clock::time_point>>();
  const auto too_early = std::make_shared<std::atomic<int>>(0);
  on(0, RequestCode::update_consumer_offset, [=](const FakeRequest&) {
    const auto now = std::chrono::steady_clock::now();
    if (!*first) {
      *first = now;
      return Action::reply(0).after(delay);
    }
    if (now < **first + delay) ++*too_early;
    return Action::reply(0);
  });
  const std::vector<OffsetMove> moves{{"a", 0, 0, 9, 9, 0}, {"a", 1, 0, 9, 9, 0}, {"a", 2, 0, 9, 9, 0}};
  EXPECT_THAT(admin_->move("g", "t", {SeekTarget::Kind::first}, moves), SizeIs(3));
  EXPECT_EQ(asked(0, RequestCode::update_consumer_offset), 3U);
  EXPECT_EQ(*too_early, 0);
}

TEST_F(AdminTest, NamesAreCheckedBeforeAnythingIsAsked) {
  EXPECT_EQ(failure_of([&] { (void)admin_->topic_parts("a b"); }).code, Errc::invalid_name);
  EXPECT_EQ(failure_of([&] { (void)admin_->group_members("a b"); }).code, Errc::invalid_name);
  EXPECT_EQ(failure_of([&] { (void)admin_->find_by_id("a b", "ID"); }).code, Errc::invalid_name);
  EXPECT_EQ(failure_of([&] { (void)admin_->find_by_key("t", "", 1, {}); }).code, Errc::invalid_argument);
  EXPECT_EQ(failure_of([&] { (void)admin_->move("TOOLS_CONSUMER", "t", {}, {}); }).code, Errc::invalid_name);
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_THAT(cluster_.broker(i).received(wire::to_int(RequestCode::heart_beat)), IsEmpty());
}

}  // namespace
}  // namespace rocketmq::test
