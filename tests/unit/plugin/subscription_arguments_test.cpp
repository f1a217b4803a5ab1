#include "plugin/subscription_arguments.h"

#include <gtest/gtest.h>

#include "plugin/argument_error.h"
#include "script_values.h"

namespace rocketmq::plugin::test {
namespace {

/// "topic:expression topic:expression", or the error.
std::string read(const ConstantSP& topic, const ConstantSP& expression) {
  const std::vector<ConstantSP> values{topic, expression};
  const Arguments arguments(values, 0, 2);
  std::string text;
  try {
    for (const auto& [name, wanted] : read_subscriptions(arguments, 0, 1))
      text += (text.empty() ? "" : " ") + name + ":" + wanted;
  } catch (const ArgumentError& error) {
    return error.what();
  }
  return text;
}

TEST(SubscriptionArguments, AScalarTopicHasOneExpression) {
  EXPECT_EQ(read(text("a"), omitted()), "a:*");
  EXPECT_EQ(read(text("a"), text("")), "a:*");
  EXPECT_EQ(read(text("a"), text("x || y")), "a:x || y");
}

TEST(SubscriptionArguments, AVectorOfTopicsHasOneExpressionForAllOrOneEach) {
  EXPECT_EQ(read(texts({"a", "b"}), omitted()), "a:* b:*");
  EXPECT_EQ(read(texts({"a", "b"}), null_value()), "a:* b:*");
  EXPECT_EQ(read(texts({"a", "b"}), text("x")), "a:x b:x");
  EXPECT_EQ(read(texts({"a", "b"}), texts({"x", ""})), "a:x b:*");
  EXPECT_EQ(read(texts({"a"}), texts({"x"})), "a:x");
}

TEST(SubscriptionArguments, WhatIsWrongIsNamedByItsElement) {
  EXPECT_EQ(read(texts({"a", "b", "a"}), omitted()), "topic: \"a\" stands there twice, as elements 0 and 2.");
  EXPECT_EQ(read(texts({"a", ""}), omitted()), "topic: element 1 is empty.");
  EXPECT_EQ(read(texts({}), omitted()),
            "topic must be a STRING scalar or a vector of 1 to 256 elements; given: a STRING vector of 0 "
            "elements.");
  EXPECT_EQ(
      read(texts({"a", "b"}), texts({"x", "y", "z"})),
      "subExpression must be a STRING scalar, or have one element per topic, 2; given: a STRING vector of "
      "3 elements.");
  EXPECT_EQ(read(texts({"a", "b"}), integer(5)),
            "subExpression must be a STRING scalar or vector; given: the INT scalar 5.");
  EXPECT_EQ(read(integer(5), omitted()), "topic must be a STRING scalar; given: the INT scalar 5.");
}

TEST(SubscriptionArguments, AConditionThatIsReadAsTagsGivesAWarning) {
  const auto warning = warn_of_condition("price > 5", ExpressionType::tag, "readConfig");
  ASSERT_TRUE(warning.has_value());
  EXPECT_NE(warning->find("\"price > 5\" looks like an SQL92 condition, but is read as tags"),
            std::string::npos);
  EXPECT_NE(warning->find("needs expressionType=\"SQL92\" in readConfig"), std::string::npos);
  EXPECT_EQ(warn_of_condition("price > 5", ExpressionType::sql92, "readConfig"), std::nullopt);
  EXPECT_EQ(warn_of_condition("a || b", ExpressionType::tag, "readConfig"), std::nullopt);
}

}  // namespace
}  // namespace rocketmq::plugin::test
