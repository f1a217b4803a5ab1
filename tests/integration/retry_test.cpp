// Failed messages: delivered again, through another broker where theirs is down, and at last dead letters.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "integration/client_of.h"
#include "integration/consumer_fixture.h"
#include "integration/topic_reader.h"
#include "support/java_client.h"

namespace rocketmq::test {
namespace {

const std::vector<std::string> short_delays{"--set", "messageDelayLevel=1s 1s 1s 1s 1s 1s"};

class RetryFixture : public testing::Test {
 protected:
  static std::string name(const std::string& what) {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    return std::string(info->name()) + "_" + what;
  }

  static ConsumerConfig config(const RealBroker& cluster, const std::string& topic, const std::string& group,
                               std::optional<int> retries) {
    ConsumerConfig config;
    config.client = client_of(cluster);
    config.group = group;
    config.subscriptions = {{topic}};
    config.consume_from_where = ConsumeFromWhere::first_offset;
    config.max_reconsume_times = retries;
    return config;
  }

  /// One by one, so that every queue gets some.
  static void send_each(const RealBroker& cluster, const std::string& topic, int count) {
    ProducerConfig producer_config;
    producer_config.client = client_of(cluster);
    producer_config.group = "sender";
    const auto producer = Producer::start(std::move(producer_config));
    for (int i = 0; i < count; ++i) {
      const std::string body = "m" + std::to_string(i);
      producer->send(topic, "tagged", std::vector<std::string_view>{body});
    }
  }

  /// Rejects everything until `count` deliveries came; gives them.
  static std::vector<Received> fail_all(Consumer& consumer, std::size_t count) {
    std::vector<Received> all;
    // A retry topic's queue at another broker is known after 30 s at the latest.
    const auto deadline = steady_clock::now() + seconds(120) * time_factor;
    while (all.size() < count && steady_clock::now() < deadline) {
      Delivery delivery = consumer.poll(limits_until(milliseconds(500)));
      const auto rows = copy_of(delivery);
      all.insert(all.end(), rows.begin(), rows.end());
      std::vector<std::size_t> indexes;
      for (std::size_t i = 0; i < rows.size(); ++i)
        indexes.push_back(i);
      delivery.reject(indexes);
      delivery.acknowledge();
    }
    return all;
  }
};

class Retry : public RetryFixture {
 protected:
  static void SetUpTestSuite() {
    cluster_ = std::make_unique<RealBroker>(RealBroker::Options{.brokers = 2, .extra = short_delays});
  }
  static void TearDownTestSuite() { cluster_.reset(); }
  static RealBroker& cluster() { return *cluster_; }

  /// Takes until a message of `broker` is held; everything else is acknowledged.
  static Delivery hold_one_of(Consumer& consumer, const std::string& broker, std::vector<std::size_t>& held) {
    const auto deadline = steady_clock::now() + seconds(30);
    while (steady_clock::now() < deadline) {
      Delivery delivery = consumer.poll(limits_until(milliseconds(500)));
      held.clear();
      for (std::size_t i = 0; i < delivery.size(); ++i) {
        if (delivery[i].broker_name == broker) held.push_back(i);
      }
      if (!held.empty()) return delivery;
      delivery.acknowledge();
    }
    ADD_FAILURE() << "no message of " << broker;
    return {};
  }

 private:
  static inline std::unique_ptr<RealBroker> cluster_;
};

TEST_F(Retry, AMessageThatNoBrokerTakesBackIsHandedOutAgainHereAndThenGivenUp) {
  const std::string topic = name("t");
  const std::string group = name("g");
  cluster().create_topic(topic, 1);
  {
    ProducerConfig producer_config;
    producer_config.client = client_of(cluster());
    producer_config.group = "sender";
    const auto producer = Producer::start(std::move(producer_config));
    // Its properties can just be stored; with those of a retry they are too long.
    const std::string tag(32'600, 'x');
    producer->send(topic, tag, std::vector<std::string_view>{"poison"});
    producer->send(topic, "tagged", std::vector<std::string_view>{"good"});
  }
  std::mutex mutex;
  std::vector<ConsumerNotice> notices;
  ConsumerConfig settings = config(cluster(), topic, group, 2);
  settings.on_notice = [&](const ConsumerNotice& notice) {
    const std::lock_guard lock(mutex);
    notices.push_back(notice);
  };
  std::map<std::string, int> deliveries;
  {
    const auto consumer = Consumer::start(settings);
    const auto deadline = steady_clock::now() + seconds(60);
    while (steady_clock::now() < deadline) {
      Delivery delivery = consumer->poll(limits_until(milliseconds(200)));
      std::vector<std::size_t> poison;
      const auto rows = copy_of(delivery);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        ++deliveries[rows[i].body];
        if (rows[i].body == "poison") poison.push_back(i);
      }
      delivery.reject(poison);
      delivery.acknowledge();
      const std::lock_guard lock(mutex);
      if (!notices.empty()) break;
    }
    const std::lock_guard lock(mutex);
    ASSERT_EQ(notices.size(), 1U);
    EXPECT_EQ(notices[0].given_up, 1);
    EXPECT_THAT(notices[0].text, testing::HasSubstr("offset 0 of " + topic));
    EXPECT_THAT(notices[0].text, testing::HasSubstr("the handler failed on it 3 times"));
    EXPECT_EQ(deliveries, (std::map<std::string, int>{{"poison", 3}, {"good", 1}}));
  }
  // The group's progress is behind both of them.
  const auto consumer = Consumer::start(settings);
  EXPECT_TRUE(receive(*consumer, 1, seconds(3)).empty());
}

TEST_F(Retry, AFailedMessageWhoseBrokerIsDownIsDeliveredAgainThroughAnother) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 2);
  const auto consumer = Consumer::start(config(cluster(), topic, name("g"), 3));
  send_each(cluster(), topic, 8);
  std::vector<std::size_t> held;
  Delivery delivery = hold_one_of(*consumer, "broker-b", held);
  ASSERT_FALSE(held.empty());
  const auto failed = copy_of(delivery);
  std::set<std::string> expected;
  for (const std::size_t index : held)
    expected.insert(failed[index].body);

  cluster().kill("broker-b");
  delivery.reject(held);
  delivery.acknowledge();
  std::map<std::string, Received> again;
  EXPECT_TRUE(eventually(
      [&] {
        for (const Received& message : receive(*consumer, 1, milliseconds(500))) {
          if (message.reconsume_times > 0) again.emplace(message.body, message);
        }
        return again.size() >= expected.size();
      },
      seconds(60)));
  cluster().restart("broker-b");
  for (const auto& [body, message] : again) {
    EXPECT_TRUE(expected.contains(body)) << body;
    EXPECT_EQ(message.topic, topic);
    EXPECT_EQ(message.reconsume_times, 1);
    EXPECT_TRUE(message.queue.starts_with("broker-a")) << message.queue;
  }
}

TEST_F(Retry, AMessageIsDeliveredOnceMoreThanItsRetriesAndThenLeftAlone) {
  const std::string topic = name("t");
  const std::string group = name("g");
  cluster().create_topic(topic, 1);
  send_each(cluster(), topic, 1);
  const auto consumer = Consumer::start(config(cluster(), topic, group, 2));
  const auto deliveries = fail_all(*consumer, 3);
  ASSERT_EQ(deliveries.size(), 3U);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(deliveries[static_cast<std::size_t>(i)].reconsume_times, i);
  EXPECT_TRUE(receive(*consumer, 1, seconds(2)).empty());
  EXPECT_TRUE(eventually([&] {
    try {
      return read_topic(cluster().name_servers(), "%DLQ%" + group).size() == 1;
    } catch (const std::exception&) {
      return false;
    }
  }));
}

TEST_F(Retry, AMemberWithoutRetriesTakesWhatOthersSentBack) {
  const std::string topic = name("t");
  const std::string group = name("g");
  cluster().create_topic(topic, 1);
  send_each(cluster(), topic, 1);
  {
    const auto failing = Consumer::start(config(cluster(), topic, group, 5));
    ASSERT_EQ(fail_all(*failing, 1).size(), 1U);
    failing->close(seconds(5));
  }
  const auto other = Consumer::start(config(cluster(), topic, group, std::nullopt));
  const auto got = receive(*other, 1, seconds(60));
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].body, "m0");
  EXPECT_EQ(got[0].reconsume_times, 1);
  EXPECT_EQ(got[0].topic, topic);
}

class RetryFull : public RetryFixture {};

TEST_F(RetryFull, DeadLettersAreWhatTheJavaClientWouldLeave) {
  RealBroker cluster({.extra = short_delays});
  std::map<std::string, StoredRow> letters;
  for (const std::string who : {"ours", "java"}) {
    const std::string topic = name(who);
    const std::string group = name("g_" + who);
    cluster.create_topic(topic, 1);
    (void)run_java_client({"send", "--namesrv", cluster.name_servers(), "--topic", topic, "--tag", "tagged",
                           "--key", "k", "--index-property", "a"});
    std::vector<std::string> times;
    if (who == "ours") {
      const auto consumer = Consumer::start(config(cluster, topic, group, 1));
      for (const Received& delivery : fail_all(*consumer, 2))
        times.push_back(std::to_string(delivery.reconsume_times));
      consumer->close(seconds(5));
    } else {
      for (const JavaColumns& line : run_java_client(
               {"receive", "--namesrv", cluster.name_servers(), "--topic", topic, "--group", group, "--count",
                "2", "--timeout-s", "180", "--from", "first", "--fail-with-retries", "1"}))
        times.push_back(line.at(7));
    }
    EXPECT_EQ(times, (std::vector<std::string>{"0", "1"})) << who;
    std::vector<StoredRow> rows;
    ASSERT_TRUE(eventually([&] {
      try {
        rows = read_topic(cluster.name_servers(), "%DLQ%" + group);
      } catch (const std::exception&) {
        return false;  // There is none yet.
      }
      return !rows.empty();
    })) << who;
    ASSERT_EQ(rows.size(), 1U) << who;
    letters[who] = rows[0];
  }
  const StoredRow& ours = letters["ours"];
  const StoredRow& java = letters["java"];
  EXPECT_EQ(ours.body, java.body);
  EXPECT_EQ(ours.tag, "tagged");
  EXPECT_EQ(ours.reconsume_times, java.reconsume_times);
  EXPECT_EQ(ours.properties.at("a"), "0");
  EXPECT_EQ(ours.properties.at("RETRY_TOPIC"), name("ours"));
  std::vector<std::string> our_names;
  std::vector<std::string> java_names;
  for (const auto& [key, value] : ours.properties)
    our_names.push_back(key);
  for (const auto& [key, value] : java.properties)
    java_names.push_back(key);
  EXPECT_EQ(our_names, java_names);
}

TEST_F(RetryFull, WhileNoBrokerCanTakeItAFailedMessageIsKeptAndSentBackLater) {
  RealBroker cluster({.brokers = 1, .extra = short_delays});
  const std::string topic = "t";
  cluster.create_topic(topic, 1);
  send_each(cluster, topic, 1);
  const auto consumer = Consumer::start(config(cluster, topic, "g", 3));
  Delivery delivery = consumer->poll(limits_until(seconds(20)));
  ASSERT_EQ(delivery.size(), 1U);
  cluster.kill("broker-a");
  const std::vector<std::size_t> all{0};
  delivery.reject(all);
  delivery.acknowledge();
  EXPECT_TRUE(receive(*consumer, 1, seconds(5)).empty());
  cluster.restart("broker-a");
  const auto got = receive(*consumer, 1, seconds(60));
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].body, "m0");
  EXPECT_EQ(got[0].reconsume_times, 1) << "it was sent back, not only received once more";
}

TEST_F(RetryFull, AFailedMessageThatCouldNotBeSentBackComesAgainAfterARestartOfItsConsumer) {
  RealBroker cluster({.brokers = 1, .extra = short_delays});
  const std::string topic = "t";
  cluster.create_topic(topic, 1);
  send_each(cluster, topic, 1);
  {
    const auto consumer = Consumer::start(config(cluster, topic, "g", 3));
    Delivery delivery = consumer->poll(limits_until(seconds(20)));
    ASSERT_EQ(delivery.size(), 1U);
    cluster.kill("broker-a");
    const std::vector<std::size_t> all{0};
    delivery.reject(all);
    delivery.acknowledge();
    consumer->close(seconds(3));
  }
  cluster.restart("broker-a");
  const auto consumer = Consumer::start(config(cluster, topic, "g", 3));
  const auto got = receive(*consumer, 1, seconds(60));
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].body, "m0");
}

}  // namespace
}  // namespace rocketmq::test
