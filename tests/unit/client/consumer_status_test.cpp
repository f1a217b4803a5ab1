// What a consumer tells of itself without asking anybody.

#include <gmock/gmock.h>

#include "client/consumer/troubles.h"
#include "scripted_consumer.h"

namespace rocketmq::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ConsumerStatusTest : public ScriptedConsumer {
 protected:
  /// Of the topic's only queue; empty until something is known of it.
  static QueueStatus queue_of(const Consumer& consumer) {
    for (QueueStatus& queue : consumer.status().queues) {
      if (!queue.is_retry) return queue;
    }
    return {};
  }
};

TEST_F(ConsumerStatusTest, TellsTheOffsetsOfAQueueFromTheBrokerToTheStore) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_TRUE(wait([&] { return queue_of(*consumer).max_offset == 10; }));
  QueueStatus queue = queue_of(*consumer);
  EXPECT_EQ(queue.topic, "topic");
  EXPECT_EQ(queue.broker_name, "broker-a");
  EXPECT_EQ(queue.queue_id, 0);
  EXPECT_EQ(queue.consumed_offset, 0);
  EXPECT_EQ(queue.received_offset, 10);
  EXPECT_EQ(queue.lag(), 10);
  EXPECT_EQ(queue.cached_messages, 10U);
  EXPECT_GT(queue.cached_bytes, 0U);
  EXPECT_GT(queue.last_reply_ms, 0);
  EXPECT_EQ(queue.last_handled_ms, 0);
  Delivery delivery = poll(*consumer);
  ASSERT_EQ(delivery.size(), 10U);
  delivery.acknowledge();
  EXPECT_EQ(queue_of(*consumer).consumed_offset, 10) << "at once";
  EXPECT_EQ(queue_of(*consumer).lag(), 0);
  ASSERT_TRUE(wait([&] { return queue_of(*consumer).committed_offset == 10; }));
  EXPECT_EQ(queue_of(*consumer).cached_messages, 0U);
}

TEST_F(ConsumerStatusTest, TellsWhenTheLastHandledMessageWasStored) {
  on(RequestCode::pull_message, [](const FakeRequest& request) {
    std::int64_t offset = 0;
    EXPECT_EQ(request.header.ext_fields.read("queueOffset", offset), Errc::ok);
    if (offset >= 2) return Action::never();
    std::string body;
    for (std::int64_t i = 0; i < 2; ++i) {
      wire::StoredMessageView message;
      message.queue_offset = i;
      message.topic = "topic";
      message.store_timestamp = 1000 + i;
      EXPECT_EQ(wire::append_stored_message(body, message), Errc::ok);
    }
    return Action::reply(pull_header(0, 2), std::move(body));
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  Delivery delivery = poll(*consumer);
  ASSERT_EQ(delivery.size(), 2U);
  delivery.acknowledge_first(1);
  ASSERT_TRUE(wait([&] { return queue_of(*consumer).last_store_ms == 1000; }));
  EXPECT_GT(queue_of(*consumer).last_handled_ms, 1000);
  poll(*consumer).acknowledge();
  EXPECT_EQ(queue_of(*consumer).last_store_ms, 1001);
}

TEST_F(ConsumerStatusTest, LooksAtTheEndOfAQueueThatHasNoRoomForMore) {
  max_cached_messages_ = 5;
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_TRUE(wait([&] { return queue_of(*consumer).lag() == 10; }));
  stored_ = 25;
  EXPECT_TRUE(wait([&] { return queue_of(*consumer).lag() == 25; })) << "although nothing is pulled";
}

TEST_F(ConsumerStatusTest, KnowsTheEndOfAQueueInWhichNothingIsNew) {
  const auto consumer = start(ConsumeFromWhere::last_offset);
  EXPECT_TRUE(wait([&] { return queue_of(*consumer).lag() == 0; })) << "although its first pull is held";
  EXPECT_EQ(queue_of(*consumer).max_offset, 10);
}

TEST_F(ConsumerStatusTest, TellsHowTheTopicIsDivided) {
  queues_ = 3;
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_TRUE(wait([&] { return consumer->status().topics.size() == 1; }));
  TopicStatus topic = consumer->status().topics[0];
  EXPECT_EQ(topic.topic, "topic");
  EXPECT_EQ(topic.queues, 3U);
  EXPECT_EQ(topic.own_queues, 3U);
  EXPECT_EQ(topic.members, 1U);
  EXPECT_THAT(topic.owners, IsEmpty());
}

TEST_F(ConsumerStatusTest, NamesTheOwnersIfThereAreMoreMembersThanQueues) {
  on(RequestCode::get_consumer_list_by_group, [this](const FakeRequest&) {
    const std::lock_guard lock(mutex_);
    return Action::reply(0, wire::ConsumerIdList{{"!first", client_id_}}.encode_body());
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_TRUE(
      wait([&] { return !consumer->status().topics.empty() && consumer->status().topics[0].members == 2; }));
  EXPECT_EQ(consumer->status().topics[0].own_queues, 0U);
  EXPECT_THAT(consumer->status().topics[0].owners, ElementsAre("!first"));
}

TEST_F(ConsumerStatusTest, ATopicThatDoesNotExistHasNoQueues) {
  topics_.clear();
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_TRUE(wait([&] { return consumer->status().topics.size() == 1; }));
  EXPECT_EQ(consumer->status().topics[0].queues, 0U);
  EXPECT_THAT(consumer->status().queues, IsEmpty());
}

TEST_F(ConsumerStatusTest, ARefusalIsATroubleOfItsQueueUntilItIsOver) {
  std::atomic<bool> refuses{true};
  on(RequestCode::pull_message, [&](const FakeRequest& request) {
    return refuses ? Action::reply(wire::to_int(ResponseCode::no_permission), "", "reading is forbidden")
                   : pull(request);
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_TRUE(wait([&] { return !queue_of(*consumer).trouble.cause.empty(); }));
  const TroubleStatus trouble = queue_of(*consumer).trouble;
  EXPECT_TRUE(trouble.lasting);
  EXPECT_THAT(trouble.cause, HasSubstr("reading is forbidden"));
  EXPECT_GT(trouble.since_ms, 0);
  EXPECT_EQ(consumer->status().troubles.size(), 1U);
  refuses = false;
  EXPECT_TRUE(wait([&] { return consumer->status().troubles.empty(); }));
  EXPECT_EQ(queue_of(*consumer).trouble.cause, "");
}

// A server that does not answer once is asked again at once, and nobody needs to hear of it.
TEST_F(ConsumerStatusTest, WhatPassesAtOnceIsNoTrouble) {
  client::Troubles troubles;
  const auto now = steady_clock::now();
  EXPECT_FALSE(troubles.add("broker", "busy", client::Troubles::Kind::may_pass, now));
  EXPECT_THAT(troubles.present(now), IsEmpty());
  EXPECT_FALSE(troubles.add("broker", "busy", client::Troubles::Kind::may_pass, now + 3s));
  EXPECT_EQ(troubles.present(now + 3s).at("broker").cause, "busy");
  EXPECT_EQ(troubles.present(now + 3s).at("broker").first, now);
  EXPECT_THAT(troubles.present(now + 2min), IsEmpty()) << "nobody met it again";
}

}  // namespace
}  // namespace rocketmq::test
