// Where a consumer starts, by what the broker says of its group's progress.

#include <atomic>
#include <thread>

#include "scripted_consumer.h"
#include "wire/consume_stats.h"

namespace rocketmq::test {
namespace {

class ConsumerStart : public ScriptedConsumer {
 protected:
  /// The offset of the first pull of a queue; -1 where none comes.
  std::int64_t first_pull(int queue_id) {
    const auto deadline = steady_clock::now() + FakeServer::patience;
    for (std::size_t seen = 1; steady_clock::now() < deadline; ++seen) {
      if (!server_.wait_received(wire::to_int(RequestCode::pull_message), seen)) break;
      for (const FakeRequest& pull : server_.received(wire::to_int(RequestCode::pull_message))) {
        if (*pull.header.ext_fields.find("queueId") != std::to_string(queue_id)) continue;
        return std::stoll(*pull.header.ext_fields.find("queueOffset"));
      }
    }
    return -1;
  }

  /// The group has an offset in queue 0 only.
  void know_only_queue_0(std::int64_t offset) {
    on(RequestCode::query_consumer_offset, [offset](const FakeRequest& request) {
      if (*request.header.ext_fields.find("queueId") == "0")
        return Action::reply(wire::OffsetReply{offset}.to_command());
      return Action::reply(wire::to_int(ResponseCode::query_not_found));
    });
  }
};

// Brokers before 5.0 say 0 in both cases.
TEST_F(ConsumerStart, AnOffsetOf0IsNoProgressWhereTheGroupHasNoneInTheTopic) {
  know_only_queue_0(0);
  on(RequestCode::get_consume_stats, [](const FakeRequest& request) {
    EXPECT_EQ(*request.header.ext_fields.find("consumerGroup"), "group");
    EXPECT_EQ(request.header.ext_fields.find("topic"), nullptr);
    return Action::reply(0, wire::ConsumeStats{{{{"another", "broker-a", 0}, 5}}}.encode_body());
  });
  const auto consumer = start(ConsumeFromWhere::last_offset);
  EXPECT_EQ(first_pull(0), 10);
}

TEST_F(ConsumerStart, AnOffsetOf0IsProgressWhereTheGroupHasSomeInTheTopicOrTheBrokerDoesNotSay) {
  know_only_queue_0(0);
  on(RequestCode::get_consume_stats, [](const FakeRequest&) {
    return Action::reply(0, wire::ConsumeStats{{{{"topic", "broker-a", 0}, 0}}}.encode_body());
  });
  EXPECT_EQ(poll(*start(ConsumeFromWhere::last_offset)).size(), 10U);
  on(RequestCode::get_consume_stats,
     [](const FakeRequest&) { return Action::reply(wire::to_int(ResponseCode::system_error)); });
  EXPECT_EQ(poll(*start(ConsumeFromWhere::last_offset)).size(), 10U);
}

TEST_F(ConsumerStart, AnOffsetOf0IsAskedForAgainIfTheBrokerDoesNotAnswerWhatItMeans) {
  know_only_queue_0(0);
  std::atomic<int> asked{0};
  on(RequestCode::get_consume_stats, [&asked](const FakeRequest&) {
    if (++asked == 1) return Action::close();
    return Action::reply(0, wire::ConsumeStats{{{{"another", "broker-a", 0}, 5}}}.encode_body());
  });
  const auto consumer = start(ConsumeFromWhere::last_offset);
  EXPECT_EQ(first_pull(0), 10) << "and not 0, which would bring all that is stored";
}

TEST_F(ConsumerStart, AQueueThatWasAddedWhileAKnownGroupWasAwayStartsAtItsFirstMessage) {
  queues_ = 2;
  know_only_queue_0(7);
  const auto consumer = start(ConsumeFromWhere::last_offset);
  EXPECT_EQ(first_pull(0), 7);
  EXPECT_EQ(first_pull(1), 0);
  EXPECT_EQ(count(RequestCode::get_max_offset), 0U);
}

TEST_F(ConsumerStart, EveryQueueOfANewGroupFromLastStartsAtItsEnd) {
  queues_ = 3;
  const auto consumer = start(ConsumeFromWhere::last_offset);
  for (int queue = 0; queue < 3; ++queue)
    EXPECT_EQ(first_pull(queue), 10) << queue;
  EXPECT_EQ(committed(), (std::vector<std::int64_t>{10, 10, 10}));
}

TEST_F(ConsumerStart, EveryQueueOfANewGroupFromFirstStartsAtItsFirstStoredMessage) {
  on(RequestCode::get_min_offset, [](const FakeRequest&) {
    return Action::reply(wire::OffsetReply{4}.to_command());  // Older ones were deleted.
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(first_pull(0), 4);
  EXPECT_EQ(committed(), std::vector<std::int64_t>{4});
}

TEST_F(ConsumerStart, NothingIsToldToTheBrokersBeforeItIsKnownWhetherTheGroupIsNew) {
  std::atomic<bool> answering{false};
  on(RequestCode::query_consumer_offset, [&](const FakeRequest&) {
    return Action::reply(wire::to_int(answering ? ResponseCode::query_not_found : ResponseCode::system_busy));
  });
  const auto consumer = start(ConsumeFromWhere::last_offset);
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::query_consumer_offset), 2));
  EXPECT_EQ(count(RequestCode::heart_beat), 0U);
  EXPECT_TRUE(committed().empty());
  answering = true;
  EXPECT_EQ(first_pull(0), 10);
}

TEST_F(ConsumerStart, AStoredOffsetBelowTheFirstMessageGoesOnAtTheFirstMessageAndSaysWhatIsMissing) {
  know_only_queue_0(2);
  on(RequestCode::pull_message, [this](const FakeRequest& request) {
    if (*request.header.ext_fields.find("queueOffset") == "2") {
      wire::PullMessageReply reply;
      reply.next_begin_offset = reply.min_offset = 5;
      reply.max_offset = 10;
      wire::Command header = reply.to_command();
      header.code = wire::to_int(ResponseCode::pull_offset_moved);
      return Action::reply(header);
    }
    return pull(request);
  });
  const auto consumer = start(ConsumeFromWhere::last_offset);
  Delivery delivery = poll(*consumer);
  ASSERT_EQ(delivery.size(), 5U);
  EXPECT_EQ(delivery[0].queue_offset, 5);
  const std::lock_guard lock(mutex_);
  EXPECT_NE(log_.find("goes on from offset 2 to 5: the broker no longer has the messages"), std::string::npos)
      << log_;
  ASSERT_EQ(notices_.size(), 1U);
  EXPECT_EQ(notices_[0].given_up, 3) << "they count as failed";
  EXPECT_EQ(notices_[0].place->topic, "topic");
  EXPECT_EQ(notices_[0].place->queue_offset, 2);
}

TEST_F(ConsumerStart, AStoredOffsetAboveTheLastMessageGoesWhereTheBrokerSays) {
  know_only_queue_0(500);
  on(RequestCode::pull_message, [this](const FakeRequest& request) {
    if (*request.header.ext_fields.find("queueOffset") != "500") return pull(request);
    // The first messages are deleted, so this is an old queue that has lost its end, and no new one.
    wire::Command header = pull_header(wire::to_int(ResponseCode::pull_offset_moved), 10);
    header.ext_fields.set("minOffset", "5");
    return Action::reply(header);
  });
  const auto consumer = start(ConsumeFromWhere::last_offset);
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::update_consumer_offset), 1));
  EXPECT_EQ(committed().front(), 10);
  stored_ = 12;
  server_.close_connections();  // The held pull at 10 is sent again.
  Delivery delivery = poll(*consumer);
  ASSERT_EQ(delivery.size(), 2U);
  EXPECT_EQ(delivery[0].queue_offset, 10);
}

TEST_F(ConsumerStart, ABrokerThatForgotOurOffsetIsToldAgainOnceItIsBack) {
  std::atomic<std::int64_t> stored_offset{3};
  on(RequestCode::query_consumer_offset,
     [&](const FakeRequest&) { return Action::reply(wire::OffsetReply{stored_offset}.to_command()); });
  on(RequestCode::update_consumer_offset, [&](const FakeRequest& request) {
    stored_offset = std::stoll(*request.header.ext_fields.find("commitOffset"));
    return Action::reply(0);
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  poll(*consumer).acknowledge();
  const auto stored = [&] {
    const auto deadline = steady_clock::now() + FakeServer::patience;
    while (stored_offset != 10 && steady_clock::now() < deadline)
      std::this_thread::sleep_for(5ms);
    return stored_offset.load();
  };
  ASSERT_EQ(stored(), 10);
  stored_offset = 3;  // It died before it wrote that down.
  server_.close_connections();
  EXPECT_EQ(stored(), 10);
}

TEST_F(ConsumerStart, AMemberThatTookAQueueOverMeanwhileIsNotSetBack) {
  on(RequestCode::query_consumer_offset,
     [](const FakeRequest&) { return Action::reply(wire::OffsetReply{3}.to_command()); });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  poll(*consumer).acknowledge();
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::update_consumer_offset), 1));
  on(RequestCode::query_consumer_offset,
     [](const FakeRequest&) { return Action::reply(wire::OffsetReply{5000}.to_command()); });
  const std::size_t before = count(RequestCode::query_consumer_offset);
  server_.close_connections();
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::query_consumer_offset), before + 1));
  consumer->close(5s);
  EXPECT_EQ(committed(), std::vector<std::int64_t>{10});
}

// Where brokers do not agree on the members for a while, two of them have one queue. The one that lets it go
// must not set back what the other one has stored meanwhile.
TEST_F(ConsumerStart, AMemberThatHadTheQueueAtTheSameTimeIsNotSetBackByALetGo) {
  std::atomic<std::int64_t> at_the_broker{3};
  std::atomic<bool> stores{true};
  std::atomic<int> stored{0};
  on(RequestCode::query_consumer_offset,
     [&](const FakeRequest&) { return Action::reply(wire::OffsetReply{at_the_broker.load()}.to_command()); });
  on(RequestCode::update_consumer_offset, [&](const FakeRequest&) {
    return stores ? Action::reply(0) : Action::reply(wire::to_int(ResponseCode::system_busy));
  });
  stores = false;  // What this member does stays to be stored until it lets the queue go.
  const auto consumer = start(ConsumeFromWhere::first_offset);
  poll(*consumer).acknowledge();
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::update_consumer_offset), 1));
  at_the_broker = 5000;  // The other member's.
  const std::size_t queries = count(RequestCode::query_consumer_offset);
  on(RequestCode::get_consumer_list_by_group, [&](const FakeRequest&) {
    const std::lock_guard lock(mutex_);
    stores = true;
    // Sorted first, so it has the only queue.
    return Action::reply(0, wire::ConsumerIdList{{"0-another-member", client_id_}}.encode_body());
  });
  on(RequestCode::update_consumer_offset, [&](const FakeRequest&) {
    ++stored;
    return stores ? Action::reply(0) : Action::reply(wire::to_int(ResponseCode::system_busy));
  });
  wire::NotifyConsumerIdsChangedRequest notify;
  notify.consumer_group = "group";
  const int before = stored;
  server_.send_request(notify.to_command(), {}, true);
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::query_consumer_offset), queries + 1))
      << "it asks before it stores anything";
  consumer->close(5s);
  EXPECT_LE(stored - before, 1) << "at most the regular one that was on its way";
}

// One broker accepts our heartbeat and tells who is in the group; by then another one may not know us yet.
TEST_F(ConsumerStart, ABrokerIsNotPulledFromBeforeItKnowsTheGroup) {
  static constexpr auto slow = 300ms;
  std::atomic<steady_clock::time_point> heard{steady_clock::time_point::max()};
  std::atomic<int> early{0};
  FakeServer second;
  second.on(wire::to_int(RequestCode::heart_beat), [&heard](const FakeRequest&) {
    if (heard.load() == steady_clock::time_point::max()) heard = steady_clock::now();
    return Action::reply(0).after(slow);
  });
  second.on(wire::to_int(RequestCode::query_consumer_offset),
            [](const FakeRequest&) { return Action::reply(wire::OffsetReply{0}.to_command()); });
  second.on(wire::to_int(RequestCode::update_consumer_offset),
            [](const FakeRequest&) { return Action::reply(0); });
  second.on(wire::to_int(RequestCode::pull_message), [&](const FakeRequest& request) {
    if (heard.load() == steady_clock::time_point::max() || steady_clock::now() - heard.load() < slow) {
      ++early;
      return Action::reply(wire::to_int(ResponseCode::subscription_not_exist));
    }
    return pull(request);
  });
  on(RequestCode::get_route_info_by_topic, [&](const FakeRequest& request) {
    if (*request.header.ext_fields.find("topic") != "topic")
      return Action::reply(wire::to_int(ResponseCode::topic_not_exist));
    const auto broker = [](const std::string& name, const std::string& address) {
      return R"({"brokerAddrs":{0:")" + address + R"("},"brokerName":")" + name + R"(","cluster":"c"})";
    };
    const auto queues = [](const std::string& name) {
      return R"({"brokerName":")" + name +
             R"(","perm":6,"readQueueNums":1,"writeQueueNums":1,"topicSysFlag":0})";
    };
    return Action::reply(0, R"({"brokerDatas":[)" + broker("broker-a", server_.address()) + ',' +
                                broker("broker-b", second.address()) + R"(],"queueDatas":[)" +
                                queues("broker-a") + ',' + queues("broker-b") + "]}");
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_TRUE(second.wait_received(wire::to_int(RequestCode::pull_message), 1));
  EXPECT_EQ(early, 0);
  consumer->close(3s);
  const std::lock_guard lock(mutex_);
  EXPECT_EQ(log_.find("SUBSCRIPTION_NOT_EXIST"), std::string::npos) << log_;
}

TEST_F(ConsumerStart, AMemberThatABrokerStartedAnewDoesNotListYetKeepsHisQueues) {
  queues_ = 2;
  std::atomic<bool> listed{true};
  on(RequestCode::get_consumer_list_by_group, [&](const FakeRequest&) {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> ids{client_id_};
    if (listed) ids.emplace_back("0-another-member");  // Sorted first, so it has queue 0.
    return Action::reply(0, wire::ConsumerIdList{ids}.encode_body());
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(first_pull(1), 0);
  listed = false;
  const std::size_t before = count(RequestCode::get_consumer_list_by_group);
  server_.close_connections();
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::get_consumer_list_by_group), before + 2));
  for (const FakeRequest& pull : server_.received(wire::to_int(RequestCode::pull_message)))
    EXPECT_EQ(*pull.header.ext_fields.find("queueId"), "1");
}

}  // namespace
}  // namespace rocketmq::test
