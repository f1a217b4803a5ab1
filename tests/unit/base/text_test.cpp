#include "base/text.h"

#include <gtest/gtest.h>

namespace rocketmq {
namespace {

TEST(Text, TrimTakesBlanksAtBothEndsOnly) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Text, PrintableEscapesControlCharacters) {
  EXPECT_EQ(printable(std::string("a\0b\x1F\x7F", 5), 100), "a\\x00b\\x1f\\x7f");
  EXPECT_EQ(printable("主题", 100), "主题");
}

TEST(Text, PrintableCutsBetweenCharacters) {
  EXPECT_EQ(printable("abcdef", 6), "abcdef");
  EXPECT_EQ(printable("abcdef", 3), "abc...");
  EXPECT_EQ(printable("a主题", 3), "a...");
}

TEST(Text, FirstBytesEndBetweenCharacters) {
  EXPECT_EQ(first_bytes("a主题", 7), "a主题");
  EXPECT_EQ(first_bytes("a主题", 6), "a主");
  EXPECT_EQ(first_bytes("a主题", 4), "a主");
  EXPECT_EQ(first_bytes("a主题", 3), "a");
  EXPECT_EQ(first_bytes("a", 0), "");
  EXPECT_EQ(first_bytes("主", 2), "");
  const std::string no_utf8(9, '\x80');
  EXPECT_EQ(first_bytes(no_utf8, 7), std::string(7, '\x80'));
}

TEST(Text, LettersAreAlikeInBothCases) {
  EXPECT_TRUE(equal_ignoring_case("Content-Length", "content-LENGTH"));
  EXPECT_FALSE(equal_ignoring_case("chunked", "chunke"));
  EXPECT_FALSE(equal_ignoring_case("@", "`"));  // Only letters have two cases.
}

}  // namespace
}  // namespace rocketmq
