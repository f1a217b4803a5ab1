#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/consumer_fixture.h"
#include "integration/naming_cluster.h"
#include "integration/topic_reader.h"

namespace rocketmq::test {
namespace {

using testing::HasSubstr;

std::unique_ptr<Producer> producer_in(const std::string& name_space, const std::string& group) {
  auto config = named_producer(group);
  config.client.name_space = name_space;
  return Producer::start(config);
}

std::unique_ptr<Consumer> consumer_in(const std::string& name_space, const std::string& group,
                                      const std::string& topic) {
  auto config = named_consumer(group, topic);
  config.client.name_space = name_space;
  return Consumer::start(config);
}

TEST(Namespace, TwoOfThemHaveTopicsAndGroupsOfTheirOwnUnderTheSameNames) {
  naming_cluster().create_topic("shared", 2);
  for (const std::string space : {"nsA", "nsB", ""}) {
    const auto producer = producer_in(space, "shared_group");
    send_one(*producer, "shared", "from '" + space + "'");
  }
  for (const std::string space : {"nsA", "nsB", ""}) {
    const auto consumer = consumer_in(space, "shared_group", "shared");
    const auto messages = receive(*consumer, 2, seconds(3));
    EXPECT_EQ(bodies_of(messages), std::set<std::string>{"from '" + space + "'"});
    for (const auto& message : messages)
      EXPECT_EQ(message.topic, "shared") << "users do not see the namespace";
    consumer->close(seconds(5));
  }
  // What the broker has.
  EXPECT_EQ(read_topic(naming_cluster().name_servers(), "nsA%shared", 1).size(), 1U);
  EXPECT_EQ(read_topic(naming_cluster().name_servers(), "nsB%shared", 1).size(), 1U);
  EXPECT_EQ(read_topic(naming_cluster().name_servers(), "shared", 1).size(), 1U);
  const auto progress = admin_until({"consumerProgress", "-g", "nsA%shared_group"}, {"nsA%shared "});
  EXPECT_THAT(progress, HasSubstr("nsA%shared "));
  EXPECT_THAT(progress, testing::Not(HasSubstr("nsB%")));
}

TEST(Namespace, RetriesAndDeadLettersStayInItAndShowThePlainTopic) {
  const auto producer = producer_in("nsR", "poison_group");
  send_one(*producer, "poison", "bad");
  auto config = named_consumer("poison_group", "poison");
  config.client.name_space = "nsR";
  config.max_reconsume_times = 1;
  const auto consumer = Consumer::start(config);
  std::vector<Received> seen;
  const bool twice = eventually(
      [&] {
        Delivery delivery = consumer->poll(limits_until(milliseconds(500)));
        if (delivery.empty()) return false;
        const auto some = copy_of(delivery);
        seen.insert(seen.end(), some.begin(), some.end());
        const std::size_t first[] = {0};
        delivery.reject(first);
        delivery.acknowledge();
        return seen.size() >= 2;
      },
      seconds(60));
  ASSERT_TRUE(twice);
  for (const auto& message : seen) {
    EXPECT_EQ(message.body, "bad");
    EXPECT_EQ(message.topic, "poison");
  }
  EXPECT_EQ(seen[0].reconsume_times, 0);
  EXPECT_EQ(seen[1].reconsume_times, 1);
  const std::vector<std::string> names{"nsR%poison\n", "%RETRY%nsR%poison_group", "%DLQ%nsR%poison_group"};
  const auto topics = admin_until({"topicList"}, names);
  for (const auto& name : names)
    EXPECT_THAT(topics, HasSubstr(name));
  EXPECT_THAT(topics, testing::Not(HasSubstr("nsR%%RETRY%")));
  const auto progress =
      admin_until({"consumerProgress", "-g", "nsR%poison_group"}, {"%RETRY%nsR%poison_group"});
  EXPECT_THAT(progress, HasSubstr("nsR%poison "));
  EXPECT_THAT(progress, HasSubstr("%RETRY%nsR%poison_group"));
  consumer->close(seconds(5));
}

}  // namespace
}  // namespace rocketmq::test
