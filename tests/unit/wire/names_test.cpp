#include "wire/names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rocketmq::wire {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(Names, AcceptWhatRocketmqAccepts) {
  EXPECT_FALSE(check_topic("TopicTest_1-%|x").failed());
  EXPECT_FALSE(check_topic(std::string(127, 'a')).failed());
  EXPECT_FALSE(check_topic("%RETRY%" + std::string(248, 'a')).failed());
  EXPECT_FALSE(check_group(std::string(120, 'a')).failed());
  EXPECT_FALSE(check_namespace("MQ_INST_1_x").failed());
}

TEST(Names, ErrorsSayWhichCharacterAndWhere) {
  const Failure failure = check_topic("my topic");
  EXPECT_EQ(failure.code, Errc::invalid_name);
  EXPECT_EQ(failure.message,
            "the topic 'my topic' contains a blank at position 3; allowed are letters, digits and % | _ -");
  EXPECT_THAT(check_topic("a主题").message, AllOf(HasSubstr("'主'"), HasSubstr("position 2")));
  EXPECT_THAT(check_group("a\nb").message, AllOf(HasSubstr("the group 'a\\x0ab'"), HasSubstr("'\\x0a'")));
  EXPECT_THAT(check_topic("a.b").message, HasSubstr("'.'"));
}

TEST(Names, ErrorsSayTheLengthAndTheLimit) {
  EXPECT_THAT(check_topic(std::string(128, 'a')).message,
              AllOf(HasSubstr("has 128 characters"), HasSubstr("at most 127")));
  EXPECT_THAT(check_group(std::string(121, 'a')).message,
              AllOf(HasSubstr("has 121 characters"), HasSubstr("at most 120")));
  EXPECT_THAT(check_topic("%DLQ%" + std::string(251, 'a')).message, HasSubstr("at most 255"));
}

TEST(Names, BlankOnesAreErrors) {
  EXPECT_EQ(check_topic("").message, "the topic is blank; give it a name");
  EXPECT_EQ(check_group("  ").message, "the group is blank; give it a name");
}

TEST(Names, ANamespaceHasNoSeparator) {
  EXPECT_THAT(check_namespace("a%b").message, HasSubstr("contains '%'"));
}

TEST(Names, RocketmqsOwnTopicsAreNotSentTo) {
  EXPECT_THAT(check_send_topic("SCHEDULE_TOPIC_XXXX").message, HasSubstr("RocketMQ's own"));
  EXPECT_THAT(check_send_topic("rmq_sys_wheel_timer").message, HasSubstr("RocketMQ's own"))
      << "a message there ends the broker's timers for good";
  EXPECT_FALSE(check_send_topic("BenchmarkTest").failed());
  EXPECT_EQ(check_send_topic("a b").code, Errc::invalid_name);
}

TEST(Names, GroupsThatRocketmqKeepsForItselfAreRefused) {
  for (const char* group : {"DEFAULT_PRODUCER", "CLIENT_INNER_PRODUCER", "SELF_TEST_P_GROUP"}) {
    EXPECT_EQ(
        check_producer_group(group).message,
        std::string("the group '") + group + "' is one that RocketMQ keeps for itself; use another name");
    EXPECT_EQ(check_producer_group(group).code, Errc::invalid_name);
  }
  for (const char* group :
       {"DEFAULT_CONSUMER", "TOOLS_CONSUMER", "SCHEDULE_CONSUMER", "FILTERSRV_CONSUMER", "__MONITOR_CONSUMER",
        "SELF_TEST_C_GROUP", "CID_ONS-HTTP-PROXY", "CID_ONSAPI_OWNER", "CID_ONSAPI_PERMISSION",
        "CID_ONSAPI_PULL", "CID_RMQ_SYS_TRANS"}) {
    EXPECT_THAT(check_consumer_group(group).message, HasSubstr("keeps for itself")) << group;
  }
  for (const char* group : {"group1", "default_producer", "DEFAULT_PRODUCER1", "ns%DEFAULT_CONSUMER"}) {
    EXPECT_FALSE(check_producer_group(group).failed()) << group;
    EXPECT_FALSE(check_consumer_group(group).failed()) << group;
  }
  EXPECT_EQ(check_producer_group("a b").code, Errc::invalid_name);
  EXPECT_EQ(check_consumer_group("a b").code, Errc::invalid_name);
}

TEST(Namespace, IsPutBeforeTopicsGroupsAndTheirSpecialTopics) {
  EXPECT_EQ(wrap_namespace("ns", "t"), "ns%t");
  EXPECT_EQ(wrap_namespace("ns", "%RETRY%g"), "%RETRY%ns%g");
  EXPECT_EQ(wrap_namespace("ns", "%DLQ%g"), "%DLQ%ns%g");
  EXPECT_EQ(wrap_namespace("", "t"), "t");
  EXPECT_EQ(wrap_namespace("ns", ""), "");
}

TEST(Namespace, IsPutThereOnceOnly) {
  for (const char* name : {"ns%t", "%RETRY%ns%g", "%DLQ%ns%g"})
    EXPECT_EQ(wrap_namespace("ns", name), name);
  EXPECT_EQ(wrap_namespace("ns", "nst"), "ns%nst");
}

TEST(Namespace, SystemNamesNeverGetOne) {
  for (const char* name :
       {"TBW102", "SCHEDULE_TOPIC_XXXX", "RMQ_SYS_TRACE_TOPIC", "rmq_sys_anything", "CID_RMQ_SYS_TRACE"}) {
    EXPECT_EQ(wrap_namespace("ns", name), name);
  }
}

TEST(Namespace, TakingItOffUndoesPuttingItThere) {
  for (const char* name : {"t", "%RETRY%g", "%DLQ%g", "TBW102"}) {
    EXPECT_EQ(unwrap_namespace("ns", wrap_namespace("ns", name)), name);
  }
  EXPECT_EQ(unwrap_namespace("ns", "other%t"), "other%t");
  EXPECT_EQ(unwrap_namespace("", "ns%t"), "ns%t");
  EXPECT_EQ(retry_topic("ns%g"), "%RETRY%ns%g");
}

}  // namespace
}  // namespace rocketmq::wire
