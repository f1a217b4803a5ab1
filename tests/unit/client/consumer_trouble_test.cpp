// What keeps a consumer from receiving: it goes on where it can, says once what somebody has to do, and
// neither asks nor writes without end.

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>

#include "client/consumer/pull_loop.h"
#include "client/consumer/troubles.h"
#include "rocketmq/producer.h"
#include "scripted_consumer.h"
#include "wire/compression.h"

namespace rocketmq::test {
namespace {

using client::Troubles;
using testing::AllOf;
using testing::HasSubstr;

class ConsumerTrouble : public ScriptedConsumer {
 protected:
  static std::int64_t number(const FakeRequest& request, const char* field) {
    std::int64_t value = 0;
    EXPECT_EQ(request.header.ext_fields.read(field, value), Errc::ok) << field;
    return value;
  }

  static std::string record(std::int64_t offset, std::string_view body, std::int32_t sys_flag = 0) {
    std::string bytes;
    wire::StoredMessageView message;
    message.queue_offset = offset;
    message.sys_flag = sys_flag;
    message.topic = "topic";
    message.body = as_bytes(body);
    EXPECT_EQ(wire::append_stored_message(bytes, message), Errc::ok);
    return bytes;
  }

  /// The answer of a broker that gives as many messages as are asked for, whatever their sizes.
  Action answer_in_full(const FakeRequest& request) {
    const std::int64_t offset = number(request, "queueOffset");
    if (offset >= stored_) return Action::never();
    const std::int64_t end = std::min<std::int64_t>(offset + number(request, "maxMsgNums"), stored_);
    std::string body;
    for (std::int64_t i = offset; i < end; ++i)
      body += record(i, std::string(size_of_(i), 'x'));
    wire::PullMessageReply reply;
    reply.next_begin_offset = end;
    reply.max_offset = stored_;
    return Action::reply(reply.to_command(), std::move(body));
  }

  void pull_in_full(std::function<std::size_t(std::int64_t)> size_of) {
    size_of_ = std::move(size_of);
    on(RequestCode::pull_message, [this](const FakeRequest& request) { return answer_in_full(request); });
  }

  static std::vector<std::int64_t> receive(Consumer& consumer, std::size_t count) {
    std::vector<std::int64_t> offsets;
    while (offsets.size() < count) {
      Delivery delivery = poll(consumer);
      if (delivery.empty()) break;
      for (std::size_t i = 0; i < delivery.size(); ++i)
        offsets.push_back(delivery[i].queue_offset);
      delivery.acknowledge();
    }
    return offsets;
  }

  static std::vector<std::int64_t> up_to(std::int64_t end) {
    std::vector<std::int64_t> offsets(static_cast<std::size_t>(end));
    std::iota(offsets.begin(), offsets.end(), 0);
    return offsets;
  }

  std::string error_of_start() {
    try {
      start(ConsumeFromWhere::first_offset)->close(1s);
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }

  std::function<std::size_t(std::int64_t)> size_of_;
};

TEST_F(ConsumerTrouble, AnAnswerAboveTheLimitIsAskedForInSmallerParts) {
  stored_ = 40;
  pull_in_full([](std::int64_t) { return std::size_t{1} << 20; });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(receive(*consumer, 40), up_to(40));
  EXPECT_EQ(server_.accepted(), 1U) << "no connection was torn down";
  EXPECT_GE(lines_with("from now on it is asked for 20 messages at a time"), 1U) << log_;
  EXPECT_TRUE(notices().empty());
}

TEST_F(ConsumerTrouble, ASingleMessageAboveTheLimitIsToldAndTriedWithLongPauses) {
  stored_ = 10;
  pull_in_full([](std::int64_t offset) { return offset == 3 ? wire::max_frame_bytes : 100U; });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(receive(*consumer, 3), up_to(3));
  ASSERT_TRUE(wait_notices(1));
  const ConsumerNotice notice = notices()[0];
  EXPECT_EQ(notice.given_up, 0);
  EXPECT_THAT(notice.text, AllOf(HasSubstr("topic@broker-a:0"), HasSubstr("offset 3"), HasSubstr("16777"),
                                 HasSubstr("at most 16777216"), HasSubstr("maxMessageSize"),
                                 HasSubstr("resetOffsetByTime")));
  EXPECT_EQ(errors().size(), 1U);
  EXPECT_EQ(server_.accepted(), 1U);
  EXPECT_EQ(notices().size(), 1U);
}

TEST_F(ConsumerTrouble, ASlaveThatCannotAnswerIsLeftAloneThoughItsMasterSuggestsItEachTime) {
  FakeServer slave;
  slave.on(wire::to_int(RequestCode::heart_beat), [](const FakeRequest&) { return Action::reply(0); });
  slave.on(wire::to_int(RequestCode::pull_message), [](const FakeRequest&) {
    return Action::reply(wire::to_int(ResponseCode::topic_not_exist), {}, "the topic is too young");
  });
  slave_ = slave.address();
  stored_ = 30;
  on(RequestCode::pull_message, [this](const FakeRequest& request) {
    const std::int64_t offset = number(request, "queueOffset");
    if (offset >= stored_) return Action::never();
    wire::PullMessageReply reply;
    reply.next_begin_offset = offset + 1;
    reply.max_offset = offset + 1;
    reply.suggest_which_broker_id = 1;
    return Action::reply(reply.to_command(), messages(offset, offset + 1));
  });
  const auto begin = steady_clock::now();
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(receive(*consumer, 30), up_to(30));
  const auto pauses = static_cast<std::size_t>((steady_clock::now() - begin) / client::PullLoop::slave_pause);
  EXPECT_LE(slave.received(wire::to_int(RequestCode::pull_message)).size(), 1 + pauses);
  EXPECT_LE(lines_with("the topic is too young"), 1 + pauses) << log_;
}

TEST_F(ConsumerTrouble, AWarningThatTakesTurnsWithSuccessesIsLimited) {
  stored_ = 30;
  std::atomic<int> pulls = 0;
  on(RequestCode::pull_message, [this, &pulls](const FakeRequest& request) {
    const std::int64_t offset = number(request, "queueOffset");
    if (offset >= stored_) return Action::never();
    if (++pulls % 2 == 0) return Action::reply(wire::to_int(ResponseCode::system_busy), {}, "busy");
    return Action::reply(pull_header(0, offset + 1), messages(offset, offset + 1));
  });
  const auto begin = steady_clock::now();
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(receive(*consumer, 30), up_to(30));
  const auto intervals = static_cast<std::size_t>((steady_clock::now() - begin) / LogLimiter::interval);
  EXPECT_LE(lines_with("a pull was refused with SYSTEM_BUSY"), 1 + intervals) << log_;
}

TEST_F(ConsumerTrouble, AHeartbeatThatIsAcceptedDoesNotEndThePausesOfPullsThatAreRefused) {
  on(RequestCode::pull_message,
     [](const FakeRequest&) { return Action::reply(wire::to_int(ResponseCode::subscription_not_exist)); });
  const auto begin = steady_clock::now();
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::pull_message), 8));
  // One pause is cut short, the others are 40 ms, 80 ms, 160 ms ... at least.
  EXPECT_GE(steady_clock::now() - begin, 40ms + 80ms + 160ms + 320ms);
}

TEST_F(ConsumerTrouble, ATopicThatMayNotBeReadIsToldAndReceivedOnceItMay) {
  perm_ = 2;
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_TRUE(wait_notices(1));
  EXPECT_EQ(notices()[0].given_up, 0);
  EXPECT_THAT(notices()[0].text, AllOf(HasSubstr("topic 'topic'"), HasSubstr("NO_PERMISSION"),
                                       HasSubstr("broker-a"), HasSubstr("updateTopicPerm")));
  EXPECT_EQ(errors().size(), 1U);
  perm_ = 6;
  EXPECT_EQ(receive(*consumer, 10), up_to(10));
  EXPECT_EQ(notices().size(), 1U);
}

TEST_F(ConsumerTrouble, ARefusalForWantOfPermissionIsToldOnceForAllQueues) {
  queues_ = 4;
  std::atomic<bool> refuse = true;
  on(RequestCode::pull_message, [this, &refuse](const FakeRequest& request) {
    if (!refuse) return pull(request);
    return Action::reply(wire::to_int(ResponseCode::no_permission), {}, "the group may not consume");
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::pull_message), 12));
  ASSERT_TRUE(wait_notices(1));
  EXPECT_EQ(notices()[0].given_up, 0);
  EXPECT_THAT(notices()[0].text, AllOf(HasSubstr("topic@broker-a:"), HasSubstr("NO_PERMISSION"),
                                       HasSubstr("the group may not consume"), HasSubstr("updateSubGroup")));
  refuse = false;
  EXPECT_EQ(receive(*consumer, 40).size(), 40U);
  EXPECT_EQ(notices().size(), 1U);
  EXPECT_EQ(errors().size(), 1U) << log_;
}

TEST_F(ConsumerTrouble, AKeyThatIsTakenAwayIsToldOnceAndNotEachSecond) {
  std::atomic<bool> refuse = false;
  on(RequestCode::heart_beat, [this, &refuse](const FakeRequest& request) {
    if (refuse) {
      return Action::reply(wire::to_int(ResponseCode::no_permission), {},
                           "AuthenticationException: check signature failed");
    }
    const std::lock_guard lock(mutex_);
    const auto at = request.body.find("\"clientID\":\"");
    client_id_ = request.body.substr(at + 12, request.body.find('"', at + 12) - at - 12);
    return Action::reply(0);
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(receive(*consumer, 10), up_to(10));
  refuse = true;
  const std::size_t before = count(RequestCode::heart_beat);
  server_.close_connections();
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::heart_beat), before + 3));
  ASSERT_TRUE(wait_notices(1));
  EXPECT_THAT(notices()[0].text, AllOf(HasSubstr("broker " + server_.address()),
                                       HasSubstr("check signature failed"), HasSubstr("sessionCredentials")));
  EXPECT_EQ(notices().size(), 1U);
  EXPECT_EQ(errors().size(), 1U) << log_;
}

TEST_F(ConsumerTrouble, AWrongKeyIsRefusedAtTheStartAlsoWhereTheTopicDoesNotExistYet) {
  on(RequestCode::get_route_info_by_topic, [this](const FakeRequest& request) {
    // Each broker has one topic from its start on.
    if (*request.header.ext_fields.find("topic") == "SELF_TEST_TOPIC") return the_route();
    return Action::reply(wire::to_int(ResponseCode::topic_not_exist));
  });
  std::string words = "AuthenticationException: check signature failed";
  on(RequestCode::check_client_config, [&words](const FakeRequest&) {
    return Action::reply(wire::to_int(ResponseCode::no_permission), {}, words);
  });
  EXPECT_THAT(error_of_start(),
              AllOf(HasSubstr("group 'group' may not consume topic 'topic'"), HasSubstr(server_.address()),
                    HasSubstr(words), HasSubstr("check sessionCredentials")));
  words = "the broker has no opinion";
  EXPECT_EQ(error_of_start(), "");
}

TEST_F(ConsumerTrouble, ABrokerInPlaceOfANameServerIsNamedAsWhatItIs) {
  FakeServer broker;  // As a broker answers what it does not know.
  name_servers_ = broker.address();
  const std::string expected = broker.address() + ": this is a broker, not a name server";
  EXPECT_THAT(error_of_start(), AllOf(HasSubstr(expected), HasSubstr("REQUEST_CODE_NOT_SUPPORTED")));
  ProducerConfig config;
  config.client.name_server_addresses = broker.address();
  config.group = "group";
  try {
    (void)Producer::start(config);
    ADD_FAILURE() << "the producer started";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::no_name_server);
    EXPECT_THAT(error.what(), HasSubstr(expected));
  }
  // Beside a name server it is left out, and that is said.
  name_servers_ = broker.address() + ';' + server_.address();
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(receive(*consumer, 10), up_to(10));
  EXPECT_TRUE(wait([&] { return lines_with(expected) > 0; })) << log_;
}

void expect_place_of_0(const ConsumerNotice& notice) {
  ASSERT_TRUE(notice.place.has_value());
  EXPECT_EQ(notice.place->topic, "topic");
  EXPECT_EQ(notice.place->broker_name, "broker-a");
  EXPECT_EQ(notice.place->queue_id, 0);
  EXPECT_EQ(notice.place->queue_offset, 0);
  EXPECT_FALSE(notice.was_rejected);
}

TEST_F(ConsumerTrouble, AMessageThatCannotBeReadIsCountedAndToldAndTheNextOneArrives) {
  stored_ = 2;
  on(RequestCode::pull_message, [this](const FakeRequest& request) {
    const std::int64_t offset = number(request, "queueOffset");
    if (offset >= stored_) return Action::never();
    std::string body =
        offset == 0 ? record(0, "said to be compressed", wire::compression_flags(wire::Compression::zlib))
                    : "";
    return Action::reply(pull_header(0, stored_), body + record(1, "fine"));
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(receive(*consumer, 1), (std::vector<std::int64_t>{1}));
  ASSERT_EQ(notices().size(), 1U);
  EXPECT_EQ(notices()[0].given_up, 1);
  expect_place_of_0(notices()[0]);
  EXPECT_THAT(notices()[0].text, AllOf(HasSubstr("topic@broker-a:0"), HasSubstr("offset 0")));
}

TEST_F(ConsumerTrouble, AnOffsetWhoseReplyCannotBeReadTwiceIsCountedAndTold) {
  stored_ = 2;
  on(RequestCode::pull_message, [this](const FakeRequest& request) {
    const std::int64_t offset = number(request, "queueOffset");
    if (offset >= stored_) return Action::never();
    return Action::reply(pull_header(0, stored_),
                         offset == 0 ? record(0, "cut").substr(0, 30) : record(1, "b"));
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(receive(*consumer, 1), (std::vector<std::int64_t>{1}));
  ASSERT_EQ(notices().size(), 1U);
  EXPECT_EQ(notices()[0].given_up, 1);
  expect_place_of_0(notices()[0]);
  EXPECT_THAT(notices()[0].text, AllOf(HasSubstr("topic@broker-a:0"), HasSubstr("offset 0"),
                                       HasSubstr("this offset is skipped")));
}

class TroublesTest : public testing::Test {
 protected:
  [[nodiscard]] bool add(const std::string& subject, const std::string& cause,
                         Troubles::Kind kind = Troubles::Kind::may_pass) {
    return troubles_.add(subject, cause, kind, now_);
  }
  Troubles troubles_;
  Troubles::TimePoint now_{1h};
};

TEST_F(TroublesTest, WhatMayPassIsToldOnceWhenItHasLasted) {
  int told = 0;
  for (int second = 0; second < 3'600; ++second, now_ += 1s) {
    if (add("queue", "busy")) {
      EXPECT_EQ(second, 30);
      ++told;
    }
  }
  EXPECT_EQ(told, 1);
}

TEST_F(TroublesTest, ASuccessOrAQuietTimeBeginsAnew) {
  EXPECT_FALSE(add("queue", "busy"));
  now_ += 29s;
  troubles_.end("queue");
  EXPECT_FALSE(add("queue", "busy"));
  now_ += 40s;
  EXPECT_FALSE(add("queue", "busy")) << "not met for long";
  now_ += 29s;
  EXPECT_FALSE(add("queue", "busy"));
  now_ += 1s;
  EXPECT_TRUE(add("queue", "busy"));
}

TEST_F(TroublesTest, WhatLastsIsToldAtOnceAndOneCauseOnce) {
  EXPECT_TRUE(add("queue 0", "NO_PERMISSION", Troubles::Kind::lasting));
  EXPECT_FALSE(add("queue 1", "NO_PERMISSION", Troubles::Kind::lasting));
  EXPECT_TRUE(add("queue 1", "a message is too large", Troubles::Kind::lasting));
  troubles_.end("queue 0");
  now_ += 9min;
  EXPECT_FALSE(add("queue 0", "NO_PERMISSION", Troubles::Kind::lasting));
  now_ += 10min;
  EXPECT_TRUE(add("queue 0", "NO_PERMISSION", Troubles::Kind::lasting)) << "it had gone for long";
}

TEST_F(TroublesTest, CausesThatNeverRepeatAreRememberedInBoundedNumber) {
  for (std::size_t i = 0; i <= Troubles::max_told; ++i, now_ += 1ms)
    EXPECT_TRUE(add("queue", "cause " + std::to_string(i), Troubles::Kind::lasting));
  EXPECT_TRUE(add("queue", "cause 0", Troubles::Kind::lasting)) << "the oldest was forgotten";
  EXPECT_FALSE(add("queue", "cause 40", Troubles::Kind::lasting));
}

// A broker that was frozen lists it twice, until it notices that the old connection is gone.
TEST_F(ConsumerTrouble, ItsOwnOldConnectionIsNoOtherMember) {
  std::atomic<bool> twice{false};
  on(RequestCode::get_consumer_list_by_group, [&](const FakeRequest&) {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> members{client_id_};
    if (twice) members.push_back(client_id_);
    return Action::reply(0, wire::ConsumerIdList{members}.encode_body());
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_EQ(poll(*consumer).size(), 10U);
  const std::size_t before = count(RequestCode::get_consumer_list_by_group);
  twice = true;
  server_.close_connections();
  ASSERT_TRUE(wait([&] { return count(RequestCode::get_consumer_list_by_group) > before; }));
  EXPECT_FALSE(wait([&] { return !errors().empty(); })) << errors().front();
}

TEST_F(ConsumerTrouble, ManyQueuesOfABrokerThatIsBusyWriteAFewLinesOnly) {
  queues_ = 40;
  std::atomic<int> pulls{0};
  on(RequestCode::pull_message, [&](const FakeRequest&) {
    ++pulls;
    return Action::reply(wire::to_int(ResponseCode::system_busy), "", "too many requests");
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_TRUE(wait([&] { return pulls >= 120; }));
  EXPECT_GE(lines_with("too many requests"), 1U);
  EXPECT_LE(lines_with("too many requests"), 10U);
}

}  // namespace
}  // namespace rocketmq::test
