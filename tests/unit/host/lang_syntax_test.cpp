// What a user is told about a script that cannot be parsed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "lang/layout.h"
#include "lang/syntax.h"

namespace host {
namespace {

using testing::HasSubstr;

SyntaxError error_of(const std::string& script) {
  try {
    parse_syntax(Layout(script));
  } catch (const SyntaxError& error) {
    return error;
  }
  return SyntaxError({}, "no error");
}

TEST(SyntaxErrors, NameLineAndColumn) {
  const auto error = error_of("x = 1\ny = (1 +\n  )\n");
  EXPECT_EQ(error.where().line, 3U);
  EXPECT_EQ(error.where().column, 3U);
  EXPECT_THAT(error.what(), HasSubstr("Syntax Error: [line #3]"));
}

TEST(SyntaxErrors, ExplainTypographicQuotes) {
  const auto error = error_of("f(\"a\", \xE2\x80\x9Dtopic1\")");
  EXPECT_EQ(error.where().column, 8U);
  EXPECT_THAT(error.message(), HasSubstr("looks like a typographic quote; use \""));
}

TEST(SyntaxErrors, PointToWhatIsNotClosed) {
  EXPECT_THAT(error_of("x = \"abc\ny = 1").message(), HasSubstr("no closing \""));
  EXPECT_THAT(error_of("x = f(1,\n").message(), HasSubstr("The ( that opens here is never closed"));
  EXPECT_THAT(error_of("f(1]").message(), HasSubstr("the ( of line 1 is not closed"));
  EXPECT_THAT(error_of("/* x").message(), HasSubstr("no closing */"));
}

TEST(SyntaxErrors, BadBytesAreNamed) {
  EXPECT_THAT(error_of("x = \xff").message(), HasSubstr("0xFF"));
  EXPECT_THAT(error_of(std::string("x = 1\0", 6)).message(), HasSubstr("NUL"));
}

TEST(Syntax, BytesOfStringsAndCommentsAreFree) {
  EXPECT_EQ(error_of("x = \"\xE4\xB8\xAD \xff\" // \xE6\x96\x87").message(), "no error");
}

TEST(Syntax, WindowsLineEndsAndByteOrderMark) {
  EXPECT_EQ(error_of("\xEF\xBB\xBFx = 1\r\nif (x == 1) {\r\n  y = 2\r\n}\r\nelse {\r\n}\r\n").message(),
            "no error");
}

TEST(Syntax, DeepNestingIsRefusedNotFatal) {
  EXPECT_THAT(error_of(std::string(100'000, '(')).message(), HasSubstr("nested deeper"));
}

TEST(Syntax, PromptKnowsWhenToAskForMore) {
  EXPECT_TRUE(Layout::is_incomplete("def f(x) {\n"));
  EXPECT_TRUE(Layout::is_incomplete("x = [1,\n"));
  EXPECT_FALSE(Layout::is_incomplete("x = 1\n"));
  EXPECT_FALSE(Layout::is_incomplete("x = \"a\n"));
}

}  // namespace
}  // namespace host
