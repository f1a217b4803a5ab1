// What RocketMQ's own Java client sends, ours receives, and the other way round, byte for byte.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <set>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "integration/client_of.h"
#include "integration/consumer_fixture.h"
#include "rocketmq/consumer.h"
#include "rocketmq/producer.h"
#include "support/java_client.h"
#include "support/real_broker.h"
#include "support/sha256.h"

namespace rocketmq::test {
namespace {

class JavaClient : public testing::Test {
 protected:
  static void SetUpTestSuite() { cluster_ = std::make_unique<RealBroker>(); }
  static void TearDownTestSuite() { cluster_.reset(); }

  void SetUp() override {
    topic_ = std::string("interop_") + testing::UnitTest::GetInstance()->current_test_info()->name();
    cluster_->create_topic(topic_, 4);
  }

  /// Sends with the Java client; gives hash -> message id.
  [[nodiscard]] std::map<std::string, std::string> java_sends(const std::vector<std::string>& options) const {
    std::vector<std::string> arguments{"send", "--namesrv", cluster_->name_servers(), "--topic", topic_};
    arguments.insert(arguments.end(), options.begin(), options.end());
    std::map<std::string, std::string> sent;
    for (const JavaColumns& line : run_java_client(arguments)) {
      if (line.size() >= 3) sent[line[0]] = line[2];
    }
    return sent;
  }

  [[nodiscard]] std::vector<JavaColumns> java_receives(std::size_t count,
                                                       const std::string& tags = "*") const {
    return run_java_client({"receive", "--namesrv", cluster_->name_servers(), "--topic", topic_, "--group",
                            topic_ + "_java", "--tag", tags, "--count", std::to_string(count), "--timeout-s",
                            "60", "--from", "first"});
  }

  [[nodiscard]] ConsumerConfig our_consumer() const {
    ConsumerConfig config;
    config.client = client_of(*cluster_);
    config.group = topic_ + "_ours";
    config.subscriptions = {{topic_}};
    config.consume_from_where = ConsumeFromWhere::first_offset;
    return config;
  }

  [[nodiscard]] std::vector<Received> we_receive(std::size_t count) const {
    const auto consumer = Consumer::start(our_consumer());
    return receive(*consumer, count, seconds(30));
  }

  void we_send(const std::vector<std::string>& bodies, std::string_view tag, int compress_over = 4096) const {
    ProducerConfig config;
    config.client = client_of(*cluster_);
    config.group = "interop_producer";
    config.compress_over_bytes = compress_over;
    const auto producer = Producer::start(std::move(config));
    const std::vector<std::string_view> views(bodies.begin(), bodies.end());
    producer->send(topic_, tag, views);
  }

  void expect_we_receive(const std::map<std::string, std::string>& sent, const std::string& tag) const {
    ASSERT_FALSE(sent.empty());
    std::map<std::string, std::string> received;
    for (const Received& message : we_receive(sent.size())) {
      received[sha256_hex(message.body)] = message.message_id;
      EXPECT_EQ(message.tag, tag);
    }
    EXPECT_EQ(received, sent);
  }

  static std::unique_ptr<RealBroker> cluster_;
  std::string topic_;
};

std::unique_ptr<RealBroker> JavaClient::cluster_;

TEST_F(JavaClient, PlainTaggedAndKeyedMessagesArriveHere) {
  expect_we_receive(java_sends({"--tag", "tagJ", "--key", "k1 k2", "--count", "20"}), "tagJ");
}

TEST_F(JavaClient, BinaryBodiesArriveHere) {
  expect_we_receive(java_sends({"--binary", "--count", "10", "--size", "700"}), "");
}

TEST_F(JavaClient, ABatchArrivesHere) {
  expect_we_receive(java_sends({"--batch", "--tag", "b", "--count", "50"}), "b");
}

class JavaCompression : public JavaClient, public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    topic_ = std::string("interop_compressed_") + GetParam();
    cluster_->create_topic(topic_, 4);
  }
};

TEST_P(JavaCompression, ArrivesHere) {
  expect_we_receive(java_sends({"--compress", GetParam(), "--count", "10", "--size", "20000"}), "");
}

INSTANTIATE_TEST_SUITE_P(AllThree, JavaCompression, testing::Values("zlib", "lz4", "zstd"),
                         [](const auto& instance) { return std::string(instance.param); });

TEST_F(JavaClient, ReceivesOurSingleMessagesBatchesAndCompressedBodies) {
  std::vector<std::string> bodies;
  std::string all_bytes(256, '\0');
  std::iota(all_bytes.begin(), all_bytes.end(), '\0');
  bodies.push_back(all_bytes);
  for (int i = 0; i < 100; ++i)
    bodies.push_back("ours-" + std::to_string(i));
  for (int i = 0; i < 10; ++i)
    bodies.push_back(std::to_string(i) + std::string(9000, 'z'));
  we_send({"one alone"}, "tagC");
  we_send(bodies, "tagC");
  bodies.emplace_back("one alone");

  std::map<std::string, std::size_t> expected;
  for (const auto& body : bodies)
    expected[sha256_hex(body)] = body.size();
  std::map<std::string, std::size_t> received;
  std::size_t compressed = 0;
  for (const JavaColumns& line : java_receives(bodies.size(), "tagC")) {
    ASSERT_GE(line.size(), 14U);
    received[line[0]] = std::stoul(line[1]);
    EXPECT_EQ(line[2], "tagC");
    if (std::stoul(line[8]) < std::stoul(line[1])) ++compressed;
  }
  EXPECT_EQ(received, expected);
  EXPECT_EQ(compressed, 10U) << "the ten long bodies are stored compressed, and no other";
}

TEST_F(JavaClient, FiltersOurMessagesByTag) {
  we_send({"wanted 1", "wanted 2"}, "wanted");
  we_send({"other"}, "other");
  we_send({"wanted 3"}, "wanted");
  std::map<std::string, std::size_t> received;
  for (const JavaColumns& line : java_receives(3, "wanted"))
    received[line.at(0)] = 1;
  EXPECT_EQ(received,
            (std::map<std::string, std::size_t>{
                {sha256_hex("wanted 1"), 1}, {sha256_hex("wanted 2"), 1}, {sha256_hex("wanted 3"), 1}}));
}

TEST_F(JavaClient, PutsOrderKeysIntoTheSameQueuesAndReadsOurProperties) {
  constexpr std::size_t count = 40;
  (void)run_java_client({"send", "--namesrv", cluster_->name_servers(), "--topic", topic_, "--count",
                         std::to_string(count), "--prefix", "java ", "--order-key", "order "});
  std::vector<std::string> bodies;
  std::vector<std::string> texts;
  std::vector<std::string> user;
  for (std::size_t i = 0; i < count; ++i) {
    bodies.push_back("ours " + std::to_string(i));
    texts.push_back("order " + std::to_string(i));
    append_user_property(user.emplace_back(), "desk", "desk " + std::to_string(i));
  }
  std::vector<OrderKey> order;
  for (const std::string& text : texts)
    order.push_back(order_key(text));
  const std::vector<std::string_view> keys(texts.begin(), texts.end());
  const std::vector<std::string_view> properties(user.begin(), user.end());
  const std::string_view tag = "tagA";
  const std::vector<std::string_view> views(bodies.begin(), bodies.end());
  ProducerConfig config;
  config.client = client_of(*cluster_);
  config.group = "interop_producer";
  Producer::start(std::move(config))
      ->send(
          topic_,
          {.bodies = views, .tags = {&tag, 1}, .keys = keys, .order_keys = order, .properties = properties});
  std::map<std::string, JavaColumns> received;
  for (const JavaColumns& line : java_receives(2 * count, "*"))
    received[line.at(0)] = line;
  for (std::size_t i = 0; i < count; ++i) {
    const JavaColumns& theirs = received[sha256_hex("java " + std::to_string(i))];
    const JavaColumns& ours = received[sha256_hex(bodies[i])];
    ASSERT_GT(theirs.size(), 4U);
    ASSERT_GT(ours.size(), 4U);
    EXPECT_EQ(ours[4], theirs[4]) << "the queue of " << texts[i];
    EXPECT_EQ(ours[2], "tagA");
    // Java parts keys at blanks, and shows them as they are stored.
    EXPECT_EQ(ours[3], texts[i]);
    for (const std::string& property :
         {"__SHARDINGKEY=" + texts[i], "desk=desk " + std::to_string(i), std::string("WAIT=true")})
      EXPECT_NE(std::find(ours.begin(), ours.end(), property), ours.end()) << property;
  }
}

// It comes and goes while messages are sent; the broker divides the queues of each topic.
TEST_F(JavaClient, SharesSeveralTopicsWithUsInOneGroup) {
  const std::string second = topic_ + "_second";
  cluster_->create_topic(second, 4);
  ConsumerConfig config = our_consumer();
  config.group = topic_ + "_shared";
  config.subscriptions = {{topic_, "both"}, {second, "both"}};
  std::mutex mutex;
  std::vector<std::string> notices;
  config.on_notice = [&](const ConsumerNotice& notice) {
    const std::lock_guard lock(mutex);
    notices.push_back(notice.text);
  };
  RunningConsumer ours(std::move(config));
  auto java = std::async(std::launch::async, [&] {
    return run_java_client({"receive", "--namesrv", cluster_->name_servers(), "--topic",
                            topic_ + "," + second, "--group", topic_ + "_shared", "--tag", "both", "--count",
                            "100", "--timeout-s", "60", "--from", "first"});
  });
  ProducerConfig sender;
  sender.client = client_of(*cluster_);
  sender.group = "interop_producer";
  const auto producer = Producer::start(std::move(sender));
  std::set<std::string> sent;
  while (java.wait_for(milliseconds(20)) != std::future_status::ready) {
    for (const std::string& topic : {topic_, second}) {
      const std::string body = topic + " " + std::to_string(sent.size());
      producer->send(topic, "both", std::vector<std::string_view>{body});
      sent.insert(sha256_hex(body));
    }
  }
  std::map<std::string, std::set<std::string>> by_java;
  for (const JavaColumns& line : java.get())
    by_java[line.at(9)].insert(line.at(0));
  EXPECT_FALSE(by_java[topic_].empty());
  EXPECT_FALSE(by_java[second].empty());
  std::set<std::string> received;
  EXPECT_TRUE(eventually([&] {
    received = by_java[topic_];
    received.insert(by_java[second].begin(), by_java[second].end());
    for (const Received& message : ours.all())
      received.insert(sha256_hex(message.body));
    return received == sent;
  })) << received.size()
      << " of " << sent.size() << " messages arrived; here " << ours.all().size() << ", at the Java client "
      << by_java[topic_].size() << " and " << by_java[second].size();
  const std::lock_guard lock(mutex);
  EXPECT_THAT(notices, testing::IsEmpty()) << "both want the same";
}

// Both have received everything and wait when we move the group back to the first message.
TEST_F(JavaClient, FollowsASeekOfOurs) {
  constexpr std::size_t messages = 80;
  ConsumerConfig config = our_consumer();
  config.group = topic_ + "_shared";
  RunningConsumer ours(std::move(config));
  const auto own_queues = [&] {
    const auto topics = ours.consumer().status().topics;
    return topics.empty() ? 0U : topics[0].own_queues;
  };
  // It ends once its two queues have come twice.
  auto java = std::async(std::launch::async, [&] {
    return run_java_client({"receive", "--namesrv", cluster_->name_servers(), "--topic", topic_, "--group",
                            topic_ + "_shared", "--count", std::to_string(messages), "--timeout-s", "240",
                            "--from", "first"});
  });
  ASSERT_TRUE(eventually([&] { return own_queues() == 2; })) << "the Java client has joined";
  ProducerConfig sender;
  sender.client = client_of(*cluster_);
  sender.group = "interop_producer";
  const auto producer = Producer::start(std::move(sender));
  for (std::size_t i = 0; i < messages; ++i) {
    const std::string body = "m" + std::to_string(i);
    const std::string_view view = body;
    producer->send(topic_, "", std::span(&view, 1));
  }
  ASSERT_TRUE(eventually([&] { return ours.count() == messages / 2; }));
  std::string progress;
  const auto java_has_its_half = [&] {
    try {
      progress = cluster_->admin({"consumerProgress", "-g", topic_ + "_shared"});
    } catch (const std::runtime_error& error) {
      progress = error.what();  // It waits 3 s for each answer; a busy machine may take longer.
    }
    return progress.find("Diff Total: 0") != std::string::npos;
  };
  // The Java client stores its progress for the first time 10 s after its start, then each 5 s.
  ASSERT_TRUE(eventually(java_has_its_half)) << progress;
  const auto moved = ours.consumer().seek({.kind = SeekTarget::Kind::first}, seconds(20));
  ASSERT_EQ(moved.size(), 4U);
  for (const SeekResult& queue : moved) {
    EXPECT_EQ(queue.old_offset, messages / 4);
    EXPECT_EQ(queue.new_offset, 0);
  }
  std::map<std::string, int> times;
  for (const JavaColumns& line : java.get())
    ++times[line.at(0)];
  EXPECT_EQ(times.size(), messages / 2);
  for (const auto& [hash, count] : times)
    EXPECT_EQ(count, 2) << hash;
  EXPECT_TRUE(eventually([&] { return ours.count() >= messages; }));
}

}  // namespace
}  // namespace rocketmq::test
