#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <thread>

#include "integration/producer_fixture.h"

namespace rocketmq::test {
namespace {

using testing::HasSubstr;

/// A broker that stores no request of more than 64 KiB.
class ProducerLimits : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    cluster_ = std::make_unique<RealBroker>(RealBroker::Options{.extra = {"--set", "maxMessageSize=65536"}});
  }
  static void TearDownTestSuite() { cluster_.reset(); }
  static inline std::unique_ptr<RealBroker> cluster_;
};

/// Text that can be compressed, but not to nothing.
std::string text_of(std::size_t bytes) {
  std::string text;
  for (int i = 0; text.size() < bytes; ++i)
    text += "symbol=" + std::to_string(i * 7919 % 3001) + ",price=" + std::to_string(i * 104729 % 9973) + ";";
  text.resize(bytes);
  return text;
}

TEST_F(ProducerLimits, BatchesAboveTheBrokersLimitAreSplitAndStoredOnceInOrder) {
  cluster_->create_topic("split", 2);
  ClientLog log;
  auto config = producer_config(*cluster_);
  config.client.log = log.sink();
  const auto producer = Producer::start(config);
  const auto texts = numbered_bodies("v", 5000, 200);
  producer->send("split", "", views_of(texts));
  const auto rows = read_topic(cluster_->name_servers(), "split", texts.size());
  EXPECT_EQ(rows.size(), texts.size());
  EXPECT_EQ(bodies_of(rows).size(), texts.size());
  expect_order_and_keys(rows);
  EXPECT_TRUE(log.has("messages is sent in halves")) << "no batch was too large";
}

TEST_F(ProducerLimits, AMessageAboveTheBrokersLimitFailsInTheBrokersWords) {
  cluster_->create_topic("too_large", 1);
  auto config = producer_config(*cluster_);
  config.compress_over_bytes = 1 << 20;
  const auto producer = Producer::start(config);
  auto texts = numbered_bodies("v", 40, 10);
  texts[20] = "v:20:" + std::string(70'000, 'x');
  try {
    producer->send("too_large", "", views_of(texts));
    ADD_FAILURE() << "the broker took more than its limit";
  } catch (const SendError& error) {
    EXPECT_EQ(error.stored_count(), 20U);
    ASSERT_EQ(error.ranges().size(), 2U);
    EXPECT_EQ(error.ranges()[1].first, 20U);
    EXPECT_EQ(error.ranges()[1].outcome, SendOutcome::not_stored);
    EXPECT_THAT(error.what(), HasSubstr("message 20 is the first that failed"));
    ASSERT_TRUE(error.failure().server.has_value());
    EXPECT_THAT(error.failure().server->code, testing::AnyOf(1, 13));
    EXPECT_FALSE(error.failure().server->remark.empty());
  }
  const auto rows = read_topic(cluster_->name_servers(), "too_large", 20);
  EXPECT_EQ(bodies_of(rows), std::set<std::string>(texts.begin(), texts.begin() + 20));
}

TEST_F(ProducerLimits, LevelAndThresholdOfCompressionDecideWhatIsStored) {
  cluster_->create_topic("compression", 1);
  const std::string body = text_of(50'000);
  std::vector<std::string> sent;
  for (const int level : {1, 4, 9}) {
    auto config = producer_config(*cluster_);
    config.compress_level = level;
    const auto producer = Producer::start(config);
    const std::vector<std::string> texts{body, body, "short"};
    producer->send("compression", "", views_of(texts));
    sent.insert(sent.end(), texts.begin(), texts.end());
  }
  auto config = producer_config(*cluster_);
  config.compress_over_bytes = 100;
  const auto producer = Producer::start(config);
  const std::vector<std::string> texts{text_of(99), text_of(100), text_of(101), text_of(5000), text_of(1)};
  producer->send("compression", "", views_of(texts));
  sent.insert(sent.end(), texts.begin(), texts.end());

  const auto rows = read_topic(cluster_->name_servers(), "compression", sent.size());
  ASSERT_EQ(rows.size(), sent.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].body, sent[i]) << i;
    EXPECT_EQ(rows[i].compressed, sent[i].size() > 100) << i;
  }
  EXPECT_GT(rows[0].stored_bytes, rows[3].stored_bytes) << "level 1 and level 4";
  EXPECT_GT(rows[3].stored_bytes, rows[6].stored_bytes) << "level 4 and level 9";
}

TEST_F(ProducerLimits, AMessageAboveMaxMessageSizeIsRefusedBeforeAnythingIsSent) {
  cluster_->create_topic("max_message_size", 1);
  auto config = producer_config(*cluster_);
  config.max_message_bytes = 10'000;
  const auto producer = Producer::start(config);
  const std::string fits(10'000, 'a');
  const std::string longer(10'001, 'a');
  const std::string_view bodies[] = {fits, fits, longer};
  try {
    producer->send("max_message_size", "", bodies);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::message_too_large);
    EXPECT_STREQ(error.what(), "message 2 has 10001 bytes, more than the limit of 10000; nothing was sent");
  }
  EXPECT_TRUE(read_topic(cluster_->name_servers(), "max_message_size").empty());
  producer->send("max_message_size", "", std::span(bodies).first(2));
  EXPECT_EQ(read_topic(cluster_->name_servers(), "max_message_size", 2).size(), 2U);
}

TEST_F(ProducerLimits, AnIncompressibleMessageAtTheBrokersLimitIsStored) {
  cluster_->create_topic("noise", 1);
  std::mt19937 random(1);
  // Older versions count what they store beside the body, too.
  std::string noise(RealBroker::is_at_least(5, 0) ? 65'536 : 65'000, '\0');
  for (char& c : noise)
    c = static_cast<char>(random());
  const auto producer = Producer::start(producer_config(*cluster_));
  const std::vector<std::string> texts{noise, text_of(20'000), noise};
  producer->send("noise", "", views_of(texts));
  const auto rows = read_topic(cluster_->name_servers(), "noise", 3);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_TRUE(rows[0].body == noise && rows[2].body == noise);
  EXPECT_FALSE(rows[0].compressed);
}

TEST_F(ProducerLimits, AVectorToARetryTopicIsStoredOnceInOrder) {
  cluster_->create_topic("%RETRY%someGroup", 1);
  const auto producer = Producer::start(producer_config(*cluster_));
  const auto texts = numbered_bodies("v", 100, 20);
  producer->send("%RETRY%someGroup", "tagA", views_of(texts));
  const auto rows = read_topic(cluster_->name_servers(), "%RETRY%someGroup", texts.size());
  ASSERT_EQ(rows.size(), texts.size());
  expect_order_and_keys(rows);
  EXPECT_EQ(bodies_of(rows).size(), texts.size());
  EXPECT_EQ(rows[0].tag, "tagA");
}

TEST_F(ProducerLimits, EveryThreadsOrderHoldsOnOneProducerAndOnSeveral) {
  cluster_->create_topic("threads", 4);
  const auto shared = Producer::start(producer_config(*cluster_));
  std::vector<std::thread> threads;
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&, t] {
      const auto own = t < 3 ? nullptr : Producer::start(producer_config(*cluster_));
      auto& producer = own ? *own : *shared;
      const auto texts = numbered_bodies(std::to_string(t), 6000, 50);
      // Vectors one after another: within a queue the later one comes after the earlier one.
      const auto all = views_of(texts);
      for (std::size_t first = 0; first < all.size(); first += 1000)
        EXPECT_NO_THROW(producer.send("threads", "", std::span(all).subspan(first, 1000)));
    });
  }
  for (auto& thread : threads)
    thread.join();
  const auto rows = read_topic(cluster_->name_servers(), "threads", 36'000);
  EXPECT_EQ(rows.size(), 36'000U);
  EXPECT_EQ(bodies_of(rows).size(), 36'000U);
  expect_order_and_keys(rows);
}

}  // namespace
}  // namespace rocketmq::test
