#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <stdexcept>
#include <string_view>

#include "client/consumer/rebalancer.h"
#include "scripted_consumer.h"
#include "support/offset_list.h"
#include "support/sanitizer_cost.h"
#include "wire/reset_offset.h"

namespace rocketmq::test {
namespace {

class ConsumerScriptedTest : public ScriptedConsumer {};

TEST_F(ConsumerScriptedTest, ANewGroupFromLastStartsAtTheEndAndStoresThatOffsetAtOnce) {
  const auto consumer = start(ConsumeFromWhere::last_offset);
  EXPECT_EQ(committed(), std::vector<std::int64_t>{10});
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::pull_message), 1));
  const auto pulls = server_.received(wire::to_int(RequestCode::pull_message));
  EXPECT_EQ(*pulls[0].header.ext_fields.find("queueOffset"), "10");
  const auto queries = server_.received(wire::to_int(RequestCode::query_consumer_offset));
  EXPECT_EQ(*queries[0].header.ext_fields.find("setZeroIfNotFound"), "false");
}

TEST_F(ConsumerScriptedTest, AFailingOffsetQueryNeverStartsAtTheEnd) {
  std::atomic<int> failures{0};
  on(RequestCode::query_consumer_offset, [&](const FakeRequest&) {
    switch (failures++) {
      case 0:
        return Action::reply(wire::to_int(ResponseCode::system_error), "", "out of order");
      case 1:
        return Action::reply(wire::to_int(ResponseCode::system_busy));
      case 2:
        return Action::close();
      default:
        return Action::reply(wire::OffsetReply{4}.to_command());
    }
  });
  const auto consumer = start(ConsumeFromWhere::last_offset);
  const Delivery delivery = poll(*consumer);
  ASSERT_EQ(delivery.size(), 6U);
  EXPECT_EQ(delivery[0].queue_offset, 4);
  EXPECT_EQ(count(RequestCode::get_max_offset), 0U);
  EXPECT_TRUE(committed().empty());
}

TEST_F(ConsumerScriptedTest, CloseStoresTheOffsetOfWhatWasAcknowledgedAndTakesLeave) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  Delivery delivery = poll(*consumer);
  ASSERT_EQ(delivery.size(), 10U);
  delivery.acknowledge();
  consumer->close(5s);
  EXPECT_EQ(committed(), (std::vector<std::int64_t>{0, 10}));
  EXPECT_EQ(count(RequestCode::unregister_client), 1U);
}

TEST_F(ConsumerScriptedTest, SeveralLoopsPullTheirShareOfTheQueuesOverConnectionsOfTheirOwn) {
  io_threads_ = 2;
  queues_ = 4;
  const auto consumer = start(ConsumeFromWhere::first_offset);
  std::size_t rows = 0;
  while (rows < 40) {
    Delivery delivery = poll(*consumer);
    ASSERT_FALSE(delivery.empty());
    rows += delivery.size();
    delivery.acknowledge();
  }
  std::map<std::string, std::set<std::size_t>> connections_by_queue;
  std::set<std::size_t> connections;
  for (const FakeRequest& pull : server_.received(wire::to_int(RequestCode::pull_message))) {
    connections_by_queue[*pull.header.ext_fields.find("queueId")].insert(pull.connection);
    connections.insert(pull.connection);
  }
  EXPECT_EQ(connections_by_queue.size(), 4U);
  for (const auto& [queue, used] : connections_by_queue)
    EXPECT_EQ(used.size(), 1U) << queue;
  EXPECT_EQ(connections.size(), 2U);
  for (const FakeRequest& beat : server_.received(wire::to_int(RequestCode::heart_beat)))
    EXPECT_EQ(beat.connection, server_.received(wire::to_int(RequestCode::heart_beat)).front().connection);
  consumer->close(5s);
}

TEST_F(ConsumerScriptedTest, WhatIsNotAcknowledgedIsNotStored) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  { const Delivery delivery = poll(*consumer); }
  consumer->close(5s);
  EXPECT_EQ(committed(), std::vector<std::int64_t>{0});
}

TEST_F(ConsumerScriptedTest, ABrokerThatMovesTheOffsetOnEveryPullIsNotAskedInACircle) {
  on(RequestCode::pull_message, [](const FakeRequest& request) {
    const bool at_zero = *request.header.ext_fields.find("queueOffset") == "0";
    return Action::reply(pull_header(wire::to_int(ResponseCode::pull_offset_moved), at_zero ? 5 : 0));
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_TRUE(poll(*consumer, 2s).empty());
  EXPECT_GE(count(RequestCode::pull_message), 3U);
  EXPECT_LE(count(RequestCode::pull_message), 12U);
}

// A broker that keeps an operator's reset to itself tells of it with the next pull.
TEST_F(ConsumerScriptedTest, AResetToWhereTheNextPullBeginsDropsWhatWaitsBeforeIt) {
  std::atomic<bool> moved{false};
  on(RequestCode::pull_message, [&](const FakeRequest& request) {
    const bool at_end = *request.header.ext_fields.find("queueOffset") == "10";
    if (!at_end || moved.exchange(true)) return pull(request);
    stored_ = 12;
    return Action::reply(pull_header(wire::to_int(ResponseCode::pull_offset_moved), 10));
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::update_consumer_offset), 2));
  EXPECT_EQ(committed(), (std::vector<std::int64_t>{0, 10}));
  {
    const std::lock_guard lock(mutex_);
    EXPECT_NE(log_.find("moved it from offset 10 to 10"), std::string::npos) << log_;
  }
  const Delivery delivery = poll(*consumer);
  ASSERT_EQ(delivery.size(), 2U);
  EXPECT_EQ(delivery[0].queue_offset, 10);
}

// While a broker deletes old files, a pull may be answered with what comes after them.
TEST_F(ConsumerScriptedTest, AReplyThatBeginsAfterTheAskedOffsetIsTakenAndTheGapIsLogged) {
  on(RequestCode::pull_message, [&](const FakeRequest& request) {
    const bool first = *request.header.ext_fields.find("queueOffset") == "0";
    return first ? pull_from(4) : pull(request);
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  const Delivery delivery = poll(*consumer);
  ASSERT_EQ(delivery.size(), 6U);
  EXPECT_EQ(delivery[0].queue_offset, 4);
  const std::lock_guard lock(mutex_);
  EXPECT_NE(log_.find("topic@broker-a:0: goes on from offset 0 to 4: the broker no longer has the messages"),
            std::string::npos)
      << log_;
}

TEST_F(ConsumerScriptedTest, AnAnswerWithoutProgressIsFollowedByAPause) {
  on(RequestCode::pull_message, [](const FakeRequest&) {
    return Action::reply(pull_header(wire::to_int(ResponseCode::pull_retry_immediately), 0));
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_TRUE(poll(*consumer, 2s).empty());
  EXPECT_GE(count(RequestCode::pull_message), 3U);
  EXPECT_LE(count(RequestCode::pull_message), 12U);
}

TEST_F(ConsumerScriptedTest, AMemberListWithoutMeKeepsMyQueues) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  Delivery delivery = poll(*consumer);
  ASSERT_EQ(delivery.size(), 10U);
  delivery.acknowledge();
  on(RequestCode::get_consumer_list_by_group, [](const FakeRequest&) {
    return Action::reply(0, wire::ConsumerIdList{{"somebody-else"}}.encode_body());
  });
  const std::size_t before = count(RequestCode::get_consumer_list_by_group);
  wire::NotifyConsumerIdsChangedRequest notify;
  notify.consumer_group = "group";
  server_.send_request(notify.to_command(), {}, true);
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::get_consumer_list_by_group), before + 2));
  const std::lock_guard lock(mutex_);
  EXPECT_NE(log_.find("takes topic@broker-a:0"), std::string::npos) << log_;
  EXPECT_EQ(log_.find("lets topic@broker-a:0 go"), std::string::npos) << log_;
}

TEST_F(ConsumerScriptedTest, AStormOfNotificationsCausesFewRounds) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  const std::size_t before = count(RequestCode::get_consumer_list_by_group);
  wire::NotifyConsumerIdsChangedRequest notify;
  notify.consumer_group = "group";
  const auto begin = steady_clock::now();
  for (int i = 0; i < 1000; ++i)
    server_.send_request(notify.to_command(), {}, true);
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::get_consumer_list_by_group), before + 1));
  EXPECT_EQ(poll(*consumer).size(), 10U);
  const auto rounds =
      static_cast<std::size_t>((steady_clock::now() - begin) / client::Rebalancer::shortest_interval);
  EXPECT_LE(count(RequestCode::get_consumer_list_by_group), before + 3 + rounds);
}

TEST_F(ConsumerScriptedTest, AnOperatorsResetInEitherFormMovesTheQueue) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  poll(*consumer).acknowledge();
  for (const bool as_map : {true, false}) {
    const std::int64_t wanted = as_map ? 3 : 7;
    wire::ResetOffsetRequest reset;
    reset.topic = "topic";
    reset.group = "group";
    wire::ResetOffsetBody body;
    body.offsets.push_back({{"topic", "broker-a", 0}, wanted});
    server_.send_request(reset.to_command(), as_map ? body.encode_body() : wire::encode_as_list(body), true);
    Delivery delivery = poll(*consumer);
    ASSERT_FALSE(delivery.empty());
    EXPECT_EQ(delivery[0].queue_offset, wanted);
    delivery.acknowledge();
  }
}

TEST_F(ConsumerScriptedTest, ALostSubscriptionIsToldAgainBeforeTheNextPull) {
  std::atomic<int> pulls{0};
  on(RequestCode::pull_message, [&](const FakeRequest& request) {
    if (pulls++ == 0) return Action::reply(wire::to_int(ResponseCode::subscription_not_exist));
    return pull(request);
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(poll(*consumer).size(), 10U);
  EXPECT_GE(count(RequestCode::heart_beat), 2U);
}

TEST_F(ConsumerScriptedTest, CloseEndsByItsDeadlineWhenTheBrokerIsSilent) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  Delivery delivery = poll(*consumer);
  delivery.acknowledge();
  server_.stop_reading();
  const auto begin = steady_clock::now();
  consumer->close(1s);
  EXPECT_LT(steady_clock::now() - begin, 2s * time_factor);
}

TEST_F(ConsumerScriptedTest, AWrongConfigurationIsRefusedBeforeAnythingStarts) {
  ConsumerConfig config;
  config.client.name_server_addresses = server_.address();
  config.group = "group";
  config.subscriptions = {{"topic"}};
  const auto error_of = [](const ConsumerConfig& wrong) -> std::string {
    try {
      (void)Consumer::start(wrong);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::invalid_argument);
      return error.what();
    }
    return "was accepted";
  };
  ConsumerConfig wrong = config;
  wrong.max_reconsume_times = 0;
  EXPECT_EQ(error_of(wrong), "max_reconsume_times is 0, but must be > 0");
  wrong = config;
  wrong.poll_threads = 0;
  EXPECT_EQ(error_of(wrong), "poll_threads is 0, but must be > 0");
  wrong = config;
  wrong.message_model = MessageModel::broadcasting;
  wrong.offset_directory = testing::TempDir();
  wrong.max_reconsume_times = 3;
  EXPECT_TRUE(error_of(wrong).starts_with("max_reconsume_times has no effect with broadcasting"))
      << error_of(wrong);
  EXPECT_EQ(server_.accepted(), 0U);
}

// Memory may run out there; what throws in this test is who is told of a message that cannot be read.
TEST_F(ConsumerScriptedTest, WhatIsTakenWhileSomethingThrowsIsHandedOutAgain) {
  queues_ = 2;
  on(RequestCode::pull_message, [&](const FakeRequest& request) {
    if (*request.header.ext_fields.find("queueOffset") != "0") return Action::never();
    std::string damaged = messages(0, 10);
    damaged.at(damaged.find("m0")) = 'M';
    return Action::reply(pull_header(0, 10), damaged);
  });
  std::atomic<bool> thrown{false};
  on_notice_ = [&](const ConsumerNotice&) {
    if (!thrown.exchange(true)) throw std::runtime_error("no memory");
  };
  const auto consumer = start(ConsumeFromWhere::first_offset);
  PollLimits both;  // Both queues at once.
  both.min_rows = 20;
  both.deadline = steady_clock::now() + 10s;
  EXPECT_THROW((void)consumer->poll(both), std::runtime_error);
  std::size_t rows = 0;
  while (rows < 18) {
    Delivery delivery = poll(*consumer, 5s);
    ASSERT_FALSE(delivery.empty()) << "only " << rows << " of the 18 that can be read";
    rows += delivery.size();
    delivery.acknowledge();
  }
  consumer->close(5s);
  EXPECT_EQ(count(RequestCode::update_consumer_offset), 4U) << "0 and 10 of both queues";
}

// A broker would never have such a topic or group, and the consumer would look for it for ever.
TEST_F(ConsumerScriptedTest, NamesThatAreTooLongWithTheirNamespaceAreRefused) {
  for (const bool topic : {true, false}) {
    ConsumerConfig config;
    config.client.name_server_addresses = server_.address();
    config.client.name_space = std::string(100, 'n');
    config.group = topic ? "g" : std::string(100, 'g');
    config.subscriptions = {{topic ? std::string(100, 't') : "t"}};
    try {
      (void)Consumer::start(std::move(config));
      ADD_FAILURE() << "started";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::invalid_name);
      EXPECT_NE(std::string_view(error.what())
                    .find(topic ? "has 201 characters; allowed are at most 127"
                                : "has 201 characters; allowed are at most 120"),
                std::string_view::npos)
          << error.what();
    }
  }
}

TEST_F(ConsumerScriptedTest, WhoTakesAtMostNoBytesGetsAMessage) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  PollLimits limits;
  limits.max_bytes = 0;
  limits.deadline = steady_clock::now() + 10s;
  EXPECT_EQ(consumer->poll(limits).size(), 1U);
}

}  // namespace
}  // namespace rocketmq::test
