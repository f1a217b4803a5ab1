#include "base/json_string.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace rocketmq {
namespace {

std::string json_of(std::string_view text) {
  std::string out = "=";
  append_json_string(out, text);
  return out;
}

TEST(JsonStringTest, PlainTextStandsAsItIs) {
  EXPECT_EQ(json_of(""), R"(="")");
  EXPECT_EQ(json_of("a"), R"(="a")");
  EXPECT_EQ(json_of("a text of more than eight bytes, DEL \x7f too"),
            "=\"a text of more than eight bytes, DEL \x7f too\"");
  EXPECT_EQ(json_of("价格 é 😀 and \xEF\xBF\xBD"), "=\"价格 é 😀 and \xEF\xBF\xBD\"");
}

TEST(JsonStringTest, QuotesBackslashesAndControlCharactersAreEscaped) {
  EXPECT_EQ(json_of("say \"hi\"\\"), R"(="say \"hi\"\\")");
  EXPECT_EQ(json_of("\n\t\r"), R"(="\n\t\r")");
  EXPECT_EQ(json_of(std::string_view("\0\x01\x02\x1f\x20", 5)), R"(="\u0000\u0001\u0002\u001f ")");
}

TEST(JsonStringTest, WhatIsNoUtf8BecomesTheReplacementCharacter) {
  EXPECT_EQ(json_of("a\xff"), "=\"a\xEF\xBF\xBD\"");
  EXPECT_EQ(json_of("\xC0\x80"), "=\"\xEF\xBF\xBD\xEF\xBF\xBD\"");                  // An overlong form.
  EXPECT_EQ(json_of("\xED\xA0\x80"), "=\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");  // A surrogate.
  EXPECT_EQ(json_of("\xE4\xBB"), "=\"\xEF\xBF\xBD\xEF\xBF\xBD\"");  // The begin of a character.
  EXPECT_EQ(json_of("\xE4\xBB\"x"), "=\"\xEF\xBF\xBD\xEF\xBF\xBD\\\"x\"");
}

// Eight bytes are looked at together, so each place in such a group is one of its own.
TEST(JsonStringTest, WhatIsEscapedIsFoundAtEveryPlaceOfALongText) {
  const std::string plain = "0123456789abcdefghijklmn";
  for (std::size_t place = 0; place < plain.size(); ++place) {
    for (const auto& [special, escaped] : {std::pair<std::string_view, std::string_view>{"\"", "\\\""},
                                           {"\\", "\\\\"},
                                           {"\x1f", "\\u001f"},
                                           {"\n", "\\n"},
                                           {"\x80", "\xEF\xBF\xBD"},
                                           {"é", "é"}}) {
      std::string text = plain;
      text.replace(place, 1, special);
      std::string expected = plain;
      expected.replace(place, 1, escaped);
      EXPECT_EQ(json_of(text), "=\"" + expected + "\"") << place;
    }
  }
}

}  // namespace
}  // namespace rocketmq
