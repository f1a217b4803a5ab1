#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
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
using testing::ElementsAre;
using testing::HasSubstr;

/// The SendError of a send, or a test failure.
std::unique_ptr<SendError> failing_send(Producer& producer, const std::vector<std::string_view>& bodies) {
  try {
    producer.send("t", "", bodies);
  } catch (const SendError& error) {
    return std::make_unique<SendError>(error);
  }
  ADD_FAILURE() << "the send did not fail";
  return std::make_unique<SendError>(Failure{}, std::vector<SendRange>{});
}

TEST(ProducerBehaviour, ASingleMessageGoesOutOnceWithTagAndKey) {
  FakeCluster cluster;
  const auto producer = Producer::start(cluster.producer_config());
  send_one(*producer, "hello", "tag");
  const auto requests = cluster.broker().received(310);
  ASSERT_EQ(requests.size(), 1U);
  wire::SendMessageRequest header;
  ASSERT_EQ(wire::decode_fields(requests[0].header, header), Errc::ok);
  EXPECT_EQ(header.producer_group, "group");
  EXPECT_EQ(header.topic, "t");
  EXPECT_EQ(header.broker_name, "a");
  EXPECT_EQ(wire::find_property(header.properties, "TAGS"), "tag");
  EXPECT_EQ(requests[0].body, "hello");
}

TEST(ProducerBehaviour, AVectorReachesEveryQueueAndEachQueueInOrder) {
  FakeCluster cluster(2, 2);
  const auto producer = Producer::start(cluster.producer_config());
  std::vector<std::string> texts;
  for (int i = 0; i < 20'000; ++i)
    texts.push_back(std::to_string(i) + std::string(80, '.'));
  const std::vector<std::string_view> bodies(texts.begin(), texts.end());
  producer->send("t", "", bodies);
  std::size_t count = 0;
  std::map<std::string, int> last;  // By broker and queue.
  for (std::size_t b = 0; b < 2; ++b) {
    for (const auto& request : cluster.broker(b).received()) {
      for (const auto& message : messages_of(request)) {
        auto& before =
            last.try_emplace(std::to_string(b) + ":" + std::to_string(message.queue_id), -1).first->second;
        const int index = std::stoi(message.body);
        EXPECT_GT(index, before);
        before = index;
        ++count;
      }
    }
  }
  EXPECT_EQ(count, texts.size());
  EXPECT_EQ(last.size(), 4U);
}

/// How many messages each queue got, by broker and queue.
std::map<std::string, std::size_t> shares_of(FakeCluster& cluster, std::size_t brokers) {
  std::map<std::string, std::size_t> shares;
  for (std::size_t b = 0; b < brokers; ++b) {
    for (const auto& request : cluster.broker(b).received()) {
      for (const auto& message : messages_of(request))
        ++shares[std::to_string(b) + ":" + std::to_string(message.queue_id)];
    }
  }
  return shares;
}

TEST(ProducerBehaviour, TheQueuesSharesOfAVectorDifferByAFactorOfTwoAtMost) {
  for (const std::size_t brokers : {1U, 2U}) {
    for (const std::size_t count : {10'000U, 20'000U, 50'000U}) {
      // The last half is ten times as long as the first one.
      FakeCluster cluster(static_cast<int>(brokers), static_cast<int>(8 / brokers));
      const auto producer = Producer::start(cluster.producer_config());
      const std::string small(8, 's');
      const std::string large(80, 'l');
      std::vector<std::string_view> bodies(count, small);
      std::fill(bodies.begin() + static_cast<std::ptrdiff_t>(count / 2), bodies.end(), large);
      producer->send("t", "", bodies);
      const auto shares = shares_of(cluster, brokers);
      EXPECT_EQ(shares.size(), 8U) << count << " messages, " << brokers << " brokers";
      std::size_t least = count;
      std::size_t most = 0;
      std::size_t all = 0;
      for (const auto& [queue, share] : shares) {
        least = std::min(least, share);
        most = std::max(most, share);
        all += share;
      }
      EXPECT_EQ(all, count);
      EXPECT_LE(most, 2 * least) << count << " messages, " << brokers << " brokers";
    }
  }
}

TEST(ProducerBehaviour, SmallVectorsGoToTheNextQueueEachTime) {
  FakeCluster cluster(1, 4);
  const auto producer = Producer::start(cluster.producer_config());
  const std::vector<std::string_view> bodies(1000, "small");
  std::vector<std::int32_t> queues;
  for (int i = 0; i < 8; ++i) {
    producer->send("t", "", bodies);
    const auto requests = cluster.broker().received(320);
    ASSERT_EQ(requests.size(), static_cast<std::size_t>(i + 1)) << "one request a vector";
    queues.push_back(messages_of(requests.back()).front().queue_id);
  }
  for (std::size_t i = 1; i < queues.size(); ++i)
    EXPECT_EQ(queues[i], (queues[i - 1] + 1) % 4);
}

TEST(ProducerBehaviour, ABusyBrokerGetsTheSameMessageAgain) {
  FakeCluster cluster;
  std::atomic<int> tries{0};
  cluster.broker().on(310, [&](const FakeRequest&) {
    return ++tries < 3 ? Action::reply(2, {}, "[OVERLOAD]") : FakeCluster::stored();
  });
  const auto producer = Producer::start(cluster.producer_config());
  send_one(*producer);
  const auto requests = cluster.broker().received(310);
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(messages_of(requests[0]).front().key, messages_of(requests[2]).front().key);
}

TEST(ProducerBehaviour, ATimedOutMessageKeepsItsKeyWhenItIsSentAgain) {
  FakeCluster cluster;
  std::atomic<int> tries{0};
  cluster.broker().on(
      310, [&](const FakeRequest&) { return ++tries == 1 ? Action::never() : FakeCluster::stored(); });
  auto config = cluster.producer_config();
  config.send_timeout_ms = 200;
  const auto producer = Producer::start(config);
  send_one(*producer);
  const auto requests = cluster.broker().received(310);
  // On a busy machine the second answer may come too late as well.
  ASSERT_GE(requests.size(), 2U);
  EXPECT_FALSE(messages_of(requests[0]).front().key.empty());
  for (const auto& request : requests)
    EXPECT_EQ(messages_of(request).front().key, messages_of(requests[0]).front().key);
}

TEST(ProducerBehaviour, AnAnswerThatNeverComesIsReportedAsPossiblyStored) {
  FakeCluster cluster;
  cluster.broker().on(310, [](const FakeRequest&) { return Action::never(); });
  auto config = cluster.producer_config();
  config.send_timeout_ms = 500;
  config.max_attempts = 2;
  const auto producer = Producer::start(config);
  const auto error = failing_send(*producer, {"x"});
  ASSERT_EQ(error->ranges().size(), 1U);
  EXPECT_EQ(error->ranges()[0].outcome, SendOutcome::possibly_stored);
  EXPECT_THAT(error->what(), HasSubstr("possibly stored: [0,1)"));
  EXPECT_TRUE(cluster.broker().wait_received(310, 2));
  EXPECT_EQ(cluster.broker().received(310).size(), 2U);
}

TEST(ProducerBehaviour, WeaklyStoredMessagesAreNotSentAgain) {
  for (const int code : {10, 11, 12}) {
    FakeCluster cluster;
    cluster.broker().on(310, [code](const FakeRequest&) { return Action::reply(code); });
    const auto producer = Producer::start(cluster.producer_config());
    send_one(*producer);
    EXPECT_EQ(cluster.broker().received(310).size(), 1U) << code;
  }
}

TEST(ProducerBehaviour, AFinalRefusalIsNotTriedAgainAndIsQuoted) {
  FakeCluster cluster;
  cluster.broker().on(310,
                      [](const FakeRequest&) { return Action::reply(13, {}, "the message is illegal"); });
  const auto producer = Producer::start(cluster.producer_config());
  const auto error = failing_send(*producer, {"x"});
  EXPECT_EQ(cluster.broker().received(310).size(), 1U);
  EXPECT_EQ(error->ranges()[0].outcome, SendOutcome::not_stored);
  EXPECT_THAT(error->what(), HasSubstr("0 of 1 messages stored; message 0 is the first that failed"));
  EXPECT_THAT(error->what(), HasSubstr("said 13: the message is illegal"));
}

TEST(ProducerBehaviour, ABatchThatIsTooLargeForTheBrokerIsSentInParts) {
  FakeCluster cluster(1, 1);
  cluster.broker().on(320, [](const FakeRequest& request) {
    return request.body.size() > 1000 ? Action::reply(1, {}, "message body size exceeded")
                                      : FakeCluster::stored();
  });
  const auto producer = Producer::start(cluster.producer_config());
  std::vector<std::string> texts;
  for (int i = 0; i < 100; ++i)
    texts.push_back(std::to_string(i));
  const std::vector<std::string_view> bodies(texts.begin(), texts.end());
  producer->send("t", "", bodies);
  std::vector<std::string> arrived;
  for (const auto& request : cluster.broker().received(320)) {
    if (request.body.size() > 1000) continue;
    for (const auto& message : messages_of(request))
      arrived.push_back(message.body);
  }
  EXPECT_EQ(arrived, texts);
}

TEST(ProducerBehaviour, AMessageMovesToAnotherBrokerWhenItsOwnIsGone) {
  FakeCluster cluster(2, 1);
  auto config = cluster.producer_config();
  const auto producer = Producer::start(config);
  send_one(*producer);
  send_one(*producer);
  cluster.broker(0).stop();
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 4; ++i)
    send_one(*producer);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 2s * test::time_factor);
  EXPECT_EQ(cluster.broker(0).received(310).size(), 1U);
  EXPECT_EQ(cluster.broker(1).received(310).size(), 5U);
}

TEST(ProducerBehaviour, AVectorSurvivesTheLossOfABrokerInOrder) {
  FakeCluster cluster(2, 1);
  std::atomic<int> seen{0};
  // Broker a takes one batch and closes the connection from then on.
  cluster.broker(0).on(
      320, [&](const FakeRequest&) { return ++seen == 1 ? FakeCluster::stored() : Action::close(); });
  const auto producer = Producer::start(cluster.producer_config());
  std::vector<std::string> texts;
  for (int i = 0; i < 20'000; ++i)
    texts.push_back(std::to_string(i) + std::string(80, '.'));
  const std::vector<std::string_view> bodies(texts.begin(), texts.end());
  producer->send("t", "", bodies);
  std::set<int> stored;
  int before = -1;
  for (const auto& request : cluster.broker(1).received(320)) {
    for (const auto& message : messages_of(request)) {
      const int index = std::stoi(message.body);
      EXPECT_GT(index, before);
      before = index;
      stored.insert(index);
    }
  }
  for (const auto& message : messages_of(cluster.broker(0).received(320).front())) {
    stored.insert(std::stoi(message.body));
  }
  EXPECT_EQ(stored.size(), texts.size());
}

TEST(ProducerBehaviour, AShortRestartOfTheOnlyBrokerIsSurvived) {
  FakeCluster cluster;
  const auto producer = Producer::start(cluster.producer_config());
  send_one(*producer);
  cluster.broker().stop();
  auto sending = std::async(std::launch::async, [&] { send_one(*producer, "after"); });
  EXPECT_EQ(sending.wait_for(300ms), std::future_status::timeout);
  cluster.broker().restart();
  ASSERT_EQ(sending.wait_for(10s), std::future_status::ready);
  EXPECT_NO_THROW(sending.get());
}

TEST(ProducerBehaviour, ASendThatWaitsForADeadBrokerGoesOutAsSoonAsItIsBack) {
  FakeCluster cluster;
  const auto producer = Producer::start(cluster.producer_config());
  send_one(*producer);
  cluster.broker().stop();
  const auto begin = std::chrono::steady_clock::now();
  auto sending = std::async(std::launch::async, [&] { send_one(*producer, "after"); });
  // By now it pauses before its fifth try, which comes after 7 s at the earliest.
  EXPECT_EQ(sending.wait_for(4s), std::future_status::timeout);
  cluster.broker().restart();
  ASSERT_EQ(sending.wait_for(test::FakeServer::patience), std::future_status::ready);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 7s);
  EXPECT_NO_THROW(sending.get());
}

TEST(ProducerBehaviour, AConnectionThatDiedWithoutAWordIsReplacedWhileASendIsTriedAgain) {
  FakeCluster cluster;
  auto config = cluster.producer_config();
  config.send_timeout_ms = 300;
  const auto producer = Producer::start(config);
  send_one(*producer);
  const auto dead = cluster.broker().received(310).front().connection;
  for (const int code : {34, 310}) {
    cluster.broker().on(code, [dead, code](const FakeRequest& request) {
      if (request.connection == dead) return Action::never();
      return code == 34 ? Action::reply(0) : FakeCluster::stored();
    });
  }
  EXPECT_NO_THROW(send_one(*producer, "after"));
  EXPECT_NE(cluster.broker().received(310).back().connection, dead);
}

TEST(ProducerBehaviour, AnUnreachableBrokerEndsInAnErrorThatNamesIt) {
  FakeCluster cluster;
  auto config = cluster.producer_config();
  config.max_attempts = 2;
  const auto producer = Producer::start(config);
  const std::string address = cluster.broker().address();
  cluster.broker().stop();
  const auto error = failing_send(*producer, {"x", "y"});
  EXPECT_EQ(error->stored_count(), 0U);
  EXPECT_THAT(error->what(), HasSubstr("0 of 2 messages stored"));
  EXPECT_THAT(error->what(), HasSubstr(address));
}

TEST(ProducerBehaviour, AMissingTopicIsNamedTogetherWithTheRemedy) {
  FakeCluster cluster;
  cluster.remove_topic("t");
  cluster.remove_topic("TBW102");
  const auto producer = Producer::start(cluster.producer_config());
  const auto error = failing_send(*producer, {"x"});
  EXPECT_EQ(error->code(), Errc::topic_not_found);
  EXPECT_THAT(error->what(), HasSubstr("topic 't' does not exist"));
  EXPECT_THAT(error->what(), HasSubstr("autoCreateTopicEnable=true"));
}

TEST(ProducerBehaviour, ATopicIsCreatedByItsFirstMessageWhereBrokersAllowIt) {
  FakeCluster cluster(1, 8);
  cluster.remove_topic("t");
  const auto producer = Producer::start(cluster.producer_config());
  for (int i = 0; i < 8; ++i)
    send_one(*producer);
  std::set<int> queues;
  for (const auto& request : cluster.broker().received(310))
    queues.insert(messages_of(request)[0].queue_id);
  EXPECT_THAT(queues, ElementsAre(0, 1, 2, 3));
}

TEST(ProducerBehaviour, BadMessagesAreRefusedBeforeAnythingIsSent) {
  FakeCluster cluster;
  auto config = cluster.producer_config();
  config.max_message_bytes = 10;
  const auto producer = Producer::start(config);
  const auto error_of = [&](std::string_view topic, const std::vector<std::string_view>& bodies) {
    try {
      producer->send(topic, "", bodies);
    } catch (const Error& error) {
      return std::pair(error.code(), std::string(error.what()));
    }
    return std::pair(Errc::ok, std::string());
  };
  EXPECT_THAT(error_of("t", {"ok", "12345678901"}),
              testing::Pair(Errc::message_too_large, HasSubstr("message 1 has 11 bytes")));
  EXPECT_THAT(error_of("t", {"ok", "ok", ""}), testing::Pair(Errc::empty_message, HasSubstr("message 2")));
  EXPECT_EQ(error_of("bad topic", {"x"}).first, Errc::invalid_name);
  EXPECT_NO_THROW(producer->send("t", "", {}));
  EXPECT_TRUE(cluster.broker().received(310).empty());
  EXPECT_TRUE(cluster.broker().received(320).empty());
}

TEST(ProducerBehaviour, ClosingEndsARunningSendAtOnce) {
  FakeCluster cluster;
  cluster.broker().on(310, [](const FakeRequest&) { return Action::never(); });
  const auto producer = Producer::start(cluster.producer_config());
  auto sending = std::async(std::launch::async, [&] { return failing_send(*producer, {"x"}); });
  ASSERT_TRUE(cluster.broker().wait_received(310, 1));
  const auto start = std::chrono::steady_clock::now();
  producer->close(2s);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 2500ms * test::time_factor);
  const auto error = sending.get();
  EXPECT_EQ(error->code(), Errc::closed);
  EXPECT_EQ(error->ranges()[0].outcome, SendOutcome::possibly_stored);
  EXPECT_THROW(send_one(*producer), Error);
  producer->close(1s);
}

TEST(ProducerBehaviour, ClosingTakesLeaveOfTheBroker) {
  FakeCluster cluster;
  auto producer = Producer::start(cluster.producer_config());
  send_one(*producer);
  ASSERT_TRUE(cluster.broker().wait_received(34, 1));
  const std::string id = producer->client_id();
  producer.reset();
  const auto requests = cluster.broker().received(35);
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(*requests[0].header.ext_fields.find("clientID"), id);
  EXPECT_EQ(*requests[0].header.ext_fields.find("producerGroup"), "group");
}

TEST(ProducerBehaviour, AnsweringNothingDoesNotHoldUpClosing) {
  FakeCluster cluster;
  cluster.broker().on(35, [](const FakeRequest&) { return Action::never(); });
  const auto producer = Producer::start(cluster.producer_config());
  send_one(*producer);
  ASSERT_TRUE(cluster.broker().wait_received(34, 1));
  const auto start = std::chrono::steady_clock::now();
  producer->close(1s);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 2s * test::time_factor);
}

TEST(ProducerBehaviour, TheNamespaceStandsBeforeTopicAndGroup) {
  FakeCluster cluster;
  auto config = cluster.producer_config();
  config.client.name_space = "ns";
  const auto producer = Producer::start(config);
  send_one(*producer);
  wire::SendMessageRequest header;
  ASSERT_EQ(wire::decode_fields(cluster.broker().received(310)[0].header, header), Errc::ok);
  EXPECT_EQ(header.topic, "ns%t");
  EXPECT_EQ(header.producer_group, "ns%group");
}

TEST(ProducerBehaviour, AWrongNamespaceIsNotTakenForAWrongGroup) {
  FakeCluster cluster;
  auto config = cluster.producer_config();
  config.client.name_space = "n s";
  try {
    (void)Producer::start(config);
    FAIL() << "was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::invalid_name);
    EXPECT_THAT(error.what(), HasSubstr("namespace 'n s'"));
  }
}

TEST(ProducerBehaviour, ErrorsShowTopicsWithoutTheNamespace) {
  FakeCluster cluster;
  cluster.remove_topic("ns%t");
  cluster.remove_topic("TBW102");
  auto config = cluster.producer_config();
  config.client.name_space = "ns";
  const auto producer = Producer::start(config);
  const std::string missing = failing_send(*producer, {"x"})->what();
  EXPECT_THAT(missing, HasSubstr("topic 't' does not exist"));
  EXPECT_THAT(missing, testing::Not(HasSubstr("ns%")));
  cluster.name_server.on(105, [](const FakeRequest&) { return Action::reply(1, {}, "not ready"); });
  const std::string refused = failing_send(*producer, {"x"})->what();
  EXPECT_THAT(refused, HasSubstr("asking for the route of topic 't' was refused"));
  EXPECT_THAT(refused, HasSubstr("said 1: not ready"));
  EXPECT_THAT(refused, testing::Not(HasSubstr("ns%")));
}

TEST(ProducerBehaviour, EveryRequestIsSignedWhereCredentialsAreGiven) {
  FakeCluster cluster;
  auto config = cluster.producer_config();
  config.client.credentials = Credentials{"access", "secret", ""};
  const auto producer = Producer::start(config);
  send_one(*producer);
  ASSERT_TRUE(cluster.broker().wait_received(34, 1));
  for (const auto& request : cluster.broker().received()) {
    EXPECT_NE(request.header.ext_fields.find("Signature"), nullptr) << request.header.code;
  }
  for (const auto& request : cluster.name_server.received()) {
    EXPECT_NE(request.header.ext_fields.find("Signature"), nullptr) << request.header.code;
  }
}

/// What a send throws that is cancelled once it has `begun`, and how long it took from then on.
std::unique_ptr<SendError> cancelled_send(
    Producer& producer, std::span<const std::string_view> bodies, std::chrono::steady_clock::duration& took,
    const std::function<bool()>& begun = [] { return true; }) {
  std::unique_ptr<SendError> error;
  int looks = 0;
  std::optional<std::chrono::steady_clock::time_point> cancelled;
  const auto begin = std::chrono::steady_clock::now();
  try {
    producer.send("t", {.bodies = bodies}, [&] {
      if (++looks > 1 && !cancelled && begun()) cancelled = std::chrono::steady_clock::now();
      return cancelled.has_value();
    });
  } catch (const SendError& thrown) {
    error = std::make_unique<SendError>(thrown);
  }
  took = std::chrono::steady_clock::now() - cancelled.value_or(begin);
  return error;
}

constexpr std::chrono::seconds cancel_bound{1 * test::time_factor};

TEST(ProducerBehaviour, ACancelledSendOfOneMessageEndsWithinASecond) {
  FakeCluster cluster(1, 1);
  cluster.broker().on(310, [](const FakeRequest&) { return Action::never(); });
  const auto producer = Producer::start(cluster.producer_config());
  const std::string_view bodies[] = {"m"};
  std::chrono::steady_clock::duration took{};
  const auto error = cancelled_send(*producer, bodies, took);
  ASSERT_NE(error, nullptr);
  EXPECT_LT(took, cancel_bound);
  EXPECT_THAT(error->what(), HasSubstr("it was cancelled"));
  ASSERT_EQ(error->ranges().size(), 1U);
  EXPECT_EQ(error->ranges()[0].outcome, SendOutcome::possibly_stored);
}

TEST(ProducerBehaviour, WhatIsCancelledBeforeItsSendIsNotSent) {
  FakeCluster cluster(1, 1);
  const auto producer = Producer::start(cluster.producer_config());
  const std::string_view bodies[] = {"a", "b", "c"};
  for (const std::size_t count : {1U, 3U}) {
    try {
      producer->send("t", {.bodies = std::span(bodies, count)}, [] { return true; });
      FAIL() << "it was sent";
    } catch (const SendError& error) {
      EXPECT_THAT(error.what(), HasSubstr("it was cancelled"));
      ASSERT_EQ(error.ranges().size(), 1U);
      EXPECT_EQ(error.ranges()[0].count, count);
      EXPECT_EQ(error.ranges()[0].outcome, SendOutcome::not_stored);
    }
  }
  EXPECT_TRUE(cluster.broker().received(310).empty());
  EXPECT_TRUE(cluster.broker().received(320).empty());
}

TEST(ProducerBehaviour, ACancelledVectorSendsNothingMoreAndTellsWhatIsStored) {
  FakeCluster cluster(1, 1);
  const auto answered = std::make_shared<std::atomic<int>>(0);
  cluster.broker().on(320, [answered](const FakeRequest&) {
    return ++*answered <= 2 ? FakeCluster::stored() : Action::never();
  });
  const auto producer = Producer::start(cluster.producer_config());
  const std::string body(100'000, 'x');
  const std::vector<std::string_view> bodies(500, body);
  std::chrono::steady_clock::duration took{};
  const auto error = cancelled_send(*producer, bodies, took, [&answered] { return *answered >= 3; });
  ASSERT_NE(error, nullptr);
  EXPECT_LT(took, cancel_bound);
  ASSERT_EQ(error->ranges().size(), 3U) << error->what();
  EXPECT_EQ(error->ranges()[0].outcome, SendOutcome::stored);
  EXPECT_EQ(error->ranges()[1].outcome, SendOutcome::possibly_stored);
  EXPECT_EQ(error->ranges()[2].outcome, SendOutcome::not_stored);
  EXPECT_THAT(error->ranges()[2].failure.message, HasSubstr("it was cancelled"));
  EXPECT_EQ(cluster.broker().received(320).size(), 3U) << "nothing more was sent";
}

// A line that takes everything at once makes the sender wait for nothing.
TEST(ProducerBehaviour, ACancelledVectorThatNeverWaitsEndsToo) {
  FakeCluster cluster(1, 8);
  const auto producer = Producer::start(cluster.producer_config());
  const std::string body(1000, 'x');
  const std::vector<std::string_view> bodies(2'000'000, body);
  std::chrono::steady_clock::duration took{};
  const auto error = cancelled_send(*producer, bodies, took);
  ASSERT_NE(error, nullptr) << "it had sent everything before it looked";
  EXPECT_LT(error->stored_count(), bodies.size());
}

}  // namespace
}  // namespace rocketmq
