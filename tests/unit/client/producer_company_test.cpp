// Messages that several threads send one by one at the same time travel together.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
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
using testing::HasSubstr;

/// What became of a message that was sent alone: nothing where it is stored.
std::optional<SendError> try_send(Producer& producer, std::string_view body, std::string_view tag = {}) {
  try {
    send_one(producer, body, tag);
  } catch (const SendError& error) {
    return error;
  }
  return std::nullopt;
}

/// Holds a first message at the broker, so that what is sent meanwhile comes together.
class Company {
 public:
  explicit Company(FakeCluster& cluster, const ProducerConfig& config)
      : broker_(cluster.broker()), producer_(Producer::start(config)) {
    broker_.on(310, [](const FakeRequest&) { return Action::never(); });
    first_ = std::thread([this] { send_one(*producer_, "first"); });
    EXPECT_TRUE(broker_.wait_received(310, 1));
    broker_.on(310, [](const FakeRequest&) { return FakeCluster::stored(); });
  }
  ~Company() {
    for (auto& thread : threads_)
      thread.join();
    if (first_.joinable()) first_.join();
  }
  Company(const Company&) = delete;
  Company& operator=(const Company&) = delete;

  [[nodiscard]] Producer& producer() { return *producer_; }

  template <class Run>
  void start(const Run& run) {
    threads_.emplace_back(run);
  }
  void join() {
    for (auto& thread : threads_)
      thread.join();
    threads_.clear();
  }
  void answer_first() {
    broker_.perform(broker_.received(310).front(), FakeCluster::stored());
    first_.join();
  }

 private:
  test::FakeServer& broker_;
  std::unique_ptr<Producer> producer_;
  std::thread first_;
  std::vector<std::thread> threads_;
};

std::vector<std::string> bodies_in(const std::vector<FakeRequest>& requests) {
  std::vector<std::string> bodies;
  for (const auto& request : requests) {
    for (const auto& message : messages_of(request))
      bodies.push_back(message.body);
  }
  std::sort(bodies.begin(), bodies.end());
  return bodies;
}

TEST(ProducerCompany, ThreadsThatSendOneByOneShareRequestsAndEachMessageArrivesOnce) {
  constexpr int threads = 8;
  constexpr int each = 100;
  FakeCluster cluster(1, 4);
  for (const int code : {310, 320})
    cluster.broker().on(code, [](const FakeRequest&) { return FakeCluster::stored().after(2ms); });
  const auto producer = Producer::start(cluster.producer_config());
  std::vector<std::thread> senders;
  std::vector<std::string> sent;
  for (int t = 0; t < threads; ++t) {
    senders.emplace_back([&, t] {
      for (int i = 0; i < each; ++i)
        EXPECT_NO_THROW(send_one(*producer, std::to_string(t) + ":" + std::to_string(i), "tag"));
    });
    for (int i = 0; i < each; ++i)
      sent.push_back(std::to_string(t) + ":" + std::to_string(i));
  }
  for (auto& sender : senders)
    sender.join();
  std::vector<FakeRequest> requests = cluster.broker().received(310);
  for (auto& request : cluster.broker().received(320))
    requests.push_back(std::move(request));
  std::sort(sent.begin(), sent.end());
  EXPECT_EQ(bodies_in(requests), sent);
  // With a sanitizer fewer of them meet.
  const std::size_t bound = test::time_factor == 1 ? sent.size() / 2 : sent.size() * 9 / 10;
  EXPECT_LT(requests.size(), bound) << "they travel together";
}

TEST(ProducerCompany, EachMessageKeepsItsTagAndHasItsOwnKey) {
  FakeCluster cluster;
  Company company(cluster, cluster.producer_config());
  company.start([&] { send_one(company.producer(), "a", "red"); });
  company.start([&] { send_one(company.producer(), "b", "green"); });
  company.start([&] { send_one(company.producer(), "c"); });
  company.join();
  company.answer_first();
  std::map<std::string, std::string> tags;
  std::set<std::string> keys;
  for (const auto& request : cluster.broker().received(320)) {
    wire::BatchReader reader(as_bytes(request.body));
    wire::BatchItemView item;
    for (bool found = true; reader.next(item, found) == Errc::ok && found;) {
      tags[std::string(as_text(item.body))] = wire::find_property(item.properties, "TAGS").value_or("none");
      keys.insert(std::string(wire::find_property(item.properties, wire::property::unique_key).value_or("")));
    }
  }
  for (const auto& request : cluster.broker().received(310)) {
    wire::SendMessageRequest header;
    ASSERT_EQ(wire::decode_fields(request.header, header), Errc::ok);
    if (request.body == "first") continue;
    tags[request.body] = wire::find_property(header.properties, "TAGS").value_or("none");
    keys.insert(messages_of(request).front().key);
  }
  EXPECT_THAT(tags, testing::ElementsAre(testing::Pair("a", "red"), testing::Pair("b", "green"),
                                         testing::Pair("c", "none")));
  EXPECT_EQ(keys.size(), 3U);
}

TEST(ProducerCompany, ASlowAnswerDoesNotHoldUpTheOthers) {
  FakeCluster cluster;
  auto config = cluster.producer_config();
  config.send_timeout_ms = 60'000;
  Company company(cluster, config);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 3; ++i)
    EXPECT_NO_THROW(send_one(company.producer(), "x"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s * test::time_factor);
  company.answer_first();
}

TEST(ProducerCompany, OneMessageThatIsTooLargeForTheBrokerFailsAlone) {
  FakeCluster cluster;
  Company company(cluster, cluster.producer_config());
  const auto answer = [](const FakeRequest& request) {
    return request.body.size() > 1000 ? Action::reply(13, {}, "the message is illegal")
                                      : FakeCluster::stored();
  };
  for (const int code : {310, 320})
    cluster.broker().on(code, answer);
  const std::string large(1500, 'x');
  for (int i = 0; i < 4; ++i) {
    company.start([&] { EXPECT_FALSE(try_send(company.producer(), "small")); });
    company.start([&] {
      const auto error = try_send(company.producer(), large);
      ASSERT_TRUE(error);
      EXPECT_EQ(error->ranges().size(), 1U);
      EXPECT_EQ(error->ranges()[0].outcome, SendOutcome::not_stored);
      EXPECT_THAT(error->what(), HasSubstr("0 of 1 messages stored; message 0 is the first that failed"));
      EXPECT_THAT(error->what(), HasSubstr("said 13: the message is illegal"));
    });
  }
  company.join();
  company.answer_first();
}

TEST(ProducerCompany, ATopicThatTakesNoBatchesGetsItsMessagesOneByOne) {
  FakeCluster cluster;
  cluster.broker().on(320, [](const FakeRequest&) { return Action::reply(-1, {}, "no batches here"); });
  Company company(cluster, cluster.producer_config());
  const auto send_at_once = [&] {
    for (int i = 0; i < 8; ++i)
      company.start([&] { EXPECT_FALSE(try_send(company.producer(), "x")); });
    company.join();
  };
  for (int i = 0; i < 100 && cluster.broker().received(320).empty(); ++i)
    send_at_once();
  const auto refused = cluster.broker().received(320).size();
  EXPECT_GE(refused, 1U);
  send_at_once();
  EXPECT_EQ(cluster.broker().received(320).size(), refused) << "known by now";
  company.answer_first();
}

TEST(ProducerCompany, AnAnswerThatNeverComesIsReportedToEachAsPossiblyStored) {
  FakeCluster cluster;
  for (const int code : {310, 320})
    cluster.broker().on(code, [](const FakeRequest&) { return Action::never(); });
  auto config = cluster.producer_config();
  config.send_timeout_ms = 200;
  config.max_attempts = 1;
  const auto producer = Producer::start(config);
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      const auto error = try_send(*producer, "x");
      ASSERT_TRUE(error);
      ASSERT_EQ(error->ranges().size(), 1U);
      EXPECT_EQ(error->ranges()[0].first, 0U);
      EXPECT_EQ(error->ranges()[0].count, 1U);
      EXPECT_EQ(error->ranges()[0].outcome, SendOutcome::possibly_stored);
      EXPECT_THAT(error->what(), HasSubstr("possibly stored: [0,1)"));
    });
  }
  for (auto& thread : threads)
    thread.join();
}

TEST(ProducerCompany, ClosingEndsThoseWhoWaitInCompanyAtOnce) {
  FakeCluster cluster;
  for (const int code : {310, 320})
    cluster.broker().on(code, [](const FakeRequest&) { return Action::never(); });
  const auto producer = Producer::start(cluster.producer_config());
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      try {
        for (int k = 0; k < 1000; ++k)
          send_one(*producer, "x");
        ADD_FAILURE() << "nothing failed";
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::closed) << error.what();
      }
    });
  }
  EXPECT_TRUE(cluster.broker().wait_received(310, 1));
  const auto begin = std::chrono::steady_clock::now();
  producer->close(1s);
  for (auto& thread : threads)
    thread.join();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s * test::time_factor);
}

}  // namespace
}  // namespace rocketmq
