#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "integration/client_of.h"
#include "integration/topic_reader.h"
#include "rocketmq/producer.h"
#include "support/real_broker.h"
#include "support/sanitizer_cost.h"

namespace rocketmq::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

ProducerConfig config_for(const RealBroker& cluster) {
  ProducerConfig config;
  config.client = client_of(cluster);
  config.group = "producer_test";
  config.send_timeout_ms = patient_send_timeout_ms;
  return config;
}

std::vector<std::string> numbered(std::size_t count, std::size_t padding) {
  std::vector<std::string> texts;
  texts.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    texts.push_back(std::to_string(i) + std::string(padding, '.'));
  return texts;
}

std::vector<std::string_view> views(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

/// The first occurrence of each number must come in order within its queue.
void expect_order_within_queues(const std::vector<StoredRow>& rows) {
  std::map<std::string, int> last;
  std::set<std::string> seen;
  for (const auto& row : rows) {
    if (!seen.insert(row.body).second) continue;
    const int number = std::stoi(row.body);
    const auto [before, fresh] = last.try_emplace(row.queue, -1);
    ASSERT_GT(number, before->second) << row.queue;
    before->second = number;
  }
}

class ProducerWithOneBroker : public testing::Test {
 protected:
  static void SetUpTestSuite() { cluster_ = std::make_unique<RealBroker>(); }
  static void TearDownTestSuite() { cluster_.reset(); }
  static RealBroker& cluster() { return *cluster_; }

 private:
  static inline std::unique_ptr<RealBroker> cluster_;
};

TEST_F(ProducerWithOneBroker, ASingleMessageArrivesByteForByte) {
  cluster().create_topic("scalar", 4);
  const auto producer = Producer::start(config_for(cluster()));
  const std::string body("\0\x01\x02 random \xff\n", 14);
  const std::string_view bodies[] = {body};
  producer->send("scalar", "tagA", bodies);
  const auto rows = read_topic(cluster().name_servers(), "scalar", 1);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].body, body);
  EXPECT_EQ(rows[0].tag, "tagA");
  EXPECT_EQ(rows[0].key.size(), 32U);
}

TEST_F(ProducerWithOneBroker, AVectorOf100000ArrivesOnceAndInOrderOverAllQueues) {
  cluster().create_topic("vector", 4);
  const auto producer = Producer::start(config_for(cluster()));
  const auto texts = numbered(100'000, 20);
  producer->send("vector", "", views(texts));
  const auto rows = read_topic(cluster().name_servers(), "vector", texts.size());
  EXPECT_EQ(rows.size(), texts.size());
  std::set<std::string> bodies;
  std::set<std::string> keys;
  std::set<std::string> queues;
  for (const auto& row : rows) {
    bodies.insert(row.body);
    keys.insert(row.key);
    queues.insert(row.queue);
  }
  EXPECT_EQ(bodies.size(), texts.size());
  EXPECT_EQ(keys.size(), texts.size());
  EXPECT_EQ(queues.size(), 4U);
  expect_order_within_queues(rows);
}

TEST_F(ProducerWithOneBroker, LongBodiesAreStoredCompressed) {
  cluster().create_topic("compressed", 1);
  const auto producer = Producer::start(config_for(cluster()));
  std::vector<std::string> texts{std::string(100'000, 'a'), "short", std::string(5'000, 'b'),
                                 std::string(4'096, 'c')};
  producer->send("compressed", "", views(texts));
  const auto rows = read_topic(cluster().name_servers(), "compressed", texts.size());
  ASSERT_EQ(rows.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(rows[i].body, texts[i]) << i;
    EXPECT_EQ(rows[i].compressed, texts[i].size() > 4096) << i;
  }
}

TEST_F(ProducerWithOneBroker, ATopicIsCreatedByItsFirstMessages) {
  const auto producer = Producer::start(config_for(cluster()));
  const auto texts = numbered(1000, 0);
  producer->send("created_by_sending", "", views(texts));
  const std::string_view one[] = {"1000"};
  producer->send("created_by_sending", "", one);
  EXPECT_EQ(read_topic(cluster().name_servers(), "created_by_sending", 1001).size(), 1001U);
}

TEST_F(ProducerWithOneBroker, ABatchAboveTheBrokersLimitArrives) {
  cluster().create_topic("large", 1);
  auto config = config_for(cluster());
  config.max_message_bytes = 8 << 20;
  config.compress_over_bytes = 16 << 20;
  const auto producer = Producer::start(config);
  const std::vector<std::string> fits{std::string(std::size_t{4} << 20, 'x')};
  producer->send("large", "", views(fits));
  const std::vector<std::string> over{std::string((std::size_t{4} << 20) + 1, 'x')};
  try {
    producer->send("large", "", views(over));
    FAIL() << "the broker took more than its limit";
  } catch (const SendError& error) {
    EXPECT_EQ(error.stored_count(), 0U);
    EXPECT_THAT(error.what(), HasSubstr("said 13"));
  }
}

TEST_F(ProducerWithOneBroker, SendMsgTimeoutEndsEachTryAtAFrozenBroker) {
  cluster().create_topic("frozen", 1);
  auto config = config_for(cluster());
  config.send_timeout_ms = 400;
  config.max_attempts = 3;
  const auto producer = Producer::start(config);
  const auto texts = numbered(3, 0);
  const auto bodies = views(texts);
  producer->send("frozen", "", std::span(bodies).first(1));
  cluster().pause("broker-a");
  const auto begin = std::chrono::steady_clock::now();
  try {
    producer->send("frozen", "", std::span(bodies).subspan(1, 1));
    ADD_FAILURE() << "no error";
  } catch (const SendError& error) {
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 3 * 400ms);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 20s * time_factor)
        << "three tries and the pauses between them";
    ASSERT_EQ(error.ranges().size(), 1U);
    EXPECT_EQ(error.ranges()[0].outcome, SendOutcome::possibly_stored);
    EXPECT_THAT(error.what(), HasSubstr("400 ms"));
    EXPECT_THAT(error.what(), HasSubstr("1 queue tried; possibly stored: [0,1)"));
  }
  cluster().resume("broker-a");
  config.send_timeout_ms = 10'000;
  Producer::start(config)->send("frozen", "", std::span(bodies).subspan(2, 1));
  // The broker goes through what is in its sockets: the tries, all with one key.
  std::set<std::string> keys;
  for (const auto& row : read_topic(cluster().name_servers(), "frozen", 2)) {
    if (row.body == "1") keys.insert(row.key);
  }
  EXPECT_LE(keys.size(), 1U);
}

TEST_F(ProducerWithOneBroker, EverythingAcknowledgedSurvivesAKilledBroker) {
  cluster().create_topic("killed", 4);
  const auto producer = Producer::start(config_for(cluster()));
  std::set<std::string> acknowledged;
  std::atomic<bool> stop{false};
  std::atomic<std::size_t> sent{0};
  auto sending = std::async(std::launch::async, [&] {
    for (int round = 0; !stop; ++round) {
      std::vector<std::string> texts;
      for (int i = 0; i < 200; ++i)
        texts.push_back(std::to_string(round * 200 + i));
      try {
        producer->send("killed", "", views(texts));
        acknowledged.insert(texts.begin(), texts.end());
        sent = acknowledged.size();
      } catch (const SendError& error) {
        for (const auto& range : error.ranges()) {
          if (range.outcome != SendOutcome::stored) continue;
          for (std::size_t i = 0; i < range.count; ++i)
            acknowledged.insert(texts[range.first + i]);
        }
      }
    }
  });
  const auto enough_by = std::chrono::steady_clock::now() + 60s;
  while (sent < 400 && std::chrono::steady_clock::now() < enough_by)
    std::this_thread::sleep_for(10ms);
  cluster().kill("broker-a");
  cluster().restart("broker-a");
  const std::string_view last[] = {"after the restart"};
  EXPECT_NO_THROW(producer->send("killed", "", last));
  stop = true;
  sending.get();
  std::set<std::string> stored;
  for (const auto& row : read_topic(cluster().name_servers(), "killed", acknowledged.size() + 1))
    stored.insert(row.body);
  EXPECT_EQ(stored.count("after the restart"), 1U);
  EXPECT_GT(acknowledged.size(), 200U);
  std::size_t missing = 0;
  for (const auto& body : acknowledged) {
    if (stored.count(body) == 0) ++missing;
  }
  EXPECT_EQ(missing, 0U) << "of " << acknowledged.size();
}

TEST_F(ProducerWithOneBroker, AMissingTopicIsNamedWhereTopicsAreNotCreated) {
  RealBroker strict({.extra = {"--no-auto-create"}});
  const auto producer = Producer::start(config_for(strict));
  const std::string_view one[] = {"x"};
  try {
    producer->send("missing", "", one);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::topic_not_found);
    EXPECT_THAT(error.what(), HasSubstr("topic 'missing' does not exist"));
  }
}

TEST(ProducerWithTwoBrokers, AVectorIsSpreadOverBothAndGoesOnWhenOneIsKilled) {
  RealBroker cluster({.brokers = 2});
  cluster.create_topic("two", 2);
  const auto producer = Producer::start(config_for(cluster));
  const auto first = numbered(20'000, 50);
  producer->send("two", "", views(first));
  const auto rows = read_topic(cluster.name_servers(), "two", first.size());
  std::set<std::string> queues;
  for (const auto& row : rows)
    queues.insert(row.queue);
  EXPECT_EQ(rows.size(), first.size());
  EXPECT_EQ(queues.size(), 4U);
  expect_order_within_queues(rows);

  cluster.kill("broker-a");
  std::vector<std::string> second;
  for (int i = 0; i < 20'000; ++i)
    second.push_back("second " + std::to_string(i) + std::string(50, '.'));
  const auto start = std::chrono::steady_clock::now();
  producer->send("two", "", views(second));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s * time_factor);
  cluster.restart("broker-a");
  std::set<std::string> bodies;
  for (const auto& row : read_topic(cluster.name_servers(), "two", first.size() + second.size()))
    bodies.insert(row.body);
  EXPECT_EQ(bodies.size(), first.size() + second.size());
}

}  // namespace
}  // namespace rocketmq::test
