#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>

#include "client/consumer.h"
#include "support/fake_broker.h"
#include "wire/group.h"
#include "wire/offsets.h"
#include "wire/pull.h"
#include "wire/request_code.h"
#include "wire/reset_offset.h"
#include "wire/response_code.h"
#include "wire/stored_message.h"

namespace rocketmq::test {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using wire::RequestCode;
using wire::ResponseCode;

/// A name server and broker with one topic of one queue, which holds `stored` messages from offset 0 on.
class ConsumerScriptedTest : public testing::Test {
 protected:
  ConsumerScriptedTest() {
    on(RequestCode::get_route_info_by_topic, [this](const FakeRequest& request) {
      const std::string* topic = request.header.ext_fields.find("topic");
      if (topic == nullptr || *topic != "topic")
        return Action::reply(wire::to_int(ResponseCode::topic_not_exist));
      return Action::reply(
          0,
          R"({"brokerDatas":[{"brokerAddrs":{0:")" + server_.address() +
              R"("},"brokerName":"broker-a","cluster":"c"}],"queueDatas":[{"brokerName":"broker-a","perm":6,)"
              R"("readQueueNums":1,"writeQueueNums":1,"topicSysFlag":0}]})");
    });
    on(RequestCode::heart_beat, [this](const FakeRequest& request) {
      const std::lock_guard lock(mutex_);
      const auto at = request.body.find("\"clientID\":\"");
      if (at != std::string::npos) {
        client_id_ = request.body.substr(at + 12, request.body.find('"', at + 12) - at - 12);
      }
      return Action::reply(0);
    });
    on(RequestCode::get_consumer_list_by_group, [this](const FakeRequest&) {
      const std::lock_guard lock(mutex_);
      return Action::reply(0, wire::ConsumerIdList{{client_id_}}.encode_body());
    });
    on(RequestCode::query_consumer_offset,
       [](const FakeRequest&) { return Action::reply(wire::to_int(ResponseCode::query_not_found)); });
    on(RequestCode::get_max_offset,
       [this](const FakeRequest&) { return Action::reply(wire::OffsetReply{stored_}.to_command()); });
    on(RequestCode::get_min_offset,
       [](const FakeRequest&) { return Action::reply(wire::OffsetReply{0}.to_command()); });
    on(RequestCode::update_consumer_offset, [](const FakeRequest&) { return Action::reply(0); });
    on(RequestCode::unregister_client, [](const FakeRequest&) { return Action::reply(0); });
    on(RequestCode::pull_message, [this](const FakeRequest& request) { return pull(request); });
  }

  void on(RequestCode code, FakeServer::Script script) { server_.on(wire::to_int(code), std::move(script)); }

  [[nodiscard]] std::size_t count(RequestCode code) const {
    return server_.received(wire::to_int(code)).size();
  }

  Action pull(const FakeRequest& request) {
    std::int64_t offset = 0;
    EXPECT_EQ(request.header.ext_fields.read("queueOffset", offset), Errc::ok);
    if (offset >= stored_) return Action::never();  // Held, as a long poll is.
    std::string body;
    for (std::int64_t i = offset; i < stored_; ++i) {
      wire::StoredMessageView message;
      message.queue_offset = i;
      message.topic = "topic";
      const std::string text = "m" + std::to_string(i);
      message.body = as_bytes(text);
      EXPECT_EQ(wire::append_stored_message(body, message), Errc::ok);
    }
    return Action::reply(pull_header(0, stored_), body);
  }

  static wire::Command pull_header(std::int32_t code, std::int64_t next) {
    wire::PullMessageReply reply;
    reply.next_begin_offset = next;
    reply.max_offset = next;
    wire::Command header = reply.to_command();
    header.code = code;
    return header;
  }

  std::unique_ptr<Consumer> start(ConsumeFromWhere from) {
    ConsumerConfig config;
    config.client.name_server_addresses = server_.address();
    config.client.connect_timeout_ms = 1000;
    config.client.log = [this](LogLevel, std::string_view line) {
      const std::lock_guard lock(mutex_);
      log_ += std::string(line) + '\n';
    };
    config.group = "group";
    config.topic = "topic";
    config.consume_from_where = from;
    return Consumer::start(std::move(config));
  }

  static Lease take(Consumer& consumer, std::chrono::milliseconds wait = 10s) {
    TakeLimits limits;
    limits.deadline = steady_clock::now() + wait;
    return consumer.take(limits);
  }

  [[nodiscard]] std::vector<std::int64_t> committed() const {
    std::vector<std::int64_t> offsets;
    for (const FakeRequest& request : server_.received(wire::to_int(RequestCode::update_consumer_offset))) {
      std::int64_t offset = -1;
      EXPECT_EQ(request.header.ext_fields.read("commitOffset", offset), Errc::ok);
      offsets.push_back(offset);
    }
    return offsets;
  }

  std::atomic<std::int64_t> stored_{10};
  mutable std::mutex mutex_;
  std::string client_id_;
  std::string log_;
  FakeServer server_;
};

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
  const Lease lease = take(*consumer);
  ASSERT_EQ(lease.size(), 6U);
  EXPECT_EQ(lease[0].queue_offset, 4);
  EXPECT_EQ(count(RequestCode::get_max_offset), 0U);
  EXPECT_TRUE(committed().empty());
}

TEST_F(ConsumerScriptedTest, CloseStoresTheOffsetOfWhatWasAcknowledgedAndTakesLeave) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  Lease lease = take(*consumer);
  ASSERT_EQ(lease.size(), 10U);
  lease.acknowledge();
  consumer->close(5s);
  EXPECT_EQ(committed(), (std::vector<std::int64_t>{0, 10}));
  EXPECT_EQ(count(RequestCode::unregister_client), 1U);
}

TEST_F(ConsumerScriptedTest, WhatIsNotAcknowledgedIsNotStored) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  { const Lease lease = take(*consumer); }
  consumer->close(5s);
  EXPECT_EQ(committed(), std::vector<std::int64_t>{0});
}

TEST_F(ConsumerScriptedTest, ABrokerThatMovesTheOffsetOnEveryPullIsNotAskedInACircle) {
  on(RequestCode::pull_message, [](const FakeRequest& request) {
    const bool at_zero = *request.header.ext_fields.find("queueOffset") == "0";
    return Action::reply(pull_header(wire::to_int(ResponseCode::pull_offset_moved), at_zero ? 5 : 0));
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_TRUE(take(*consumer, 2s).empty());
  EXPECT_GE(count(RequestCode::pull_message), 3U);
  EXPECT_LE(count(RequestCode::pull_message), 12U);
}

TEST_F(ConsumerScriptedTest, AnAnswerWithoutProgressIsFollowedByAPause) {
  on(RequestCode::pull_message, [](const FakeRequest&) {
    return Action::reply(pull_header(wire::to_int(ResponseCode::pull_retry_immediately), 0));
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_TRUE(take(*consumer, 2s).empty());
  EXPECT_GE(count(RequestCode::pull_message), 3U);
  EXPECT_LE(count(RequestCode::pull_message), 12U);
}

TEST_F(ConsumerScriptedTest, AMemberListWithoutMeKeepsMyQueues) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  Lease lease = take(*consumer);
  ASSERT_EQ(lease.size(), 10U);
  lease.acknowledge();
  on(RequestCode::get_consumer_list_by_group, [](const FakeRequest&) {
    return Action::reply(0, wire::ConsumerIdList{{"somebody-else"}}.encode_body());
  });
  const std::size_t before = count(RequestCode::get_consumer_list_by_group);
  wire::NotifyConsumerIdsChangedRequest notify;
  notify.consumer_group = "group";
  server_.send_request(notify.to_command(), {}, true);
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::get_consumer_list_by_group), before + 2));
  for (const std::int64_t offset : committed())
    EXPECT_EQ(offset, 0);  // No drop, so no commit on a drop.
}

TEST_F(ConsumerScriptedTest, AStormOfNotificationsCausesFewRounds) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  const std::size_t before = count(RequestCode::get_consumer_list_by_group);
  wire::NotifyConsumerIdsChangedRequest notify;
  notify.consumer_group = "group";
  for (int i = 0; i < 1000; ++i)
    server_.send_request(notify.to_command(), {}, true);
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::get_consumer_list_by_group), before + 1));
  EXPECT_EQ(take(*consumer).size(), 10U);
  EXPECT_LE(count(RequestCode::get_consumer_list_by_group), before + 20);
}

TEST_F(ConsumerScriptedTest, AnOperatorsResetInEitherFormMovesTheQueue) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  take(*consumer).acknowledge();
  for (const bool as_map : {true, false}) {
    const std::int64_t wanted = as_map ? 3 : 7;
    wire::ResetOffsetRequest reset;
    reset.topic = "topic";
    reset.group = "group";
    wire::ResetOffsetBody body;
    body.offsets.push_back({{"topic", "broker-a", 0}, wanted});
    server_.send_request(reset.to_command(), as_map ? body.encode_as_map() : body.encode_as_list(), true);
    Lease lease = take(*consumer);
    ASSERT_FALSE(lease.empty());
    EXPECT_EQ(lease[0].queue_offset, wanted);
    lease.acknowledge();
  }
}

TEST_F(ConsumerScriptedTest, ALostSubscriptionIsToldAgainBeforeTheNextPull) {
  std::atomic<int> pulls{0};
  on(RequestCode::pull_message, [&](const FakeRequest& request) {
    if (pulls++ == 0) return Action::reply(wire::to_int(ResponseCode::subscription_not_exist));
    return pull(request);
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(take(*consumer).size(), 10U);
  EXPECT_GE(count(RequestCode::heart_beat), 2U);
}

TEST_F(ConsumerScriptedTest, CloseEndsByItsDeadlineWhenTheBrokerIsSilent) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  Lease lease = take(*consumer);
  lease.acknowledge();
  server_.stop_reading();
  const auto begin = steady_clock::now();
  consumer->close(1s);
  EXPECT_LT(steady_clock::now() - begin, 2s);
}

TEST_F(ConsumerScriptedTest, AWrongConfigurationIsRefusedBeforeAnythingStarts) {
  ConsumerConfig config;
  config.client.name_server_addresses = server_.address();
  config.group = "group";
  config.topic = "topic";
  config.max_reconsume_times = 0;
  try {
    (void)Consumer::start(config);
    FAIL() << "was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::invalid_argument);
    EXPECT_STREQ(error.what(), "max_reconsume_times is 0, but must be > 0");
  }
  EXPECT_EQ(server_.accepted(), 0U);
}

}  // namespace
}  // namespace rocketmq::test
