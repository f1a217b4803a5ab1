// subExpression against a real broker, with properties that RocketMQ's Java client sets.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "integration/client_of.h"
#include "integration/consumer_fixture.h"
#include "support/java_client.h"

namespace rocketmq::test {
namespace {

using testing::HasSubstr;
using testing::UnorderedElementsAre;

ConsumerConfig filtering(const RealBroker& cluster, const std::string& topic, const std::string& expression) {
  ConsumerConfig config;
  config.client = client_of(cluster);
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  config.group = std::string("g_") + info->test_suite_name() + "_" + info->name();
  config.subscriptions = {{topic}};
  config.consume_from_where = ConsumeFromWhere::first_offset;
  config.subscriptions.front().sub_expression = expression;
  config.expression_type = ExpressionType::sql92;
  return config;
}

/// What Consumer::start says; empty where it starts.
Failure start_failure(ConsumerConfig config) {
  try {
    (void)Consumer::start(std::move(config));
  } catch (const Error& error) {
    return error.failure();
  }
  return {};
}

/// Waits until the broker knows no consumer of the group.
bool eventually_unknown(RealBroker& cluster, const std::string& group) {
  return eventually([&] {
    try {
      return cluster.admin({"consumerConnection", "-n", cluster.name_servers(), "-g", group})
                 .find("not online") != std::string::npos;
    } catch (const std::exception&) {
      return true;  // The tool's way of saying that there is none.
    }
  });
}

class Filter : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    cluster_ = std::make_unique<RealBroker>();
    cluster_->create_topic(topic, 4);
    // Bodies message-0 ... message-9, property a = 0 ... 9; and two without the property.
    (void)run_java_client({"send", "--namesrv", cluster_->name_servers(), "--topic", topic, "--count", "10",
                           "--index-property", "a", "--tag", "tagged"});
    (void)run_java_client({"send", "--namesrv", cluster_->name_servers(), "--topic", topic, "--count", "2",
                           "--prefix", "plain-"});
  }
  static void TearDownTestSuite() { cluster_.reset(); }
  static RealBroker& cluster() { return *cluster_; }
  static constexpr const char* topic = "properties";

  static std::vector<std::string> bodies(const std::string& expression, std::size_t count) {
    const auto consumer = Consumer::start(filtering(cluster(), topic, expression));
    std::vector<std::string> out;
    for (const Received& message : receive(*consumer, count))
      out.push_back(message.body);
    // Nothing more may come.
    for (const Received& message : receive(*consumer, 1, milliseconds(500)))
      out.push_back(message.body);
    return out;
  }

 private:
  static inline std::unique_ptr<RealBroker> cluster_;
};

TEST_F(Filter, Sql92SelectsByTheValuesOfProperties) {
  EXPECT_THAT(bodies("a IS NOT NULL AND a > 6", 3),
              UnorderedElementsAre("message-7", "message-8", "message-9"));
}

TEST_F(Filter, Sql92SelectsByWhichPropertiesThereAre) {
  EXPECT_THAT(bodies("a IS NULL AND TAGS IS NULL", 2), UnorderedElementsAre("plain-0", "plain-1"));
}

TEST_F(Filter, Sql92CombinesTagsAndProperties) {
  EXPECT_THAT(bodies("TAGS = 'tagged' AND a BETWEEN 2 AND 3", 2),
              UnorderedElementsAre("message-2", "message-3"));
}

TEST_F(Filter, AConditionThatCannotBeReadIsRefusedInTheBrokersWordsAndRegistersNothing) {
  ConsumerConfig config = filtering(cluster(), topic, "a >>> 5");
  const Failure failure = start_failure(config);
  EXPECT_EQ(failure.code, Errc::invalid_argument);
  EXPECT_THAT(failure.message,
              HasSubstr("the expression 'a >>> 5' was refused with SUBSCRIPTION_PARSE_FAILED"));
  ASSERT_TRUE(failure.server.has_value());
  EXPECT_THAT(failure.server->remark, HasSubstr("Encountered"));
  EXPECT_TRUE(eventually_unknown(cluster(), config.group));
}

TEST_F(Filter, AConditionIsAlsoCheckedWhereTheTopicDoesNotExistYet) {
  const Failure failure = start_failure(filtering(cluster(), "absent", "a >>> 5"));
  EXPECT_EQ(failure.code, Errc::invalid_argument);
  EXPECT_THAT(failure.message, HasSubstr("SUBSCRIPTION_PARSE_FAILED"));
}

TEST(FilterFull, ABrokerWithoutPropertyFilterRefusesSql92AtTheStart) {
  RealBroker cluster({.extra = {"--set", "enablePropertyFilter=false"}});
  cluster.create_topic("topic", 1);
  ConsumerConfig config = filtering(cluster, "topic", "a > 5");
  const Failure failure = start_failure(config);
  EXPECT_EQ(failure.code, Errc::invalid_argument);
  ASSERT_TRUE(failure.server.has_value());
  EXPECT_THAT(failure.server->remark, HasSubstr("does not support consumer to filter message by SQL92"));
  EXPECT_TRUE(eventually_unknown(cluster, config.group));
}

}  // namespace
}  // namespace rocketmq::test
