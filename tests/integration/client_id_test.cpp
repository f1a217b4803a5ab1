#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/consumer_fixture.h"
#include "integration/naming_cluster.h"
#include "integration/topic_reader.h"

namespace rocketmq::test {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

std::size_t count_of(const std::string& text, const std::string& word) {
  std::size_t count = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + word.size()))
    ++count;
  return count;
}

TEST(ClientId, TheBrokerSeesInstanceAndUnitOfProducersAndConsumers) {
  naming_cluster().create_topic("ids", 1);
  auto sending = named_producer("ids_producers");
  sending.client.instance_name = "desk7";
  sending.client.unit_name = "unit1";
  const auto producer = Producer::start(sending);
  send_one(*producer, "ids", "hello");
  auto receiving = named_consumer("ids_consumers", "ids");
  receiving.client.instance_name = "desk8";
  const auto consumer = Consumer::start(receiving);
  EXPECT_THAT(producer->client_id(), MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+@desk7@unit1"));
  EXPECT_THAT(consumer->client_id(), MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+@desk8"));
  const std::vector<std::string> producers{"producerConnection", "-g", "ids_producers", "-t", "ids"};
  EXPECT_THAT(admin_until(producers, {producer->client_id() + " "}), HasSubstr(producer->client_id() + " "));
  const std::vector<std::string> consumers{"consumerConnection", "-g", "ids_consumers"};
  EXPECT_THAT(admin_until(consumers, {consumer->client_id() + " "}), HasSubstr(consumer->client_id() + " "));
  consumer->close(seconds(5));
}

TEST(ClientId, ProducersMayShareAnInstanceNameAndWithoutOneEachIsUnique) {
  naming_cluster().create_topic("shared_ids", 1);
  auto config = named_producer("sharing_producers");
  const auto unnamed = Producer::start(config);
  const auto another = Producer::start(config);
  EXPECT_NE(unnamed->client_id(), another->client_id());
  config.client.instance_name = "same";
  auto first = Producer::start(config);
  const auto second = Producer::start(config);
  EXPECT_EQ(first->client_id(), second->client_id());
  for (auto* producer : {unnamed.get(), another.get(), first.get(), second.get()})
    send_one(*producer, "shared_ids", "hello");
  const std::vector<std::string> ask{"producerConnection", "-g", "sharing_producers", "-t", "shared_ids"};
  std::string text;
  EXPECT_TRUE(eventually(
      [&] {
        text = admin_text(ask);
        return count_of(text, unnamed->client_id() + " ") == 1 &&
               count_of(text, another->client_id() + " ") == 1 &&
               count_of(text, first->client_id() + " ") == 2;
      },
      seconds(60)))
      << text;
  // The end of one does not touch the other.
  first.reset();
  send_one(*second, "shared_ids", "hello");
  EXPECT_EQ(read_topic(naming_cluster().name_servers(), "shared_ids", 5).size(), 5U);
}

TEST(ClientId, AConsumerOfTheSameGroupAndInstanceIsRefusedWhileTheFirstRuns) {
  naming_cluster().create_topic("one_member", 2);
  auto config = named_consumer("one_member", "one_member");
  config.client.instance_name = "same";
  auto first = Consumer::start(config);
  try {
    (void)Consumer::start(config);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::invalid_argument);
    EXPECT_THAT(error.what(),
                HasSubstr("group 'one_member' with instanceName 'same' is running in this process"));
  }
  auto other_group = config;
  other_group.group = "another_group";
  const auto beside = Consumer::start(other_group);
  EXPECT_EQ(beside->client_id(), first->client_id());
  const auto producer = Producer::start(named_producer("one_member"));
  send_one(*producer, "one_member", "hello");
  EXPECT_EQ(receive(*first, 1).size(), 1U);
  EXPECT_EQ(receive(*beside, 1).size(), 1U);
  first->close(seconds(5));
  const auto next = Consumer::start(config);
  send_one(*producer, "one_member", "again");
  EXPECT_EQ(bodies_of(receive(*next, 1)), std::set<std::string>{"again"});
  next->close(seconds(5));
  beside->close(seconds(5));
}

}  // namespace
}  // namespace rocketmq::test
