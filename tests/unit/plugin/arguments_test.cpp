#include "plugin/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin/argument_error.h"
#include "script_values.h"

namespace rocketmq::plugin::test {
namespace {

using ::testing::HasSubstr;

TEST(Arguments, CountOutOfRangeSaysWhatIsAllowed) {
  const std::vector<ConstantSP> one{text("a")};
  EXPECT_EQ(error_of([&] { Arguments(one, 2, 3); }),
            "The function expects 2~3 argument(s), but the actual number of arguments is: 1");
  EXPECT_EQ(error_of([&] { Arguments(one, 0, 0); }),
            "The function expects 0 argument(s), but the actual number of arguments is: 1");
  EXPECT_EQ(error_of([&] { Arguments({}, 1, 1); }),
            "The function expects 1 argument(s), but the actual number of arguments is: 0");
}

TEST(Arguments, MissingOmittedAndNullMeanNotGiven) {
  const std::vector<ConstantSP> values{text("a"), omitted(), null_value()};
  const Arguments arguments(values, 1, 5);
  EXPECT_TRUE(arguments.given(0));
  EXPECT_FALSE(arguments.given(1));
  EXPECT_FALSE(arguments.given(2));
  EXPECT_FALSE(arguments.given(3));
  EXPECT_EQ(arguments.text_or(1, "tag", "*"), "*");
  EXPECT_EQ(arguments.text_or(2, "tag", "*"), "*");
  EXPECT_EQ(arguments.text_or(3, "tag", "*"), "*");
}

TEST(Arguments, RequiredTextRefusesEverythingElse) {
  const std::vector<ConstantSP> values{integer(5), texts({"a"}), text(""), null_value(), text("topic1")};
  const Arguments arguments(values, 0, 5);
  EXPECT_EQ(error_of([&] { return arguments.text(0, "topic"); }),
            "topic must be a STRING scalar; given: the INT scalar 5.");
  EXPECT_EQ(error_of([&] { return arguments.text(1, "topic"); }),
            "topic must be a STRING scalar; given: a STRING vector of 1 elements.");
  EXPECT_EQ(error_of([&] { return arguments.text(2, "topic"); }),
            "topic must be a STRING scalar that is not empty; given: an empty (NULL) STRING.");
  EXPECT_EQ(error_of([&] { return arguments.text(3, "topic"); }), "topic is required; given: NULL.");
  EXPECT_EQ(arguments.text(4, "topic"), "topic1");
}

TEST(Arguments, EmptyTextPassesWhereItIsAllowed) {
  const std::vector<ConstantSP> values{text(""), null_value()};
  const Arguments arguments(values, 0, 2);
  EXPECT_EQ(arguments.text_or_empty(0, "namesrvAddr"), "");
  EXPECT_THROW(static_cast<void>(arguments.text_or_empty(1, "namesrvAddr")), ArgumentError);
  EXPECT_EQ(arguments.text_or(0, "subExpression", "*"), "*");
}

TEST(Arguments, HandlerMustBeAFunctionOfOneArgument) {
  const std::vector<ConstantSP> values{text("f"), handler([](Heap*, const auto&) {}, 2), ignoring_handler()};
  const Arguments arguments(values, 0, 3);
  EXPECT_THAT(
      error_of([&] { static_cast<void>(arguments.unary_function(0, "handler")); }),
      HasSubstr("handler must be a function of one argument, the table of messages; given: the STRING "
                "scalar \"f\"."));
  EXPECT_THAT(error_of([&] { static_cast<void>(arguments.unary_function(1, "handler")); }),
              HasSubstr("\"handler\" does not take exactly one. Bind the others by a partial application"));
  EXPECT_FALSE(arguments.unary_function(2, "handler").isNull());
}

}  // namespace
}  // namespace rocketmq::plugin::test
