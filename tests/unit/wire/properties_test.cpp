#include "wire/properties.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace rocketmq::wire {
namespace {

TEST(Properties, AreWrittenWithTheirSeparators) {
  std::string out;
  ASSERT_EQ(append_property(out, property::tags, "a"), Errc::ok);
  ASSERT_EQ(append_property(out, property::keys, "k1 k2"), Errc::ok);
  ASSERT_EQ(append_property(out, "E", ""), Errc::ok);
  EXPECT_EQ(out, std::string("TAGS\x01"
                             "a\x02KEYS\x01k1 k2\x02"
                             "E\x01\x02"));
  EXPECT_EQ(find_property(out, "KEYS"), "k1 k2");
  EXPECT_EQ(find_property(out, "E"), "");
  EXPECT_EQ(find_property(out, "KEY"), std::nullopt);
}

TEST(Properties, SeparatorsWithinNamesAndValuesAreRefused) {
  std::string out = "kept";
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
           {"", "v"}, {"a\x01", "v"}, {"a\x02", "v"}, {"a", "v\x01"}, {"a", "\x02v"}}) {
    EXPECT_EQ(append_property(out, name, value), Errc::bad_properties);
  }
  EXPECT_EQ(out, "kept");
}

TEST(Properties, AreBoundedByTheirSixteenBitLength) {
  std::string out;
  EXPECT_EQ(append_property(out, "a", std::string(max_properties_bytes - 3, 'x')), Errc::ok);
  EXPECT_EQ(out.size(), 32'767U);
  EXPECT_EQ(append_property(out, "b", ""), Errc::bad_properties);
  std::string other;
  EXPECT_EQ(append_property(other, "a", std::string(max_properties_bytes - 2, 'x')), Errc::bad_properties);
  EXPECT_TRUE(other.empty());
}

TEST(Properties, ReadingSkipsWhatIsNoPair) {
  const std::string text =
      "\x02novalue\x02\x01noname\x02"
      "a\x01"
      "1\x02"
      "b\x01"
      "2";
  PropertyReader reader(text);
  std::string_view name;
  std::string_view value;
  ASSERT_TRUE(reader.next(name, value));
  EXPECT_EQ(name, "a");
  EXPECT_EQ(value, "1");
  ASSERT_TRUE(reader.next(name, value));
  EXPECT_EQ(name, "b");
  EXPECT_EQ(value, "2");
  EXPECT_FALSE(reader.next(name, value));
}

TEST(Properties, TheLastOfRepeatedNamesCounts) {
  EXPECT_EQ(find_property("a\x01"
                          "1\x02"
                          "a\x01"
                          "2\x02",
                          "a"),
            "2");
}

TEST(Properties, AreToldFromOtherTexts) {
  EXPECT_TRUE(are_properties(""));
  EXPECT_TRUE(are_properties("a\x01\x02"));
  EXPECT_TRUE(
      are_properties("a\x01=\x02"
                     "b\x01"
                     "2\x02"));
  for (const std::string_view text : {"a", "a\x01",
                                      "a\x01"
                                      "1",
                                      "\x01"
                                      "1\x02",
                                      "a\x02",
                                      "a\x02"
                                      "b\x01",
                                      "a\x01"
                                      "1\x01"
                                      "2\x02",
                                      "a\x01"
                                      "1\x02"
                                      "b",
                                      "a\x01"
                                      "1\x02\x02"}) {
    EXPECT_FALSE(are_properties(text)) << testing::PrintToString(text);
  }
}

TEST(Properties, NumbersAreRead) {
  const std::string text = "n\x01-12\x02t\x01x\x02";
  std::int64_t value = 0;
  EXPECT_EQ(read_property(text, "n", value), Errc::ok);
  EXPECT_EQ(value, -12);
  EXPECT_EQ(read_property(text, "t", value), Errc::bad_field);
  EXPECT_EQ(read_property(text, "u", value), Errc::missing_field);
  EXPECT_EQ(value, -12);
}

}  // namespace
}  // namespace rocketmq::wire
