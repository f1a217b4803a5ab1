#include "plugin/sdk_strings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rocketmq::plugin::test {
namespace {

using ::testing::ElementsAre;
using namespace std::string_literals;

TEST(StringColumn, KeepsBytesAndOrderOverManyChunks) {
  StringColumn column(DT_BLOB, 5000);
  std::vector<std::string> expected;
  for (int i = 0; i < 5000; ++i) {
    expected.push_back("row\0\xff"s + std::to_string(i));
    column.append(expected.back());
  }
  const VectorSP built = column.finish();
  EXPECT_EQ(built->getType(), DT_BLOB);
  EXPECT_FALSE(built->getNullFlag());
  const std::vector<std::string_view> read = strings_of(built);
  EXPECT_EQ(std::vector<std::string>(read.begin(), read.end()), expected);
}

TEST(StringColumn, AnEmptyStringIsANullThatTheServerIsToldOf) {
  StringColumn column(DT_STRING, 2);
  column.append("a");
  column.append("");
  const VectorSP built = column.finish();
  EXPECT_TRUE(built->getNullFlag());
  EXPECT_FALSE(built->isNull(0));
  EXPECT_TRUE(built->isNull(1));
}

TEST(StringColumn, MayHaveMoreRowsThanWereExpectedAndNone) {
  StringColumn more(DT_STRING, 0);
  for (const char* text : {"a", "b", "c"})
    more.append(text);
  const VectorSP built = more.finish();
  EXPECT_THAT(strings_of(built), ElementsAre("a", "b", "c"));
  EXPECT_EQ(StringColumn(DT_STRING, 0).finish()->size(), 0);
}

TEST(StringOf, GivesTheBytesOfAScalar) {
  const ConstantSP scalar = new String(DolphinString("a\0b"s), true);
  EXPECT_EQ(string_of(scalar), "a\0b"s);
}

}  // namespace
}  // namespace rocketmq::plugin::test
