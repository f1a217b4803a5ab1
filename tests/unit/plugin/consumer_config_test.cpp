#include "plugin/consumer_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/wall_clock.h"
#include "plugin/argument_error.h"
#include "script_values.h"

namespace rocketmq::plugin::test {
namespace {

using ::testing::HasSubstr;

const SubscriptionArguments subscription{"127.0.0.1:9876", "group1", {{"topic1"}}};

JobConfig read(const ConstantSP& dictionary) {
  return read_job_config(subscription, dictionary);
}
std::string error(const std::string& key, const ConstantSP& value) {
  return error_of([&] { static_cast<void>(read(config({{key, value}}))); });
}

TEST(ConsumerConfigKeys, AreThoseOfTheManualAndExpressionTypeAndTls) {
  JobConfig target;
  ConfigReader reader("consumerConfig");
  add_consumer_keys(reader, target);
  std::vector<std::string> names;
  for (const ConfigKey& key : reader.keys())
    names.push_back(key.name);
  EXPECT_THAT(
      names, ::testing::UnorderedElementsAre(
                 "sessionCredentials", "messageModel", "consumeFromWhere", "namesrvDomain", "instanceName",
                 "unitName", "nameSpace", "consumeThreadCount", "pullMsgThreadPoolCount", "maxReconsumeTimes",
                 "tcpTransportConnectTimeout", "asyncPull", "batchSize", "throttle", "expressionType",
                 "useTLS", "tlsCaFile", "tlsCertFile", "tlsKeyFile", "tlsKeyPassword", "tlsVerify",
                 "tlsVerifyHost", "columns", "format", "schema", "delimiter", "errorHandler", "jobName",
                 "consumeTimestamp", "startOffsets", "onError", "retryInterval"));
}

TEST(ConsumerConfigKeys, DefaultsAreThoseOfTheManual) {
  const JobConfig result = read(ConstantSP());
  EXPECT_EQ(result.consumer.group, "group1");
  ASSERT_EQ(result.consumer.subscriptions.size(), 1U);
  EXPECT_EQ(result.consumer.subscriptions[0].topic, "topic1");
  EXPECT_EQ(result.consumer.subscriptions[0].sub_expression, "*");
  EXPECT_EQ(result.consumer.message_model, MessageModel::clustering);
  EXPECT_EQ(result.consumer.consume_from_where, ConsumeFromWhere::last_offset);
  EXPECT_EQ(result.consumer.expression_type, ExpressionType::tag);
  EXPECT_EQ(result.consumer.max_reconsume_times, std::nullopt);
  EXPECT_EQ(result.consumer.client.io_threads, 1);
  EXPECT_EQ(result.consumer.client.connect_timeout_ms, 3000);
  EXPECT_EQ(result.handler.threads, 1);
  EXPECT_FALSE(result.handler.async_pull);
  EXPECT_EQ(result.handler.batch_size, 10000);
  EXPECT_EQ(result.handler.throttle_ms, 1);
  EXPECT_FALSE(result.handler.block);
}

TEST(ConsumerConfigKeys, EveryColumnOfASchemaHasAName) {
  for (const std::string& path : {std::string(), std::string("/a")}) {
    const ConstantSP schema = Util::createTable({"name", "type", "path"},
                                                {texts({"a", ""}), texts({"INT", "INT"}), texts({"", path})});
    EXPECT_EQ(error_of([&] {
                static_cast<void>(read(config({{"format", text("JSON")}, {"schema", schema}})));
              }),
              "consumerConfig: schema: row 1 (\"\") has no name.")
        << path;
  }
}

TEST(ConsumerConfigKeys, OnErrorIsASwitchWithATimeBetweenCalls) {
  EXPECT_FALSE(read(config({{"onError", text("SKIP")}})).handler.block);
  const JobConfig block = read(config({{"onError", text("BLOCK")}}));
  EXPECT_TRUE(block.handler.block);
  EXPECT_EQ(block.handler.retry_interval_ms, 1000);
  EXPECT_EQ(
      read(config({{"onError", text("BLOCK")}, {"retryInterval", integer(50)}})).handler.retry_interval_ms,
      50);
  EXPECT_THAT(error("onError", text("STOP")), HasSubstr("SKIP"));
  EXPECT_THAT(error("retryInterval", integer(0)), HasSubstr("retryInterval"));
}

TEST(ConsumerConfigKeys, OnErrorBlockAndMaxReconsumeTimesExcludeEachOther) {
  EXPECT_THAT(
      error_of([&] {
        static_cast<void>(read(config({{"maxReconsumeTimes", integer(3)}, {"onError", text("BLOCK")}})));
      }),
      HasSubstr("onError=\"BLOCK\" and maxReconsumeTimes exclude each other"));
  EXPECT_EQ(read(config({{"maxReconsumeTimes", integer(3)}, {"onError", text("SKIP")}}))
                .handler.max_reconsume_times,
            3);
}

TEST(ConsumerConfigKeys, EachReachesItsField) {
  const JobConfig result = read(config({{"sessionCredentials", texts({"ak", "sk"})},
                                        {"messageModel", text("BROADCASTING")},
                                        {"consumeFromWhere", text("CONSUME_FROM_FIRST_OFFSET")},
                                        {"expressionType", text("SQL92")},
                                        {"consumeThreadCount", integer(4)},
                                        {"pullMsgThreadPoolCount", integer(2)},
                                        {"asyncPull", boolean(true)},
                                        {"batchSize", integer(500)},
                                        {"throttle", number(2.5)}}));
  EXPECT_EQ(result.consumer.client.credentials.access_key, "ak");
  EXPECT_EQ(result.consumer.client.credentials.access_channel, "");
  EXPECT_EQ(result.consumer.message_model, MessageModel::broadcasting);
  EXPECT_EQ(result.consumer.consume_from_where, ConsumeFromWhere::first_offset);
  EXPECT_EQ(result.consumer.expression_type, ExpressionType::sql92);
  EXPECT_EQ(result.handler.threads, 4);
  EXPECT_EQ(result.consumer.client.io_threads, 2);
  EXPECT_TRUE(result.handler.async_pull);
  EXPECT_EQ(result.handler.batch_size, 500);
  EXPECT_EQ(result.handler.throttle_ms, 2.5);
  const JobConfig retrying = read(config({{"maxReconsumeTimes", integer(3)}}));
  EXPECT_EQ(retrying.consumer.max_reconsume_times, 3);
  EXPECT_EQ(retrying.handler.max_reconsume_times, 3);
}

class ConsumerNumber : public ::testing::TestWithParam<const char*> {};

TEST_P(ConsumerNumber, MustBeAnIntegerGreaterThanZero) {
  const std::string key = GetParam();
  for (const ConstantSP& wrong : {integer(0), integer(-1), number(1.5), text("1"), null_value(),
                                  boolean(true), long_integer(1LL << 40)}) {
    EXPECT_THAT(error(key, wrong), HasSubstr("consumerConfig: " + key + " must be an INT scalar "));
  }
  EXPECT_EQ(error(key, integer(1)), "");
}

INSTANTIATE_TEST_SUITE_P(Keys, ConsumerNumber,
                         ::testing::Values("consumeThreadCount", "pullMsgThreadPoolCount",
                                           "maxReconsumeTimes", "tcpTransportConnectTimeout", "batchSize"));

TEST(ConsumerConfigKeys, WordsAreTakenExactly) {
  EXPECT_THAT(error("messageModel", text("clustering")), HasSubstr("\"CLUSTERING\", \"BROADCASTING\""));
  EXPECT_THAT(
      error("consumeFromWhere", text("FIRST")),
      HasSubstr("\"CONSUME_FROM_LAST_OFFSET\", \"CONSUME_FROM_FIRST_OFFSET\", \"CONSUME_FROM_TIMESTAMP\""));
  EXPECT_THAT(error("expressionType", text("REGEX")), HasSubstr("\"TAG\", \"SQL92\""));
  EXPECT_THAT(error("messageModel", integer(1)), HasSubstr("given: the INT scalar 1."));
}

TEST(ConsumerConfigKeys, AStartInTimeIsHalfAnHourAgoUnlessItIsGiven) {
  const auto before = now_in_ms();
  const JobConfig result = read(config({{"consumeFromWhere", text("CONSUME_FROM_TIMESTAMP")}}));
  EXPECT_EQ(result.consumer.consume_from_where, ConsumeFromWhere::timestamp);
  EXPECT_GE(result.consumer.consume_timestamp_ms, before - 1'800'000);
  EXPECT_LE(result.consumer.consume_timestamp_ms, now_in_ms() - 1'800'000);
}

TEST(ConsumerConfigKeys, ATimeToStartFromNeedsAStartInTime) {
  const ConstantSP time = text("20240229010203");
  EXPECT_THAT(error("consumeTimestamp", time),
              HasSubstr("consumeTimestamp is only for consumeFromWhere \"CONSUME_FROM_TIMESTAMP\""));
  EXPECT_THAT(error_of([&] {
                static_cast<void>(read(config(
                    {{"consumeTimestamp", time}, {"consumeFromWhere", text("CONSUME_FROM_FIRST_OFFSET")}})));
              }),
              HasSubstr("only for consumeFromWhere"));
}

TEST(ConsumerConfigKeys, AsyncPullAndThrottleRefuseWrongValues) {
  EXPECT_THAT(error("asyncPull", text("true")), HasSubstr("asyncPull must be a BOOL scalar"));
  EXPECT_THAT(error("throttle", integer(0)), HasSubstr("throttle must be a FLOAT scalar greater than 0"));
  EXPECT_THAT(error("throttle", null_value()), HasSubstr("given: NULL."));
}

TEST(ConsumerConfigKeys, KeysOfProducersAreUnknown) {
  EXPECT_THAT(error("retryTimes", integer(1)), HasSubstr("consumerConfig: unknown key \"retryTimes\"."));
}

TEST(ConsumerConfigKeys, OneThatHasNoEffectIsWarnedOf) {
  using ::testing::ElementsAre;
  EXPECT_THAT(read(config({{"batchSize", integer(10'000)}, {"throttle", number(2)}})).warnings,
              ElementsAre("consumerConfig: batchSize has no effect without asyncPull=true",
                          "consumerConfig: throttle has no effect without asyncPull=true"));
  EXPECT_THAT(read(config({{"batchSize", integer(5)}, {"asyncPull", boolean(true)}})).warnings,
              ElementsAre());
  EXPECT_THAT(read(config({{"retryInterval", integer(5)}})).warnings,
              ElementsAre("consumerConfig: retryInterval has no effect without onError=\"BLOCK\""));
  EXPECT_THAT(read(config({{"retryInterval", integer(5)}, {"onError", text("BLOCK")}})).warnings,
              ElementsAre());
  const JobConfig broadcasting =
      read(config({{"messageModel", text("BROADCASTING")}, {"maxReconsumeTimes", integer(3)}}));
  EXPECT_THAT(broadcasting.warnings,
              ElementsAre(testing::HasSubstr("maxReconsumeTimes has no effect with BROADCASTING")));
  EXPECT_FALSE(broadcasting.consumer.max_reconsume_times) << "the client takes none";
  EXPECT_FALSE(broadcasting.handler.max_reconsume_times)
      << "what fails is given up, and errorHandler gets it";
  EXPECT_THAT(read(config({{"consumeThreadCount", integer(5)}})).warnings, ElementsAre());
  EXPECT_THAT(read(ConstantSP()).warnings, ElementsAre());
}

std::vector<std::string> warnings_of(const std::string& expression, const std::string& type) {
  SubscriptionArguments arguments = subscription;
  arguments.subscriptions.front().sub_expression = expression;
  return read_job_config(arguments, config({{"expressionType", text(type)}})).warnings;
}

TEST(ConsumerConfigKeys, AConditionThatIsReadAsTagsIsWarnedOf) {
  for (const char* sql :
       {"a > 5", "color = 'red'", "TAGS is not null", "price between 1 and 2", "a IN ('x')", "a<>b"}) {
    ASSERT_EQ(warnings_of(sql, "TAG").size(), 1U) << sql;
    EXPECT_THAT(warnings_of(sql, "TAG")[0], HasSubstr("looks like an SQL92 condition, but is read as tags"))
        << sql;
    EXPECT_TRUE(warnings_of(sql, "SQL92").empty()) << sql;
  }
  for (const char* tags : {"*", "", "tagA", "tagA || tagB", "IN || OUT", "AND||OR", "new york || BETWEEN"})
    EXPECT_TRUE(warnings_of(tags, "TAG").empty()) << tags;
}

TEST(ConsumerConfigKeys, TheBufferHoldsTwoBatches) {
  const JobConfig result = read(config({{"asyncPull", boolean(true)}, {"batchSize", integer(1'000'000)}}));
  EXPECT_GE(result.consumer.max_cached_messages, 2'000'000U);
}

}  // namespace
}  // namespace rocketmq::plugin::test
