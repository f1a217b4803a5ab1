// What messages have besides their bodies. Arguments that are wrong are in tests/scripts/plugin.

#include "plugin/send_columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>

#include "rocketmq/message_fields.h"
#include "script_values.h"

namespace rocketmq::plugin::test {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using Properties = std::map<std::string, std::string>;

/// The user properties of each message; one for all if they are told in a dictionary.
std::vector<Properties> properties_of(const ConstantSP& value, std::size_t messages = 1) {
  const SendColumns columns({}, config({{"properties", value}}));
  const std::vector<std::string_view> bodies(messages, "body");
  std::vector<Properties> all;
  for (std::string_view rest : columns.outgoing(bodies).properties) {
    Properties properties;
    for (MessageProperty property; next_property(rest, property);)
      properties.emplace(property.name, property.value);
    all.push_back(std::move(properties));
  }
  return all;
}

// SQL92 filters compare numbers: as a DOUBLE, 0.1 of a FLOAT is 0.10000000149011612.
TEST(SendProperties, NumbersHaveTheFewestDigitsThatTellThemInTheirType) {
  EXPECT_THAT(properties_of(config({{"f", new Float(0.1F)}, {"d", number(0.1)}, {"e", number(1e300)}})),
              ElementsAre(ElementsAre(Pair("d", "0.1"), Pair("e", "1e+300"), Pair("f", "0.1"))));
  const VectorSP floats = Util::createVector(DT_FLOAT, 2);
  floats->setFloat(0, 0.1F);
  floats->setFloat(1, -16777216.0F);
  EXPECT_THAT(properties_of(Util::createTable({"f"}, {floats}), 2),
              ElementsAre(ElementsAre(Pair("f", "0.1")), ElementsAre(Pair("f", "-16777216"))));
}

TEST(SendProperties, IntegersAndTextsAreAsTheyAreAndNullsAreLeftOut) {
  EXPECT_THAT(
      properties_of(config({{"l", long_integer(std::numeric_limits<long long>::max())},
                            {"i", integer(-7)},
                            {"s", text("a,b=c")},
                            {"none", null_value()},
                            {"empty", text("")}})),
      ElementsAre(ElementsAre(Pair("i", "-7"), Pair("l", "9223372036854775807"), Pair("s", "a,b=c"))));
}

}  // namespace
}  // namespace rocketmq::plugin::test
