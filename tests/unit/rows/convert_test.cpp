// One converter for all formats: each value is read as a value of JSON, as a text of JSON and as a field of
// CSV.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "row_text.h"
#include "support/comma_locale.h"

namespace rocketmq::rows::test {
namespace {

constexpr std::string_view wrong = "wrong";
constexpr std::string_view out_of_range = "out of range";

struct Case {
  ColumnType type = ColumnType::string;
  std::string_view text;
  std::string_view stored;  ///< As it is stored, or why not.
  std::string_view format = {};
};

/// `wrong`, `out of range`, or what is stored.
std::string verdict(const std::string& result) {
  if (!result.starts_with("error: ")) return result;
  if (result.find(" is outside the range of ") != std::string::npos) return std::string(out_of_range);
  return result.find(" is not a") != std::string::npos ? std::string(wrong) : result;
}

void expect_text_as_csv_and_json_text(const Case& c) {
  const RowSchema schema{column("x", c.type, c.format)};
  EXPECT_EQ(verdict(from_csv(schema, c.text, ';')), c.stored) << "CSV " << name_of(c.type) << " " << c.text;
  EXPECT_EQ(verdict(from_json(schema, "{\"x\":\"" + std::string(c.text) + "\"}")), c.stored)
      << "a text of JSON, " << name_of(c.type) << " " << c.text;
}

void expect_everywhere(const Case& c) {
  expect_text_as_csv_and_json_text(c);
  const RowSchema schema{column("x", c.type, c.format)};
  EXPECT_EQ(verdict(from_json(schema, "{\"x\":" + std::string(c.text) + "}")), c.stored)
      << "a value of JSON, " << name_of(c.type) << " " << c.text;
}

using enum ColumnType;

TEST(Convert, WholeNumbersToTheirLimitsButNotToNull) {
  for (const Case& c : std::vector<Case>{
           {character, "127", "127"},
           {character, "-127", "-127"},
           {character, "128", out_of_range},
           {character, "-128", out_of_range},
           {short_integer, "32767", "32767"},
           {short_integer, "-32767", "-32767"},
           {short_integer, "32768", out_of_range},
           {short_integer, "-32768", out_of_range},
           {integer, "2147483647", "2147483647"},
           {integer, "-2147483647", "-2147483647"},
           {integer, "2147483648", out_of_range},
           {integer, "-2147483648", out_of_range},
           {long_integer, "9223372036854775807", "9223372036854775807"},
           {long_integer, "-9223372036854775807", "-9223372036854775807"},
           {long_integer, "9223372036854775808", out_of_range},
           {long_integer, "-9223372036854775808", out_of_range},
           {long_integer, "18446744073709551615", out_of_range},
           {long_integer, "99999999999999999999999", out_of_range},
           {long_integer, "9007199254740993", "9007199254740993"},
           {long_integer, "2882429806056571124", "2882429806056571124"},
       })
    expect_everywhere(c);
}

TEST(Convert, WholeNumbersMayHaveAPointAndAnExponentButNoFraction) {
  for (const Case& c : std::vector<Case>{
           {integer, "1.0", "1"},
           {integer, "-1.000", "-1"},
           {integer, "1e3", "1000"},
           {integer, "1.5e1", "15"},
           {integer, "1200E-2", "12"},
           {integer, "0.0", "0"},
           {integer, "-0", "0"},
           {integer, "0e999999", "0"},
           {long_integer, "9007199254740993.0", "9007199254740993"},
           {long_integer, "9.223372036854775807e18", "9223372036854775807"},
           {long_integer, "9.223372036854775808e18", out_of_range},
           {integer, "1.5", wrong},
           {integer, "1e-1", wrong},
           {integer, "1.25e1", wrong},
           {integer, "1e999999", out_of_range},
           {integer, "1e-999999", wrong},
       })
    expect_everywhere(c);
}

TEST(Convert, TextsThatAreNoNumbersAreNeverNull) {
  for (const std::string_view text : {"abc", "12x", "0x10", "1,5", "--1", "+-1", "1.", ".", "-", "e5", "1e",
                                      "1e+", "NaN", "nan", "inf", "-Infinity", "1 2", "true"}) {
    expect_text_as_csv_and_json_text({integer, text, text == "1." ? "1" : wrong});
    expect_text_as_csv_and_json_text({float64, text, text == "1." ? "1" : wrong});
  }
  EXPECT_EQ(verdict(from_json({column("x", integer)}, R"({"x":""})")), wrong);
  EXPECT_EQ(verdict(from_json({column("x", timestamp)}, R"({"x":""})")), wrong);
}

TEST(Convert, BlanksAndAPlusAroundNumbersAndTimesDoNotCount) {
  for (const Case& c : std::vector<Case>{{integer, " 5 ", "5"},
                                         {integer, "+5", "5"},
                                         {float64, " 1.5", "1.5"},
                                         {float64, "+1.5", "1.5"},
                                         {date, " 2024.01.02 ", "19724"},
                                         {boolean, " true", "1"},
                                         {string, " a ", " a "}})
    expect_text_as_csv_and_json_text(c);
}

TEST(Convert, DoublesAreRoundedCorrectly) {
  for (const Case& c : std::vector<Case>{
           {float64, "0.1", "0.1"},
           {float64, "-0.0", "-0"},
           {float64, "-0", "-0"},
           {float64, "0", "0"},
           {float64, "1e400", out_of_range},
           {float64, "-1e400", out_of_range},
           {float64, "1e-400", "0"},
           {float64, "5e-324", "5e-324"},
           {float64, "1.7976931348623157e308", "1.7976931348623157e+308"},
           {float64, "-1.7976931348623157e308", out_of_range},
           {float64, "9007199254740993", "9007199254740992"},
           {float64, "2.2250738585072011e-308", "2.225073858507201e-308"},
           {float64, "18446744073709551616", "18446744073709551616"},
           {float32, "0.1", "0.1"},
           {float32, "1e39", out_of_range},
           {float32, "1e-46", "0"},
           {float32, "16777217", "16777216"},
           {float32, "-3.4028234663852886e38", out_of_range},
       })
    expect_everywhere(c);
}

TEST(Convert, BoolsAreTrueFalseOneAndZero) {
  for (const Case& c : std::vector<Case>{{boolean, "true", "1"},
                                         {boolean, "false", "0"},
                                         {boolean, "1", "1"},
                                         {boolean, "0", "0"},
                                         {boolean, "1.0", "1"},
                                         {boolean, "0e5", "0"},
                                         {boolean, "0.5", wrong},
                                         {boolean, "2", wrong},
                                         {boolean, "-1", wrong}})
    expect_everywhere(c);
  for (const Case& c :
       std::vector<Case>{{boolean, "TRUE", "1"}, {boolean, "False", "0"}, {boolean, "yes", wrong}})
    expect_text_as_csv_and_json_text(c);
  EXPECT_EQ(verdict(from_json({column("x", integer)}, R"({"x":true})")), wrong);
  EXPECT_EQ(from_json({column("x", string)}, R"({"x":true})"), "true");
}

TEST(Convert, TextsKeepNumbersAsTheyAreWritten) {
  for (const ColumnType type : {string, symbol, blob}) {
    expect_everywhere({type, "1.50", "1.50"});
    expect_everywhere({type, "18446744073709551616000", "18446744073709551616000"});
    expect_everywhere({type, "-0", "-0"});
  }
}

TEST(Convert, TheFormsOfDolphinDBAndOfIso8601) {
  for (const Case& c : std::vector<Case>{
           {date, "2024.01.02", "19724"},
           {date, "2024-01-02", "19724"},
           {date, "2024/1/2", "19724"},
           {date, "2024.02.29", "19782"},
           {date, "2023.02.29", wrong},
           {date, "2024.13.01", wrong},
           {date, "2024.01", wrong},
           {date, "0000.01.01", wrong},
           {date, "2024-01-02T23:59:59Z", "19724"},
           {month, "2024.01M", "24288"},
           {month, "2024-01", "24288"},
           {month, "2024-01-31", "24288"},
           {time, "09:30:00.123", "34200123"},
           {time, "9:30:00", "34200000"},
           {time, "2024.01.02T09:30:00.5", "34200500"},
           {time, "24:00:00", wrong},
           {time, "09:60:00", wrong},
           {time, "2024.01.02", wrong},
           {minute, "09:30m", "570"},
           {minute, "09:30", "570"},
           {second, "09:30:01", "34201"},
           {nano_time, "09:30:00.123456789", "34200123456789"},
           {date_time, "2024.01.02T09:30:00", "1704187800"},
           {date_time, "2024-01-02 09:30:00", "1704187800"},
           {date_time, "2038.01.19T03:14:07", "2147483647"},
           {date_time, "2038.01.19T03:14:08", out_of_range},
           {date_time, "1901.12.13T20:45:52", out_of_range},
           {timestamp, "2024.01.02T09:30:00.123", "1704187800123"},
           {timestamp, "2024-01-02T09:30:00.1239", "1704187800123"},
           {timestamp, "2024-01-02", "1704153600000"},
           {timestamp, "1969.12.31T23:59:59.999", "-1"},
           {timestamp, "2024-01-02T09:30", "1704187800000"},
           {timestamp, "2024-01-02T09:30:00,5", "1704187800500"},
           {timestamp, "09:30:00", wrong},
           {timestamp, "2024-01-02T", wrong},
           {timestamp, "2024-01-02T09", wrong},
           {timestamp, "2024-01-02T09:30:00.", wrong},
           {timestamp, "2024-01-02T09:30:00 x", wrong},
           {timestamp, "20240102T093000", wrong},
           {nano_timestamp, "2024.01.02T09:30:00.123456789", "1704187800123456789"},
           {nano_timestamp, "1600.01.01T00:00:00", out_of_range},
           {nano_timestamp, "2263.01.01T00:00:00", out_of_range},
       })
    expect_text_as_csv_and_json_text(c);
}

TEST(Convert, TextsWithAZoneAreInstantsAndBecomeUtc) {
  for (const Case& c : std::vector<Case>{
           {timestamp, "2024-01-02T10:00:00.000Z", "1704189600000"},
           {timestamp, "2024-01-02T18:00:00.000+08:00", "1704189600000"},
           {timestamp, "2024-01-02T18:00:00.000+0800", "1704189600000"},
           {timestamp, "2024-01-02T18:00:00+08", "1704189600000"},
           {timestamp, "2024-01-02T05:00:00-05:00", "1704189600000"},
           {timestamp, "2024-01-02T10:00:00", "1704189600000"},
           {date, "2024-01-02T02:00:00+08:00", "19723"},
           {time, "02:00:00+08:00", "64800000"},
           {timestamp, "2024-01-02T18:00:00+25:00", wrong},
       })
    expect_text_as_csv_and_json_text(c);
}

TEST(Convert, NumbersAreInstantsInTheTypesUnit) {
  for (const Case& c : std::vector<Case>{
           {timestamp, "1700000000", "1700000000"},
           {timestamp, "-1", "-1"},
           {timestamp, "1700000000123", "1700000000123"},
           {nano_timestamp, "1641667732350000000", "1641667732350000000"},
           {date_time, "1700000000999", "1700000000"},
           {timestamp, "9223372036854775807", out_of_range},
           {timestamp, "99999999999999999999", out_of_range},
           {date, "20240102", wrong},
           {time, "93000", wrong},
           {timestamp, "63072000000000000", "63072000000", "ns"},
           {timestamp, "1700000000", "1700000000000", "s"},
           {timestamp, "1700000000.5", "1700000000500", "s"},
           {timestamp, "-0.5", "-500", "s"},
           {timestamp, "1.7E9", "1700000000000", "s"},
           {timestamp, "1.7000000005E9", "1700000000500", "s"},
           {timestamp, "-17e-1", "-1700", "s"},
           {timestamp, "5E-3", "5", "s"},
           {timestamp, "1e400", out_of_range, "s"},
           {timestamp, "1700000000123456789", "1700000000123", "ns"},
           {timestamp, "1700000000123456", "1700000000123", "us"},
           {nano_timestamp, "1700000000123456", "1700000000123456000", "us"},
           {nano_timestamp, "1700000000123", "1700000000123000000", "ms"},
           {nano_timestamp, "1700000000.123456789", "1700000000123456789", "s"},
           {date, "1704189600000", "19724", "ms"},
           {month, "1704189600", "24288", "s"},
           {time, "1704187800123", "34200123", "ms"},
       })
    expect_everywhere(c);
  expect_text_as_csv_and_json_text({timestamp, "2024.01.02T09:30:00", wrong, "ms"});
  expect_text_as_csv_and_json_text({timestamp, "+5", "5000", "s"});
}

// A writer that shortens numbers would make January of October.
TEST(Convert, ANumberWithAPointIsNoMonth) {
  expect_text_as_csv_and_json_text({month, "2024.10", "24297"});
  EXPECT_EQ(verdict(from_json({column("x", month)}, R"({"x":2024.10})")), wrong);
}

TEST(Convert, TemporalColumnsTakeNoBools) {
  EXPECT_EQ(verdict(from_json({column("x", timestamp)}, R"({"x":true})")), wrong);
}

TEST(Convert, AFormatIsForTextsAndForNumbersThatAreWrittenSo) {
  expect_everywhere({date, "20240102", "19724", "yyyyMMdd"});
  expect_text_as_csv_and_json_text(
      {timestamp, "02/01/2024 09:30:00", "1704187800000", "dd/MM/yyyy HH:mm:ss"});
  expect_text_as_csv_and_json_text({date, "2024.01.02", wrong, "yyyyMMdd"});
}

// A host may have set one for its users.
TEST(Convert, NoLocaleCountsWhateverItsDecimalPoint) {
  const rocketmq::test::CommaLocale locale;
  if (!locale.is_set()) GTEST_SKIP() << "this machine has no locale with a decimal comma";
  for (const Case& c : std::vector<Case>{{float64, "0.1", "0.1"},
                                         {float64, "-1234567.5e-3", "-1234.5675"},
                                         {float32, "0.1", "0.1"},
                                         {integer, "1.5e1", "15"},
                                         {timestamp, "1700000000.5", "1700000000500", "s"}})
    expect_everywhere(c);
  expect_text_as_csv_and_json_text({float64, "0,1", wrong});
  expect_text_as_csv_and_json_text({integer, "1.234.567", wrong});
  expect_text_as_csv_and_json_text({timestamp, "2024.01.02T09:30:00.123", "1704187800123"});
}

}  // namespace
}  // namespace rocketmq::rows::test
