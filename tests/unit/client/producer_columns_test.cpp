// What messages have besides their bodies, and which queue they go to because of it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <set>

#include "unit/client/fake_cluster.h"

namespace rocketmq {
namespace {

using namespace std::chrono_literals;
using test::Action;
using test::FakeCluster;
using test::FakeRequest;
using test::messages_of;
using test::SentMessage;
using testing::HasSubstr;

constexpr int send_message = 310;
constexpr int send_batch = 320;
constexpr int get_broker_config = 26;

struct Vector {
  explicit Vector(std::size_t count, std::size_t bytes = 1) {
    for (std::size_t i = 0; i < count; ++i)
      texts.push_back(std::to_string(i) + std::string(bytes, ' '));
    bodies.assign(texts.begin(), texts.end());
  }
  std::vector<std::string> texts;
  std::vector<std::string_view> bodies;
};

std::vector<OrderKey> keys_modulo(std::size_t count, int keys) {
  std::vector<OrderKey> result;
  for (std::size_t i = 0; i < count; ++i)
    result.push_back({"", static_cast<std::int32_t>(i) % keys});
  return result;
}

/// The messages of each queue in the order in which they were stored.
std::map<int, std::vector<int>> by_queue(FakeCluster& cluster) {
  std::map<int, std::vector<int>> queues;
  for (const FakeRequest& request : cluster.broker().received()) {
    for (const SentMessage& message : messages_of(request))
      queues[message.queue_id].push_back(std::stoi(message.body));
  }
  return queues;
}

TEST(ProducerColumns, MessagesOfAKeyGoToItsQueueInOrder) {
  for (const std::size_t count : {1U, 7U, 5'000U}) {
    FakeCluster cluster(1, 8);
    const auto producer = Producer::start(cluster.producer_config());
    const Vector messages(count, 100);
    const auto keys = keys_modulo(count, 13);
    producer->send("t", {.bodies = messages.bodies, .order_keys = keys});
    std::size_t stored = 0;
    for (const auto& [queue, numbers] : by_queue(cluster)) {
      EXPECT_TRUE(std::is_sorted(numbers.begin(), numbers.end())) << queue;
      for (const int number : numbers)
        EXPECT_EQ(number % 13 % 8, queue);
      stored += numbers.size();
    }
    EXPECT_EQ(stored, count);
  }
}

TEST(ProducerColumns, AKeysBrokerThatIsBusyGetsItsMessagesAgainAndNoOtherDoes) {
  FakeCluster cluster(2, 1);
  std::atomic<int> tries{0};
  for (const int code : {send_message, send_batch}) {
    cluster.broker(0).on(code, [&](const FakeRequest&) {
      return ++tries < 3 ? Action::reply(2, {}, "busy") : FakeCluster::stored();
    });
  }
  const auto producer = Producer::start(cluster.producer_config());
  const Vector messages(20);
  const std::vector<OrderKey> key{{"k", 0}};  // Broker a.
  producer->send("t", {.bodies = messages.bodies, .order_keys = key});
  EXPECT_EQ(tries, 3);
  EXPECT_TRUE(cluster.broker(1).received(send_batch).empty());
}

TEST(ProducerColumns, AFailureIsToldByTheMessagesOwnIndexes) {
  FakeCluster cluster(2, 1);
  for (const int code : {send_message, send_batch}) {
    // The other broker has answered before, so that what is stored is known.
    cluster.broker(1).on(code,
                         [](const FakeRequest&) { return Action::reply(13, {}, "illegal").after(300ms); });
  }
  const auto producer = Producer::start(cluster.producer_config());
  const Vector messages(6);
  const auto keys = keys_modulo(6, 2);
  try {
    producer->send("t", {.bodies = messages.bodies, .order_keys = keys});
    FAIL() << "no error";
  } catch (const SendError& error) {
    EXPECT_EQ(error.stored_count(), 3U);
    ASSERT_EQ(error.ranges().size(), 6U);
    for (std::size_t i = 0; i < 6; ++i) {
      EXPECT_EQ(error.ranges()[i].first, i);
      EXPECT_EQ(error.ranges()[i].outcome, i % 2 == 0 ? SendOutcome::stored : SendOutcome::not_stored);
    }
  }
}

TEST(ProducerColumns, DelayedMessagesTravelOneByOne) {
  FakeCluster cluster(1, 4);
  const auto producer = Producer::start(cluster.producer_config());
  const Vector messages(100);
  std::vector<int> levels(100);
  levels[3] = 1;
  levels[60] = 5;
  producer->send("t", {.bodies = messages.bodies, .delay_levels = levels});
  std::set<std::string> alone;
  std::size_t all = 0;
  for (const FakeRequest& request : cluster.broker().received()) {
    const auto sent = messages_of(request);
    all += sent.size();
    if (request.header.code == send_message) alone.insert(sent.at(0).body);
  }
  EXPECT_EQ(all, 100U);
  EXPECT_TRUE(alone.contains("3 ") && alone.contains("60 "));
  EXPECT_LT(alone.size(), 20U) << "the others travel together";
}

// A queue takes one request at a time, so that its order is that of the vector; what is delayed has no order.
TEST(ProducerColumns, ManyDelayedMessagesAreUnderWayAtOnce) {
  FakeCluster cluster(1, 2);
  std::atomic<int> open{0};
  std::vector<FakeRequest> held;
  std::mutex mutex;
  cluster.broker().on(send_message, [&](const FakeRequest& request) {
    const std::lock_guard lock(mutex);
    held.push_back(request);
    ++open;
    return Action::never();
  });
  auto config = cluster.producer_config();
  config.send_timeout_ms = 60'000;
  const auto producer = Producer::start(config);
  const Vector messages(40);
  const std::vector<int> level{1};
  auto sending = std::async(std::launch::async,
                            [&] { producer->send("t", {.bodies = messages.bodies, .delay_levels = level}); });
  EXPECT_TRUE(cluster.broker().wait_received(send_message, 40)) << open;
  const std::lock_guard lock(mutex);
  for (const FakeRequest& request : held)
    cluster.broker().perform(request, FakeCluster::stored());
  EXPECT_NO_THROW(sending.get());
}

TEST(ProducerColumns, ABrokerWithoutTimersGetsNothing) {
  const Vector messages(3);
  const std::vector<std::int64_t> time{1'900'000'000'000};
  for (const bool old : {true, false}) {
    FakeCluster cluster;
    cluster.broker().on(get_broker_config, [old](const FakeRequest&) {
      wire::Command header;
      header.version = old ? 407 : 413;
      header.code = old ? 1 : 0;
      return Action::reply(header, old ? "" : "a=b\ntimerWheelEnable=false\n");
    });
    const auto producer = Producer::start(cluster.producer_config());
    try {
      producer->send("t", {.bodies = messages.bodies, .deliver_times_ms = time});
      ADD_FAILURE() << "no error";
    } catch (const SendError& error) {
      EXPECT_EQ(error.stored_count(), 0U);
      EXPECT_THAT(error.what(),
                  HasSubstr(old ? "is older than 5.0 and has no timers" : "timerWheelEnable=false"));
      EXPECT_THAT(error.what(), HasSubstr(cluster.broker().address()));
    }
    EXPECT_TRUE(cluster.broker().received(send_message).empty());
    EXPECT_TRUE(cluster.broker().received(send_batch).empty());
  }
}

TEST(ProducerColumns, ABrokerWithTimersIsAskedOnce) {
  FakeCluster cluster;
  cluster.broker().on(get_broker_config,
                      [](const FakeRequest&) { return Action::reply(0, "timerWheelEnable=true\n"); });
  const auto producer = Producer::start(cluster.producer_config());
  const Vector messages(3);
  const std::vector<std::int64_t> time{1'900'000'000'000};
  for (int i = 0; i < 3; ++i)
    producer->send("t", {.bodies = messages.bodies, .deliver_times_ms = time});
  EXPECT_EQ(cluster.broker().received(get_broker_config).size(), 1U);
  EXPECT_EQ(cluster.broker().received(send_message).size(), 9U);
}

}  // namespace
}  // namespace rocketmq
