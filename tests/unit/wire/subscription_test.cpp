#include "wire/subscription.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/java_hash.h"
#include "wire/json_fields.h"

namespace rocketmq::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(JavaHash, AgreesWithJavasStringHashCode) {
  EXPECT_EQ(java_string_hash(""), 0);
  EXPECT_EQ(java_string_hash("a"), 97);
  EXPECT_EQ(java_string_hash("TagA"), 2598919);
  EXPECT_EQ(java_string_hash("hello world"), 1794106052);
  EXPECT_EQ(java_string_hash("polygenelubricants"), INT32_MIN);
  EXPECT_EQ(java_string_hash("主题"), 20027 * 31 + 39064);
  EXPECT_EQ(java_string_hash("😀"), 0xD83D * 31 + 0xDE00);
}

SubscriptionData parse(std::string_view expression) {
  SubscriptionData subscription;
  EXPECT_FALSE(parse_tag_expression("t", expression, 5, subscription).failed()) << expression;
  return subscription;
}

TEST(TagExpression, StarAndNothingMeanEverything) {
  for (const char* text : {"*", "", " ", " * "}) {
    const SubscriptionData subscription = parse(text);
    EXPECT_EQ(subscription.sub_string, "*");
    EXPECT_TRUE(subscription.tags_set.empty());
    EXPECT_TRUE(subscription.code_set.empty());
    EXPECT_TRUE(subscription.matches("anything"));
    EXPECT_TRUE(subscription.matches(""));
  }
}

TEST(TagExpression, TagsAreSeparatedByTwoBars) {
  const SubscriptionData subscription = parse("TagA ||a|| TagA||");
  EXPECT_EQ(subscription.topic, "t");
  EXPECT_EQ(subscription.sub_version, 5);
  EXPECT_EQ(subscription.sub_string, "TagA ||a|| TagA||");
  EXPECT_THAT(subscription.tags_set, ElementsAre("TagA", "a"));
  EXPECT_THAT(subscription.code_set, ElementsAre(2598919, 97));
  EXPECT_TRUE(subscription.matches("a"));
  EXPECT_FALSE(subscription.matches("b"));
  EXPECT_FALSE(subscription.matches(""));
}

TEST(TagExpression, TagsOfOneHashAreToldApart) {
  ASSERT_EQ(java_string_hash("Aa"), java_string_hash("BB"));
  const SubscriptionData both = parse("Aa||BB");
  EXPECT_EQ(both.code_set.size(), 1U);
  EXPECT_TRUE(both.matches("BB"));
  EXPECT_FALSE(parse("Aa").matches("BB"));
}

TEST(TagExpression, BarsWithoutATagAreAnError) {
  SubscriptionData subscription;
  subscription.topic = "kept";
  const Failure failure = parse_tag_expression("t", " || ||", 0, subscription);
  EXPECT_EQ(failure.code, Errc::invalid_argument);
  EXPECT_THAT(failure.message, HasSubstr("' || ||' holds no tag"));
  EXPECT_EQ(subscription.topic, "kept");
}

TEST(Sql92, IsKeptAsItIsAndNeverFilteredHere) {
  SubscriptionData subscription;
  ASSERT_FALSE(make_sql92_subscription("t", "a > 5 AND TAGS = 'x'", 7, subscription).failed());
  EXPECT_EQ(subscription.expression_type, "SQL92");
  EXPECT_EQ(subscription.sub_string, "a > 5 AND TAGS = 'x'");
  EXPECT_TRUE(subscription.matches("whatever"));
  EXPECT_EQ(make_sql92_subscription("t", "  ", 7, subscription).code, Errc::invalid_argument);
}

TEST(Tag, OneThatNobodyCouldSubscribeToIsRefused) {
  for (const char* good : {"", "a", "tag A", "a|b", "a*", "标签"})
    EXPECT_FALSE(check_tag(good).failed()) << good;
  for (const char* bad : {"*", "a || b", "a||b", "||", " a", "a ", "\ta", " ", " * "}) {
    const Failure failure = check_tag(bad);
    EXPECT_EQ(failure.code, Errc::invalid_argument) << bad;
    EXPECT_THAT(failure.message, HasSubstr("no consumer could subscribe to the tag '")) << bad;
  }
}

TEST(Subscription, TheSameTagsWantTheSameHoweverTheyAreWritten) {
  EXPECT_TRUE(wants_the_same(parse("a||b"), parse(" b || a || b")));
  EXPECT_TRUE(wants_the_same(parse("*"), parse("")));
  EXPECT_FALSE(wants_the_same(parse("a"), parse("b")));
  EXPECT_FALSE(wants_the_same(parse("a"), parse("*")));
  SubscriptionData other_topic = parse("a");
  other_topic.topic = "u";
  EXPECT_FALSE(wants_the_same(parse("a"), other_topic));
  SubscriptionData sql;
  ASSERT_FALSE(make_sql92_subscription("t", "a > 5", 7, sql).failed());
  SubscriptionData with_blanks;
  ASSERT_FALSE(make_sql92_subscription("t", " a > 5 ", 8, with_blanks).failed());
  EXPECT_TRUE(wants_the_same(sql, with_blanks));
  EXPECT_FALSE(wants_the_same(sql, parse("*")));
  EXPECT_EQ(to_string(sql), "topic 't', SQL92 expression 'a > 5'");
  EXPECT_EQ(to_string(parse("a || b")), "topic 't', expression 'a || b'");
}

TEST(Subscription, SeveralAreTheSameInAnyOrder) {
  const auto of = [](const char* topic, const char* expression) {
    SubscriptionData data;
    EXPECT_FALSE(parse_tag_expression(topic, expression, 1, data).failed());
    return data;
  };
  const std::vector<SubscriptionData> some{of("t", "a"), of("u", "*")};
  const std::vector<SubscriptionData> turned{of("u", "*"), of("t", "a")};
  const std::vector<SubscriptionData> other{of("t", "*"), of("u", "*")};
  const std::vector<SubscriptionData> fewer{of("t", "a")};
  EXPECT_TRUE(wants_the_same(some, turned));
  EXPECT_FALSE(wants_the_same(some, other));
  EXPECT_FALSE(wants_the_same(some, fewer));
  EXPECT_FALSE(wants_the_same(fewer, some));
  EXPECT_EQ(to_string(some), "topic 't', expression 'a' and topic 'u', expression '*'");
}

TEST(Subscription, JsonIsWhatABrokerReads) {
  std::string out;
  JsonWriter writer(out);
  write_json(writer, parse("a"));
  EXPECT_EQ(out, R"({"classFilterMode":false,"codeSet":[97],"expressionType":"TAG","subString":"a",)"
                 R"("subVersion":5,"tagsSet":["a"],"topic":"t"})");
  JsonValue value;
  ASSERT_EQ(read_json(out, value), Errc::ok);
  SubscriptionData decoded;
  ASSERT_EQ(read_value(value, decoded), Errc::ok);
  EXPECT_EQ(decoded, parse("a"));
}

}  // namespace
}  // namespace rocketmq::wire
