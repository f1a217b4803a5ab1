#include "plugin/config_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <utility>

#include "plugin/argument_error.h"
#include "script_values.h"

namespace rocketmq::plugin::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// One key of each kind.
class ConfigReaderTest : public ::testing::Test {
 protected:
  ConfigReaderTest() {
    reader_.add_int("level", {.min = 1, .max = 9}, level_, "A level.");
    reader_.add_int("timeout", {.min = 1, .unit = "ms"}, timeout_, "A wait.");
    reader_.add_positive_number("throttle", "ms", 1000, throttle_, "A pause.");
    reader_.add_bool("async", async_, "A switch.");
    reader_.add_text("name", name_, "A name.");
    reader_.add_word("instance", instance_, "A word.");
    reader_.add_choice("mode", {{"FAST", [this] { mode_ = "fast"; }}, {"SAFE", [this] { mode_ = "safe"; }}},
                       "A choice.");
    reader_.add_secret_list(
        "credentials", 2, 3, "[user, password, channel]",
        [this](std::vector<std::string> parts) { secrets_ = std::move(parts); }, "Secrets.");
  }

  void read(const std::string& key, const ConstantSP& value) { reader_.read(config({{key, value}})); }
  std::string error(const std::string& key, const ConstantSP& value) {
    return error_of([&] { read(key, value); });
  }

  ConfigReader reader_{"config"};
  int level_ = 4;
  int timeout_ = 3000;
  double throttle_ = 1;
  bool async_ = false;
  std::string name_;
  std::string instance_;
  std::string mode_ = "fast";
  std::vector<std::string> secrets_;
};

TEST_F(ConfigReaderTest, AWordHasNoBlanksAndIsNotTooLong) {
  read("instance", text("host-1"));
  EXPECT_EQ(instance_, "host-1");
  for (const std::string& bad :
       {std::string(), std::string("two words"), std::string("tab\t"), std::string(256, 'x')})
    EXPECT_THAT(
        error("instance", text(bad)),
        HasSubstr("instance must be a STRING scalar that is not empty, of at most 255 bytes, without blanks "
                  "and control characters; given: "));
  EXPECT_EQ(instance_, "host-1");
  read("instance", text(std::string(255, 'x')));
  EXPECT_EQ(instance_.size(), 255U);
}

TEST_F(ConfigReaderTest, EmptyDictionaryLeavesTheDefaults) {
  reader_.read(config({}));
  EXPECT_EQ(level_, 4);
  EXPECT_EQ(throttle_, 1);
}

TEST_F(ConfigReaderTest, KeysTellTheirDefaultsAndRanges) {
  EXPECT_EQ(reader_.keys()[0].default_value, "4");
  EXPECT_EQ(reader_.keys()[0].allowed, "from 1 to 9");
  EXPECT_EQ(reader_.keys()[1].allowed, "greater than 0, in ms");
  EXPECT_EQ(reader_.keys()[2].default_value, "1");
  EXPECT_EQ(reader_.keys()[3].default_value, "false");
  EXPECT_EQ(reader_.keys()[6].default_value, "FAST");
  for (const ConfigKey& key : reader_.keys())
    EXPECT_FALSE(key.doc.empty()) << key.name;
}

TEST_F(ConfigReaderTest, IntTakesAnyIntegralType) {
  read("level", new Char(5));
  EXPECT_EQ(level_, 5);
  read("level", new Short(6));
  EXPECT_EQ(level_, 6);
  read("level", long_integer(7));
  EXPECT_EQ(level_, 7);
}

TEST_F(ConfigReaderTest, IntRefusesOtherTypesFormsNullAndRange) {
  EXPECT_EQ(error("level", integer(0)),
            "config: level must be an INT scalar from 1 to 9; given: the INT scalar 0.");
  EXPECT_THAT(error("level", integer(10)), HasSubstr("given: the INT scalar 10."));
  EXPECT_THAT(error("timeout", long_integer(3'000'000'000)), HasSubstr("given: the LONG scalar 3000000000."));
  EXPECT_THAT(error("timeout", integer(-5)),
              HasSubstr("timeout must be an INT scalar greater than 0, in ms;"));
  EXPECT_THAT(error("level", number(4.0)), HasSubstr("given: the DOUBLE scalar 4"));
  EXPECT_THAT(error("level", text("4")), HasSubstr("given: the STRING scalar \"4\"."));
  EXPECT_THAT(error("level", boolean(true)), HasSubstr("given: the BOOL scalar"));
  EXPECT_THAT(error("level", null_value()), HasSubstr("given: NULL."));
  EXPECT_THAT(error("level", Util::createConstant(DT_INT)), HasSubstr("given: a NULL INT scalar."));
  EXPECT_THAT(error("level", Util::createVector(DT_INT, 2)),
              HasSubstr("given: an INT vector of 2 elements."));
  EXPECT_EQ(level_, 4) << "a refused value changes nothing";
}

TEST_F(ConfigReaderTest, NumberTakesIntegersAndFractions) {
  read("throttle", integer(20));
  EXPECT_EQ(throttle_, 20);
  read("throttle", number(0.5));
  EXPECT_EQ(throttle_, 0.5);
  read("throttle", new Float(2.5F));
  EXPECT_EQ(throttle_, 2.5);
}

TEST_F(ConfigReaderTest, NumberRefusesZeroNegativesNullAndText) {
  EXPECT_THAT(error("throttle", integer(0)),
              HasSubstr("throttle must be a FLOAT scalar greater than 0 and up to 1000, in ms; given:"));
  EXPECT_THAT(error("throttle", number(-1)), HasSubstr("given: the DOUBLE scalar -1"));
  EXPECT_THAT(error("throttle", number(1000.5)), HasSubstr("given:"));
  EXPECT_THAT(error("throttle", number(std::numeric_limits<double>::infinity())), HasSubstr("given:"));
  EXPECT_THAT(error("throttle", Util::createConstant(DT_DOUBLE)), HasSubstr("a NULL DOUBLE scalar"));
  EXPECT_THAT(error("throttle", text("1")), HasSubstr("the STRING scalar"));
}

TEST_F(ConfigReaderTest, BoolTakesBoolAndIntegers) {
  read("async", boolean(true));
  EXPECT_TRUE(async_);
  read("async", integer(0));
  EXPECT_FALSE(async_);
  read("async", long_integer(1));
  EXPECT_TRUE(async_);
  EXPECT_THAT(error("async", text("true")), HasSubstr("async must be a BOOL scalar; given:"));
  EXPECT_THAT(error("async", Util::createConstant(DT_BOOL)), HasSubstr("a NULL BOOL scalar"));
  EXPECT_THAT(error("async", null_value()), HasSubstr("given: NULL."));
}

TEST_F(ConfigReaderTest, TextRefusesEmptyAndOtherTypes) {
  read("name", text("x"));
  EXPECT_EQ(name_, "x");
  EXPECT_THAT(error("name", text("")), HasSubstr("name must be a STRING scalar that is not empty;"));
  EXPECT_THAT(error("name", integer(1)), HasSubstr("given: the INT scalar 1."));
  EXPECT_THAT(error("name", texts({"a"})), HasSubstr("given: a STRING vector of 1 elements."));
}

TEST_F(ConfigReaderTest, ChoiceTakesItsWordsExactly) {
  read("mode", text("SAFE"));
  EXPECT_EQ(mode_, "safe");
  EXPECT_EQ(
      error("mode", text("safe")),
      "config: mode must be a STRING scalar that is one of \"FAST\", \"SAFE\"; given: the STRING scalar "
      "\"safe\".");
  EXPECT_THAT(error("mode", null_value()), HasSubstr("given: NULL."));
}

TEST_F(ConfigReaderTest, SecretsAreTakenAndNeverShown) {
  read("credentials", texts({"me", "hunter2"}));
  EXPECT_THAT(secrets_, ElementsAre("me", "hunter2"));
  read("credentials", texts({"me", "hunter2", ""}));
  EXPECT_THAT(secrets_, ElementsAre("me", "hunter2", ""));
  for (const ConstantSP& wrong :
       {texts({"hunter2"}), texts({"hunter2", ""}), texts({"hunter2", "b", "c", "d"}), text("hunter2")}) {
    const std::string message = error("credentials", wrong);
    EXPECT_THAT(message, HasSubstr("credentials must be a STRING vector of 2 to 3 elements"));
    EXPECT_THAT(message, Not(HasSubstr("hunter2")));
  }
}

TEST_F(ConfigReaderTest, UnknownKeyListsTheAllowedOnesAndSuggestsTheNearest) {
  EXPECT_EQ(
      error("levle", integer(1)),
      "config: unknown key \"levle\". Did you mean \"level\"? Allowed keys: level, timeout, throttle, async, "
      "name, instance, mode, credentials.");
  EXPECT_THAT(error("zzz", integer(1)), Not(HasSubstr("Did you mean")));
}

TEST_F(ConfigReaderTest, OnlyDictionariesWithTextKeysAreRead) {
  EXPECT_EQ(error_of([&] { reader_.read(text("x")); }),
            "config must be a dictionary of (STRING, ANY); given: a STRING scalar.");
  const ConstantSP numbers = Util::createDictionary(DT_INT, SymbolBaseSP(), DT_ANY, SymbolBaseSP());
  EXPECT_THAT(error_of([&] { reader_.read(numbers); }), HasSubstr("keys are not of type STRING"));
}

TEST_F(ConfigReaderTest, DictionaryOfTextsOnlyIsReadToo) {
  const DictionarySP words = Util::createDictionary(DT_STRING, SymbolBaseSP(), DT_STRING, SymbolBaseSP());
  words->set(text("mode"), text("SAFE"));
  reader_.read(words);
  EXPECT_EQ(mode_, "safe");
}

}  // namespace
}  // namespace rocketmq::plugin::test
