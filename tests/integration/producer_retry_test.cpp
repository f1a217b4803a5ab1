#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "integration/producer_fixture.h"

namespace rocketmq::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

void send_one(Producer& producer, std::string_view topic, std::string_view body) {
  const std::string_view bodies[] = {body};
  producer.send(topic, "", bodies);
}

/// A broker that gives up on a request which waited for 1 ms, and has one thread for all of them.
class ProducerAtABusyBroker : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    cluster_ = std::make_unique<RealBroker>(RealBroker::Options{
        .extra = {"--set", "waitTimeMillsInSendQueue=1", "--set", "sendMessageThreadPoolNums=1", "--set",
                  "brokerFastFailureEnable=true"}});
  }
  static void TearDownTestSuite() { cluster_.reset(); }
  static inline std::unique_ptr<RealBroker> cluster_;
};

TEST_F(ProducerAtABusyBroker, AStormOfBusyAnswersLosesNothingDoublesNothingAndKeepsTheOrder) {
  constexpr int producers = 3;
  constexpr int threads_each = 3;
  constexpr std::size_t count = 4'000;
  constexpr const char* busy = "said 2: [TIMEOUT_CLEAN_QUEUE]";
  cluster_->create_topic("busy", 8);
  ClientLog log;
  std::vector<std::unique_ptr<Producer>> all;
  for (int p = 0; p < producers; ++p) {
    auto config = producer_config(*cluster_);
    config.client.log = log.sink();
    config.max_attempts = 200;
    config.send_timeout_ms = 60'000;
    all.push_back(Producer::start(config));
  }
  // How much it takes depends on the machine and on the version.
  std::size_t sent = 0;
  for (int round = 0; round < 10 && !log.has(busy); ++round) {
    std::vector<std::thread> threads;
    for (int p = 0; p < producers; ++p) {
      for (int t = 0; t < threads_each; ++t) {
        threads.emplace_back([&, p, t, round] {
          const std::string prefix =
              std::to_string(round) + "-" + std::to_string(p) + "-" + std::to_string(t);
          const auto texts = numbered_bodies(prefix, count, 200);
          EXPECT_NO_THROW(all[static_cast<std::size_t>(p)]->send("busy", "", views_of(texts)));
        });
      }
    }
    for (auto& thread : threads)
      thread.join();
    sent += count * producers * threads_each;
  }
  all.clear();
  const auto rows = read_topic(cluster_->name_servers(), "busy", sent);
  EXPECT_EQ(rows.size(), sent) << "what a busy broker refuses is not stored";
  EXPECT_EQ(bodies_of(rows).size(), sent);
  expect_order_and_keys(rows);
  if (!RealBroker::is_at_least(5, 0) && !log.has(busy))
    GTEST_SKIP() << "this broker was too quick to be busy";
  EXPECT_TRUE(log.has(busy)) << "the broker never was busy";
}

/// A master whose slave is missing although two copies are wanted. What it stores it stores once.
class ProducerWithoutTheSlave : public testing::Test {};

TEST_F(ProducerWithoutTheSlave, WeaklyStoredMessagesCountAsStoredAndAreNotResent) {
  if (!RealBroker::is_at_least(5, 0)) GTEST_SKIP() << "inSyncReplicas came with 5.0";
  RealBroker cluster({.extra = {"--set", "brokerRole=SYNC_MASTER", "--set", "inSyncReplicas=2", "--set",
                                "slaveTimeout=200"}});
  cluster.create_topic("weak", 2);
  ClientLog log;
  auto config = producer_config(cluster);
  config.client.log = log.sink();
  const auto producer = Producer::start(config);
  send_one(*producer, "weak", "one");
  const auto texts = numbered_bodies("v", 100, 10);
  producer->send("weak", "", views_of(texts));
  const auto rows = read_topic(cluster.name_servers(), "weak", 101);
  EXPECT_EQ(rows.size(), 101U);
  EXPECT_EQ(bodies_of(rows).size(), 101U);
  EXPECT_THAT(log.text(), HasSubstr("Stored, so not sent again, but not as safely as the broker is "
                                    "configured to: FLUSH_SLAVE_TIMEOUT"));
}

TEST(ProducerWithASlowDiskFull, WeaklyStoredMessagesCountAsStoredAndAreNotResent) {
  RealBroker cluster({.extra = {"--set", "flushDiskType=SYNC_FLUSH", "--set", "syncFlushTimeout=1"}});
  cluster.create_topic("weak", 1);
  ClientLog log;
  auto config = producer_config(cluster);
  config.client.log = log.sink();
  const auto producer = Producer::start(config);
  std::size_t sent = 0;
  // A fast disk is in time now and then.
  while (!log.has("FLUSH_DISK_TIMEOUT") && sent < 1000)
    send_one(*producer, "weak", "v:" + std::to_string(sent++) + ":");
  EXPECT_TRUE(log.has("not as safely as the broker is configured to: FLUSH_DISK_TIMEOUT"));
  EXPECT_EQ(read_topic(cluster.name_servers(), "weak", sent).size(), sent);
}

class ProducerWithTwoMastersFull : public testing::Test {
 protected:
  static void SetUpTestSuite() { cluster_ = std::make_unique<RealBroker>(RealBroker::Options{.brokers = 2}); }
  static void TearDownTestSuite() { cluster_.reset(); }

  /// Sends vectors until told to stop, while `disturb` runs, and checks that nothing acknowledged is lost.
  static void send_during(const std::string& topic, const std::function<void()>& disturb) {
    cluster_->create_topic(topic, 2);
    auto config = producer_config(*cluster_);
    config.send_timeout_ms = 1000;
    config.compress_over_bytes = 1 << 20;
    const auto producer = Producer::start(config);
    std::atomic<bool> stop{false};
    std::atomic<int> rounds{0};
    std::set<std::string> acknowledged;
    std::set<std::string> never_stored;
    auto sending = std::async(std::launch::async, [&] {
      for (; !stop; ++rounds) {
        // A few batches at a time, not as many as go through: everything is read again in the end.
        std::this_thread::sleep_for(50ms);
        const auto texts = numbered_bodies(std::to_string(rounds), 200, 3000);
        std::vector<SendRange> ranges{{0, texts.size(), SendOutcome::stored, {}}};
        try {
          producer->send(topic, "", views_of(texts));
        } catch (const SendError& error) {
          ranges = error.ranges();
        }
        for (const auto& range : ranges) {
          if (range.outcome == SendOutcome::possibly_stored) continue;
          auto& fate = range.outcome == SendOutcome::stored ? acknowledged : never_stored;
          for (std::size_t i = 0; i < range.count; ++i)
            fate.insert(texts[range.first + i]);
        }
      }
    });
    const auto wait_rounds = [&](int more) {
      const int goal = rounds + more;
      const auto deadline = std::chrono::steady_clock::now() + 60s;
      while (rounds < goal && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(10ms);
      EXPECT_GE(rounds, goal) << "sending stands still";
    };
    wait_rounds(3);
    disturb();
    wait_rounds(3);
    stop = true;
    sending.get();
    const auto rows = read_topic(cluster_->name_servers(), topic, acknowledged.size());
    const auto stored = bodies_of(rows);
    EXPECT_GE(acknowledged.size(), 1000U);
    for (const auto& body : acknowledged)
      ASSERT_EQ(stored.count(body), 1U) << "acknowledged and lost: " << body.substr(0, 20);
    for (const auto& body : never_stored)
      ASSERT_EQ(stored.count(body), 0U) << "reported as not stored: " << body.substr(0, 20);
    expect_order_and_keys(rows);
  }

  static inline std::unique_ptr<RealBroker> cluster_;
};

TEST_F(ProducerWithTwoMastersFull, ABrokerThatFreezesMidSendIsReplacedByTheOther) {
  send_during("freezing", [] {
    cluster_->pause("broker-a");
    std::this_thread::sleep_for(3s);  // For as long as the broker is frozen in this story.
    cluster_->resume("broker-a");
  });
}

/// Of messages with order keys: within each queue the first copies of a key's messages are in order. Which
/// queue that is may change with the route. A batch whose answer was lost is stored again as a whole.
void expect_order_of_keys(const std::vector<StoredRow>& rows) {
  std::map<std::pair<std::string, std::string>, std::vector<int>> numbers;
  std::set<std::string> seen;
  std::map<std::string, std::set<std::string>> queues;
  for (const StoredRow& row : rows) {
    const std::string key = row.properties.at("__SHARDINGKEY");
    queues[key].insert(row.queue);
    if (!seen.insert(row.queue + row.body).second) continue;
    numbers[{row.queue, key}].push_back(std::stoi(row.body.substr(row.body.find(':') + 1)));
  }
  for (const auto& [place, in_queue] : numbers)
    EXPECT_TRUE(std::is_sorted(in_queue.begin(), in_queue.end())) << place.first << " " << place.second;
  for (const auto& [key, of_key] : queues)
    EXPECT_LE(of_key.size(), 2U) << key;
}

TEST_F(ProducerWithTwoMastersFull, MessagesOfAKeyKeepTheirOrderWhileABrokerIsKilledAndComesBack) {
  cluster_->create_topic("keyed", 2);
  auto config = producer_config(*cluster_);
  config.send_timeout_ms = 1000;
  const auto producer = Producer::start(config);
  constexpr int keys = 20;
  constexpr int per_key = 10;
  std::set<std::string> acknowledged;
  std::size_t failed = 0;
  const auto send_round = [&](int round) {
    std::vector<std::string> texts;
    std::vector<std::string> names;
    for (int i = 0; i < keys * per_key; ++i) {
      names.push_back("key" + std::to_string(i % keys));
      texts.push_back(names.back() + ":" + std::to_string(round * per_key + i / keys) + ":");
    }
    std::vector<OrderKey> order_keys;
    for (const std::string& name : names)
      order_keys.push_back(order_key(name));
    const auto bodies = views_of(texts);
    std::vector<SendRange> ranges{{0, texts.size(), SendOutcome::stored, {}}};
    try {
      producer->send("keyed", {.bodies = bodies, .order_keys = order_keys});
    } catch (const SendError& error) {
      ranges = error.ranges();
      ++failed;
    }
    for (const SendRange& range : ranges) {
      if (range.outcome != SendOutcome::stored) continue;
      for (std::size_t i = range.first; i < range.first + range.count; ++i)
        acknowledged.insert(texts[i]);
    }
  };
  int round = 0;
  for (; round < 20; ++round)
    send_round(round);
  cluster_->kill("broker-b");
  auto restarted = std::async(std::launch::async, [] { cluster_->restart("broker-b"); });
  for (; restarted.wait_for(0s) != std::future_status::ready; ++round)
    send_round(round);
  for (const int end = round + 20; round < end; ++round)
    send_round(round);
  const auto rows = read_topic(cluster_->name_servers(), "keyed", acknowledged.size());
  const auto stored = bodies_of(rows);
  for (const std::string& body : acknowledged)
    ASSERT_EQ(stored.count(body), 1U) << "acknowledged and lost: " << body;
  std::cout << round << " rounds, " << failed << " of them failed in part\n";
  expect_order_of_keys(rows);
}

TEST_F(ProducerWithTwoMastersFull, ABrokerThatIsKilledMidSendIsReplacedByTheOther) {
  send_during("killing", [] {
    cluster_->kill("broker-b");
    cluster_->restart("broker-b");
  });
}

}  // namespace
}  // namespace rocketmq::test
