// The rows of a table as JSON messages.

#include "plugin/json_bodies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "plugin/message_table.h"
#include "script_values.h"
#include "support/comma_locale.h"

namespace rocketmq::plugin::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ConstantSP doubles(const std::vector<double>& values) {
  const VectorSP vector = Util::createVector(DT_DOUBLE, static_cast<INDEX>(values.size()));
  (void)vector->setDouble(0, static_cast<int>(values.size()), values.data());
  vector->setNullFlag(true);
  return vector;
}

ConstantSP longs(const std::vector<long long>& values, DATA_TYPE type = DT_LONG) {
  const VectorSP vector = Util::createVector(type, static_cast<INDEX>(values.size()));
  (void)vector->setLong(0, static_cast<int>(values.size()), values.data());
  vector->setNullFlag(true);
  return vector;
}

std::vector<std::string> bodies_of(const std::vector<std::string>& names,
                                   const std::vector<ConstantSP>& columns) {
  const Texts bodies = make_json_bodies(Util::createTable(names, columns));
  return {bodies.views.begin(), bodies.views.end()};
}

TEST(JsonBodies, HaveAMemberForEachValueThatIsNotNull) {
  constexpr long long null_long = std::numeric_limits<long long>::min();
  EXPECT_THAT(bodies_of({"s", "n"}, {texts({"a", "", "q\"\\\n"}), longs({1, null_long, -3})}),
              ElementsAre(R"({"s":"a","n":1})", "{}", R"({"s":"q\"\\\n","n":-3})"));
}

TEST(JsonBodies, NumbersReadBackTheSameAndWhatIsNoNumberIsLeftOut) {
  EXPECT_THAT(bodies_of({"d"}, {doubles({0.1, 1e300, std::numeric_limits<double>::quiet_NaN(),
                                         std::numeric_limits<double>::infinity(), -0.0})}),
              ElementsAre(R"({"d":0.1})", R"({"d":1e+300})", "{}", "{}", R"({"d":-0})"));
}

TEST(JsonBodies, ArraysAreArrays) {
  const ConstantSP ends = longs({2, 3}, DT_INDEX);
  const ConstantSP values = longs({7, 8, 9}, DT_LONG);
  EXPECT_THAT(bodies_of({"a"}, {ConstantSP(new FastArrayVector(ends, values))}),
              ElementsAre(R"({"a":[7,8]})", R"({"a":[9]})"));
}

// A host may have set one for its users.
TEST(JsonBodies, NumbersAreJsonsInEveryLocale) {
  const rocketmq::test::CommaLocale locale;
  if (!locale.is_set()) GTEST_SKIP() << "this machine has no locale with a decimal comma";
  const VectorSP floats = Util::createVector(DT_FLOAT, 1);
  floats->setFloat(0, 0.1F);
  EXPECT_THAT(bodies_of({"d", "f", "n"}, {doubles({1234567.5}), floats, longs({1234567})}),
              ElementsAre(R"({"d":1234567.5,"f":0.1,"n":1234567})"));
}

TEST(JsonBodies, ASchemaReadsTextsOfEveryTypeAndArraysBack) {
  constexpr int null_int = std::numeric_limits<int>::min();
  const ConstantSP ends = longs({2, 3, 4}, DT_INDEX);
  const auto array = [&ends](const ConstantSP& values) {
    return ConstantSP(new FastArrayVector(ends, values));
  };
  const std::vector<std::string> names{"symbol", "blob", "ints", "longs", "doubles"};
  const std::vector<ConstantSP> columns{texts({"IBM", "", "\u00e9\"\\\n"}, DT_SYMBOL),
                                        texts({"{\"a\":1}", "b", ""}, DT_BLOB),
                                        array(longs({1, null_int, -3, 2147483647}, DT_INT)),
                                        array(longs({9007199254740993, -1, 0, 9223372036854775807}, DT_LONG)),
                                        array(doubles({0.1, 1e300, -0.0, 5e-324}))};
  MessageTableFormat format{.body = BodyFormat::json, .columns = {}};
  using enum rows::ColumnType;
  for (std::size_t i = 0; i < names.size(); ++i) {
    constexpr std::array types{symbol, blob, integer, long_integer, float64};
    format.schema.push_back({.name = names[i], .type = types[i], .path = {names[i]}, .is_array = i >= 2});
  }
  const std::vector<std::string> bodies = bodies_of(names, columns);
  ASSERT_EQ(bodies.size(), 3U);
  std::vector<ReceivedMessage> messages(bodies.size());
  for (std::size_t i = 0; i < bodies.size(); ++i)
    messages[i].body = as_bytes(bodies[i]);
  const MessageTable back = MessageTableMaker(format).make(messages);
  ASSERT_TRUE(back.bad.empty()) << back.bad[0].error;
  ASSERT_EQ(back.table->size(), 3);
  for (INDEX i = 0; i < 5; ++i) {
    const ConstantSP& sent = columns[static_cast<std::size_t>(i)];
    EXPECT_EQ(back.table->getColumn(i)->getType(), sent->getType()) << back.table->getColumnName(i);
    for (INDEX row = 0; row < 3; ++row) {
      EXPECT_EQ(back.table->getColumn(i)->get(row)->getString(), sent->get(row)->getString())
          << back.table->getColumnName(i) << " in row " << row;
    }
  }
}

TEST(JsonBodies, AColumnThatNoSchemaHasIsRefusedByItsName) {
  const VectorSP hours = Util::createVector(DT_DATEHOUR, 1);
  EXPECT_THAT(error_of([&] {
                (void)bodies_of({"n", "hour"}, {longs({1}), hours});
              }),
              HasSubstr("data: the column \"hour\" cannot become JSON; given: a DATEHOUR vector"));
}

TEST(JsonBodies, ErrorsNameTheColumnAndTheRow) {
  EXPECT_THAT(error_of([] {
                (void)bodies_of({"s"}, {texts({"good", "\xFF"})});
              }),
              HasSubstr(R"(data: the value of "s" in row 1 is not UTF-8)"));
  EXPECT_THAT(error_of([] { (void)make_json_bodies(text("x")); }),
              HasSubstr(R"(data must be a table with sendConfig's format "JSON"; given: a STRING scalar)"));
}

}  // namespace
}  // namespace rocketmq::plugin::test
