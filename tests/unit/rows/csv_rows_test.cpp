#include "rows/csv_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "row_text.h"

namespace rocketmq::rows::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using enum ColumnType;
using namespace std::string_literals;

const RowSchema& two() {
  static const RowSchema schema{column("n", integer), column("s", string)};
  return schema;
}

TEST(CsvRows, EveryLineEndIsOneAndTheLastMayBeMissing) {
  for (const char* body : {"1,ab\r\n2,cd\r\n", "1,ab\n2,cd", "1,ab\r\n2,cd", "1,ab\r2,cd\r"})
    EXPECT_EQ(from_csv(two(), body), "1|ab;2|cd") << body;
}

TEST(CsvRows, QuotedFieldsHoldEverything) {
  EXPECT_EQ(from_csv(two(), "1,\"a\nb\n\"\n2,\"x\"\"y\""), "1|a\nb\n;2|x\"y");
  EXPECT_EQ(from_csv(two(), "\"1\",\"a,b\r\n\""), "1|a,b\r\n");
  EXPECT_EQ(from_csv(two(), "1,\"\"\"\""), "1|\"");
  EXPECT_EQ(from_csv(two(), "1,\"a\"\"\"\"b\""), "1|a\"\"b");
  EXPECT_EQ(from_csv(two(), "1,a\"b"), "1|a\"b") << "a quote within a field without quotes is a character";
}

TEST(CsvRows, AnEmptyFieldIsNull) {
  EXPECT_EQ(from_csv(two(), ",\n,"), "-|-;-|-");
  EXPECT_EQ(from_csv(two(), "\"\",\"\""), "-|-");
  EXPECT_EQ(from_csv({column("n", integer)}, "\n1\n"), "-;1");
  EXPECT_EQ(from_csv(two(), ""), "") << "no line, no row";
}

TEST(CsvRows, TheDelimiterMayBeAnother) {
  EXPECT_EQ(from_csv(two(), "1;a,b", ';'), "1|a,b");
  EXPECT_EQ(from_csv(two(), "1\ta", '\t'), "1|a");
}

TEST(CsvRows, AByteOrderMarkIsSkipped) {
  EXPECT_EQ(from_csv(two(), "\xEF\xBB\xBF\"1\",a"), "1|a");
}

TEST(CsvRows, TooFewOrTooManyFieldsFailWithTheirLine) {
  EXPECT_EQ(from_csv(two(), "1,a\n2"), "error: line 2 at byte 4 has 1 field, but the schema has 2");
  EXPECT_THAT(from_csv(two(), "1,a\n\n2,b"), StartsWith("error: line 2 at byte 4 has 1 field"));
  EXPECT_THAT(from_csv(two(), "1,\"a\n\"\n1,a,c"), StartsWith("error: line 3 at byte 11 has 3 fields"));
}

TEST(CsvRows, WhatDoesNotFitFailsTheWholeBodyWithItsPlace) {
  EXPECT_EQ(from_csv(two(), "1,a\r\nx,b\r\n"), "error: line 2, field 1, n \"x\" at byte 5 is not an INT");
  EXPECT_EQ(from_csv(two(), "\"x\"\"\",a"), "error: line 1, field 1, n \"x\"\"\" at byte 0 is not an INT");
}

TEST(CsvRows, QuotesThatDoNotCloseOrEndAFieldFail) {
  EXPECT_EQ(from_csv(two(), "1,\"ab\n2,c"),
            "error: no CSV at byte 9 (line 1, field 2): its quote is not closed");
  EXPECT_EQ(from_csv(two(), "1,\"ab\"c"),
            "error: no CSV at byte 6 (line 1, field 2): something follows the closing quote");
  EXPECT_THAT(from_csv(two(), "1,\"a\"\"\n"), HasSubstr("its quote is not closed"));
}

TEST(CsvRows, NulBytesAreBytes) {
  EXPECT_EQ(from_csv(two(), "1,a\0b"s), "1|a\0b"s);
}

}  // namespace
}  // namespace rocketmq::rows::test
