#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "support/sanitizer_cost.h"
#include "unit/client/fake_cluster.h"

namespace rocketmq {
namespace {

using namespace std::chrono_literals;
using test::Action;
using test::FakeCluster;
using test::FakeRequest;
using test::messages_of;
using test::send_one;
using testing::HasSubstr;

std::unique_ptr<SendError> failing_send(Producer& producer, const std::vector<std::string>& texts) {
  const std::vector<std::string_view> bodies(texts.begin(), texts.end());
  try {
    producer.send("t", "", bodies);
  } catch (const SendError& error) {
    return std::make_unique<SendError>(error);
  }
  ADD_FAILURE() << "the send did not fail";
  return std::make_unique<SendError>(Failure{}, std::vector<SendRange>{});
}

/// Bodies that make a request each: they are long, and are not compressed.
ProducerConfig one_message_a_request(ProducerConfig config) {
  config.compress_over_bytes = 1 << 20;
  config.max_message_bytes = 1 << 20;
  return config;
}
constexpr std::size_t long_body = 200'000;

TEST(ProducerRetries, RetryTimesIsTheNumberOfAllTries) {
  for (const int times : {1, 2, 4}) {
    FakeCluster cluster;
    cluster.broker().on(310, [](const FakeRequest&) { return Action::reply(2, {}, "[OVERLOAD]busy"); });
    auto config = cluster.producer_config();
    config.max_attempts = times;
    const auto producer = Producer::start(config);
    const auto error = failing_send(*producer, {"x"});
    EXPECT_EQ(cluster.broker().received(310).size(), static_cast<std::size_t>(times));
    ASSERT_EQ(error->ranges().size(), 1U);
    EXPECT_EQ(error->ranges()[0].outcome, SendOutcome::not_stored) << "a busy broker stores nothing";
    EXPECT_THAT(error->what(), HasSubstr("said 2: [OVERLOAD]busy"));
  }
}

TEST(ProducerRetries, FinalErrorsAreNotTriedAgainAndAreQuoted) {
  const std::vector<std::pair<int, std::string>> refusals{
      {13, "the message is illegal"},
      {29, "request topicConfig.order error"},
      {23, "no such expression"},
      {3, "request type not supported"},
      {15, "the feature is off"},
      {1, "org.apache.rocketmq.acl.common.AclException: No acl config for k"},
      {16, "User:k has no permission to access Topic:t"},
  };
  for (const auto& [code, remark] : refusals) {
    FakeCluster cluster(2, 2);
    for (std::size_t i = 0; i < 2; ++i) {
      cluster.broker(i).on(310, [code = code, remark = remark](const FakeRequest&) {
        return Action::reply(code, {}, remark);
      });
    }
    const auto producer = Producer::start(cluster.producer_config());
    const auto error = failing_send(*producer, {"x"});
    EXPECT_EQ(cluster.broker(0).received(310).size() + cluster.broker(1).received(310).size(), 1U) << code;
    EXPECT_EQ(error->ranges()[0].outcome, SendOutcome::not_stored);
    EXPECT_THAT(error->what(), HasSubstr("said " + std::to_string(code) + ": " + remark));
  }
}

TEST(ProducerRetries, WhatOneBrokerRefusesAnotherOneGetsNext) {
  for (const int code : {1, 2, 14, 17, 215, 501}) {
    FakeCluster cluster(2, 1);
    cluster.broker(0).on(310, [code](const FakeRequest&) { return Action::reply(code, {}, "not now"); });
    const auto producer = Producer::start(cluster.producer_config());
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 4; ++i)
      send_one(*producer, std::to_string(i));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s * test::time_factor);
    std::map<std::string, int> tried;
    for (const auto& request : cluster.broker(0).received(310))
      ++tried[request.body];
    EXPECT_FALSE(tried.empty()) << code;
    for (const auto& [body, times] : tried)
      EXPECT_EQ(times, 1) << code << ": the second try of " << body;
    EXPECT_EQ(cluster.broker(1).received(310).size(), 4U) << code;
  }
}

TEST(ProducerRetries, WhereThereIsNoOtherBrokerTheSameOneGetsItAgain) {
  for (const int code : {1, 2, 14, 17, 215, 501}) {
    FakeCluster cluster;
    std::atomic<int> tries{0};
    cluster.broker().on(310, [&, code](const FakeRequest&) {
      return ++tries < 3 ? Action::reply(code, {}, "not now") : FakeCluster::stored();
    });
    const auto producer = Producer::start(cluster.producer_config());
    send_one(*producer);
    EXPECT_EQ(tries, 3) << code;
  }
}

TEST(ProducerRetries, AWeaklyStoredBatchIsNotSentAgain) {
  for (const int code : {10, 11, 12}) {
    FakeCluster cluster(1, 1);
    cluster.broker().on(320, [code](const FakeRequest&) { return Action::reply(code, {}, "weak"); });
    test::LogLines log;
    auto config = cluster.producer_config();
    config.client.log = log.sink();
    const auto producer = Producer::start(config);
    const std::string_view bodies[] = {"a", "b", "c"};
    EXPECT_NO_THROW(producer->send("t", "", bodies));
    EXPECT_EQ(cluster.broker().received(320).size(), 1U) << code;
    EXPECT_THAT(log.text(), HasSubstr("Stored, so not sent again, but not as safely"));
  }
}

TEST(ProducerRetries, EachTryHasTheWholeSendTimeout) {
  FakeCluster cluster;
  cluster.broker().on(310, [](const FakeRequest&) { return Action::never(); });
  auto config = cluster.producer_config();
  config.send_timeout_ms = 300;
  config.max_attempts = 3;
  const auto producer = Producer::start(config);
  const auto begin = std::chrono::steady_clock::now();
  const auto error = failing_send(*producer, {"x"});
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 900ms);
  EXPECT_TRUE(cluster.broker().wait_received(310, 3));
  EXPECT_EQ(cluster.broker().received(310).size(), 3U);
  EXPECT_THAT(error->what(), HasSubstr("300 ms"));
}

TEST(ProducerRetries, AnErrorTellsTheFateOfEveryRange) {
  FakeCluster cluster(1, 1);
  std::atomic<int> count{0};
  cluster.broker().on(
      310, [&](const FakeRequest&) { return ++count <= 2 ? FakeCluster::stored() : Action::never(); });
  auto config = one_message_a_request(cluster.producer_config());
  config.send_timeout_ms = 1000 * test::time_factor;
  config.max_attempts = 1;
  const auto producer = Producer::start(config);
  const auto error = failing_send(*producer, std::vector<std::string>(6, std::string(long_body, 'x')));
  EXPECT_EQ(error->stored_count(), 2U);
  ASSERT_EQ(error->ranges().size(), 3U);
  EXPECT_EQ(error->ranges()[0].outcome, SendOutcome::stored);
  EXPECT_EQ(error->ranges()[1].first, 2U);
  EXPECT_EQ(error->ranges()[1].count, 1U);
  EXPECT_EQ(error->ranges()[1].outcome, SendOutcome::possibly_stored);
  EXPECT_EQ(error->ranges()[2].first, 3U);
  EXPECT_EQ(error->ranges()[2].count, 3U);
  EXPECT_EQ(error->ranges()[2].outcome, SendOutcome::not_stored);
  EXPECT_THAT(error->what(),
              testing::StartsWith("2 of 6 messages stored; message 2 is the first that failed: "));
  EXPECT_THAT(error->what(), testing::EndsWith("; possibly stored: [2,3); not stored: [3,6)"));
}

TEST(ProducerRetries, AMessageThatIsTooLargeForTheBrokerFailsAloneAfterItsBatchWasSplit) {
  for (const auto& [code, remark] : {std::pair(13, "the message is illegal, maybe msg body too long"),
                                     std::pair(1, "message body size exceeded")}) {
    FakeCluster cluster(1, 1);
    for (const int request_code : {310, 320}) {
      cluster.broker().on(request_code, [code = code, remark = remark](const FakeRequest& request) {
        return request.body.size() > 1000 ? Action::reply(code, {}, remark) : FakeCluster::stored();
      });
    }
    const auto producer = Producer::start(cluster.producer_config());
    std::vector<std::string> texts;
    for (int i = 0; i < 100; ++i)
      texts.push_back(std::to_string(i));
    texts[50] = std::string(2000, 'x');
    const auto error = failing_send(*producer, texts);
    EXPECT_EQ(error->stored_count(), 50U);
    EXPECT_THAT(error->what(), HasSubstr("50 of 100 messages stored; message 50 is the first that failed"));
    EXPECT_THAT(error->what(), HasSubstr("said " + std::to_string(code) + ": " + remark));
    EXPECT_THAT(error->what(), HasSubstr("; not stored: [50,100)"));
    std::vector<std::string> arrived;
    for (const auto& request : cluster.broker().received()) {
      if (request.body.size() > 1000) continue;
      for (const auto& message : messages_of(request))
        arrived.push_back(message.body);
    }
    EXPECT_EQ(arrived, std::vector<std::string>(texts.begin(), texts.begin() + 50));
  }
}

TEST(ProducerRetries, ATopicThatTakesNoBatchesGetsTheMessagesOneByOneInOrder) {
  FakeCluster cluster(1, 1);
  cluster.broker().on(320, [](const FakeRequest&) {
    return Action::reply(13, {}, "batch request does not support this topic");
  });
  test::LogLines log;
  auto config = cluster.producer_config();
  config.client.log = log.sink();
  const auto producer = Producer::start(config);
  const std::vector<std::string> texts{"0", "1", "2", "3", "4", "5", "6"};
  const std::vector<std::string_view> bodies(texts.begin(), texts.end());
  producer->send("t", "tag", bodies);
  std::vector<std::string> stored;
  for (const auto& request : cluster.broker().received(310)) {
    wire::SendMessageRequest header;
    ASSERT_EQ(wire::decode_fields(request.header, header), Errc::ok);
    EXPECT_FALSE(header.batch);
    EXPECT_EQ(wire::find_property(header.properties, "TAGS"), "tag");
    EXPECT_TRUE(wire::find_property(header.properties, "UNIQ_KEY").has_value());
    stored.push_back(request.body);
  }
  EXPECT_EQ(stored, texts);
  for (const auto& request : cluster.broker().received(320))
    EXPECT_GT(messages_of(request).size(), 1U) << "a batch of one";
  const std::string lines = log.text();
  const auto first = lines.find("is sent in halves");
  EXPECT_NE(first, std::string::npos);
  EXPECT_EQ(lines.find("is sent in halves", first + 1), std::string::npos) << lines;
}

TEST(ProducerRetries, ARetryTopicGetsNoBatchesAtAll) {
  FakeCluster cluster(1, 1);
  const auto producer = Producer::start(cluster.producer_config());
  const std::vector<std::string> texts{"0", "1", "2"};
  const std::vector<std::string_view> bodies(texts.begin(), texts.end());
  producer->send("%RETRY%group", "", bodies);
  std::vector<std::string> stored;
  for (const auto& request : cluster.broker().received(310))
    stored.push_back(request.body);
  EXPECT_EQ(stored, texts);
  EXPECT_TRUE(cluster.broker().received(320).empty());
}

TEST(ProducerRetries, APartOfABatchWhoseAnswerGotLostIsPossiblyStoredHoweverOftenItIsSplit) {
  FakeCluster cluster(1, 1);
  std::atomic<int> tries{0};
  for (const int code : {310, 320}) {
    // Stores all, and its answer is lost; refuses from then on.
    cluster.broker().on(code, [&tries](const FakeRequest&) {
      return ++tries == 1 ? Action::close() : Action::reply(13, {}, "the message is illegal");
    });
  }
  const auto producer = Producer::start(cluster.producer_config());
  const auto error = failing_send(*producer, {"0", "1", "2", "3"});
  EXPECT_EQ(tries, 4) << "4 messages twice, 2 and 1";
  ASSERT_EQ(error->ranges().size(), 1U) << error->what();
  EXPECT_EQ(error->ranges()[0].first, 0U);
  EXPECT_EQ(error->ranges()[0].count, 4U);
  EXPECT_EQ(error->ranges()[0].outcome, SendOutcome::possibly_stored);
  EXPECT_THAT(error->ranges()[0].failure.message, HasSubstr("MESSAGE_ILLEGAL"));
}

TEST(ProducerRetries, MaxMessageSizeCountsBytesBeforeCompression) {
  FakeCluster cluster;
  const auto producer = Producer::start(cluster.producer_config());
  send_one(*producer, std::string(133'632, 'a'));
  EXPECT_LT(cluster.broker().received(310).at(0).body.size(), 10'000U) << "it travels compressed";
  const std::string longer(133'633, 'a');
  const std::string_view bodies[] = {"fits", longer};
  try {
    producer->send("t", "", bodies);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::message_too_large);
    EXPECT_STREQ(error.what(), "message 1 has 133633 bytes, more than the limit of 133632; nothing was sent");
  }
  EXPECT_EQ(cluster.broker().received(310).size(), 1U);
  EXPECT_TRUE(cluster.broker().received(320).empty());
}

TEST(ProducerRetries, AnIncompressibleMessageAtTheBrokersLimitIsNotMadeLonger) {
  constexpr std::size_t limit = 20'000;
  FakeCluster cluster(1, 1);
  for (const int code : {310, 320}) {
    cluster.broker().on(code, [](const FakeRequest& request) {
      for (const auto& message : messages_of(request)) {
        if (message.body.size() > limit) return Action::reply(13, {}, "the message is illegal");
      }
      return FakeCluster::stored();
    });
  }
  std::mt19937 random(1);
  std::string noise(limit, '\0');
  for (char& c : noise)
    c = static_cast<char>(random());
  const auto producer = Producer::start(cluster.producer_config());
  EXPECT_NO_THROW(send_one(*producer, noise));
  const std::string text(limit, 'x');
  const std::string_view bodies[] = {text, noise, text};
  EXPECT_NO_THROW(producer->send("t", "", bodies));
  EXPECT_EQ(cluster.broker().received(310).at(0).body, noise);
  EXPECT_EQ(messages_of(cluster.broker().received(320).at(0)).at(1).body, noise);
}

TEST(ProducerRetries, ABusyBrokerGetsFewerRequestsAtOnceUntilItKeepsUp) {
  constexpr int senders = 16;
  FakeCluster cluster(1, senders);
  auto& broker = cluster.broker();
  broker.on(310, [](const FakeRequest&) { return Action::never(); });
  // Small ones would travel together.
  auto config = one_message_a_request(cluster.producer_config());
  config.send_timeout_ms = 60'000;
  const auto producer = Producer::start(config);
  std::vector<std::thread> threads;
  for (int i = 0; i < senders; ++i)
    threads.emplace_back([&] { EXPECT_NO_THROW(send_one(*producer, std::string(long_body, 'x'))); });
  const auto answer = [&](std::size_t from, std::size_t to, const Action& action) {
    const auto requests = broker.received(310);
    for (std::size_t i = from; i < to; ++i)
      broker.perform(requests[i], action);
  };
  EXPECT_TRUE(broker.wait_received(310, 16)) << "a broker that is not busy gets all at once";
  answer(0, 16, Action::reply(2, {}, "[TIMEOUT_CLEAN_QUEUE]broker busy"));
  EXPECT_TRUE(broker.wait_received(310, 24));
  EXPECT_FALSE(broker.wait_received(310, 25, 500ms)) << "half of them, and no more until an answer comes";
  answer(16, 24, Action::reply(2, {}, "[TIMEOUT_CLEAN_QUEUE]broker busy"));
  EXPECT_TRUE(broker.wait_received(310, 28));
  EXPECT_FALSE(broker.wait_received(310, 29, 1000ms)) << "half of that";
  answer(24, 28, FakeCluster::stored());
  // Four answers in time allow five at once.
  EXPECT_TRUE(broker.wait_received(310, 33));
  EXPECT_FALSE(broker.wait_received(310, 34, 500ms));
  broker.on(310, [](const FakeRequest&) { return FakeCluster::stored(); });
  answer(28, 33, FakeCluster::stored());
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(broker.received(310).size(), 16U + 8U + 16U);
}

/// A cluster whose brokers store, refuse, lose answers and break connections at random, and remember what
/// they stored, in order.
class UnreliableCluster {
 public:
  explicit UnreliableCluster(unsigned seed) : random_(seed) {
    for (std::size_t b = 0; b < 2; ++b) {
      for (const int code : {310, 320}) {
        cluster_.broker(b).on(code, [this, b](const FakeRequest& request) { return answer(b, request); });
      }
    }
  }

  struct Stored {
    std::string body;
    std::string key;
  };
  [[nodiscard]] std::map<std::string, std::vector<Stored>> stored() const {
    const std::lock_guard lock(mutex_);
    return stored_;
  }
  [[nodiscard]] FakeCluster& cluster() { return cluster_; }

 private:
  Action answer(std::size_t broker, const FakeRequest& request) {
    const std::lock_guard lock(mutex_);
    const int dice = std::uniform_int_distribution<int>(0, 99)(random_);
    if (dice < 15) return Action::reply(2, {}, "[OVERLOAD]");
    if (dice < 20) return Action::reply(14, {}, "starting");
    if (dice < 25 && request.header.code == 320) return Action::reply(13, {}, "the message is illegal");
    if (dice < 27) return Action::close();
    const auto messages = messages_of(request);
    for (const auto& message : messages) {
      stored_[std::to_string(broker) + ":" + std::to_string(message.queue_id)].push_back(
          {message.body, message.key});
    }
    if (dice < 30) return Action::close();
    if (dice < 32) return Action::never();
    return dice < 40 ? Action::reply(12, {}, "the slave is slow") : FakeCluster::stored();
  }

  mutable std::mutex mutex_;
  std::mt19937 random_;
  std::map<std::string, std::vector<Stored>> stored_;  // By broker and queue.
  FakeCluster cluster_{2, 3};
};

TEST(ProducerRetries, OrderKeysAndReportsHoldWhateverTheBrokersAnswer) {
  constexpr int threads = 3;
  constexpr std::size_t count = 40;
  for (const unsigned seed : {1U, 2U, 3U}) {
    SCOPED_TRACE(seed);
    UnreliableCluster cluster(seed);
    auto config = one_message_a_request(cluster.cluster().producer_config());
    config.send_timeout_ms = 400;
    const auto producer = Producer::start(config);
    std::vector<std::vector<SendRange>> reports(threads);
    std::vector<std::thread> senders;
    const auto body = [](int thread, std::size_t i) {
      // Three quarters go in batches of two.
      return std::to_string(thread) + ":" + std::to_string(i) + ":" +
             std::string(i % 8 < 6 ? 100'000 : long_body, 'x');
    };
    for (int t = 0; t < threads; ++t) {
      senders.emplace_back([&, t] {
        std::vector<std::string> texts;
        for (std::size_t i = 0; i < count; ++i)
          texts.push_back(body(t, i));
        const std::vector<std::string_view> bodies(texts.begin(), texts.end());
        try {
          producer->send("t", "", bodies);
          reports[static_cast<std::size_t>(t)] = {SendRange{0, count, SendOutcome::stored, {}}};
        } catch (const SendError& error) {
          reports[static_cast<std::size_t>(t)] = error.ranges();
        }
      });
    }
    for (auto& sender : senders)
      sender.join();
    std::map<std::string, std::set<std::string>> keys;     // By body's number.
    std::map<std::string, std::set<std::string>> holders;  // Queues.
    for (const auto& [queue, messages] : cluster.stored()) {
      std::map<std::string, int> last;  // By thread: the highest index whose first copy was stored here.
      for (const auto& message : messages) {
        const auto colon = message.body.find(':');
        const std::string thread = message.body.substr(0, colon);
        const int index = std::stoi(message.body.substr(colon + 1));
        const std::string name = thread + ":" + std::to_string(index);
        keys[name].insert(message.key);
        if (!holders[name].insert(queue).second) continue;  // A second copy in this queue.
        const auto [before, fresh] = last.try_emplace(thread, -1);
        EXPECT_GT(index, before->second) << "thread " << thread << " in queue " << queue;
        before->second = index;
      }
    }
    for (const auto& [name, all] : keys)
      EXPECT_EQ(all.size(), 1U) << "the keys of " << name;
    for (int t = 0; t < threads; ++t) {
      std::size_t covered = 0;
      for (const auto& range : reports[static_cast<std::size_t>(t)]) {
        EXPECT_EQ(range.first, covered);
        covered += range.count;
        for (std::size_t i = range.first; i < range.first + range.count; ++i) {
          const bool there = holders.count(std::to_string(t) + ":" + std::to_string(i)) != 0;
          if (range.outcome == SendOutcome::stored) {
            EXPECT_TRUE(there) << t << ":" << i << " is lost";
          }
          if (range.outcome == SendOutcome::not_stored) {
            EXPECT_FALSE(there) << t << ":" << i << " is stored after all";
          }
        }
      }
      EXPECT_EQ(covered, count);
    }
  }
}

}  // namespace
}  // namespace rocketmq
