// The rows of a table as JSON messages.

#include "plugin/json_bodies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "script_values.h"

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
