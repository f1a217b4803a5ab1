// How scalars read: text, script, conversion, calendar, names of types.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ScalarImp.h"

HOST_SDK_USE;

namespace {

string text(Constant* value) {
  return ConstantSP(value)->getString();
}
string script(Constant* value) {
  return ConstantSP(value)->getScript();
}

TEST(ScalarText, ReadsAsTheConsoleShowsIt) {
  EXPECT_EQ(text(new Bool(true)), "true");
  EXPECT_EQ(text(new Int(-5)), "-5");
  EXPECT_EQ(text(new Char('a')), "'a'");
  EXPECT_EQ(text(new Char(7)), "7");
  EXPECT_EQ(text(new Double(1.5)), "1.5");
  EXPECT_EQ(text(new Double(2)), "2");
  EXPECT_EQ(text(new Double(3.14159265358979)), "3.141593");
  EXPECT_EQ(text(new Float(123.45F)), "123.45");
  EXPECT_EQ(text(new String("a b")), "a b");
  EXPECT_EQ(text(new Void()), "");
}

TEST(ScalarText, MomentsCountFromTheEpoch) {
  EXPECT_EQ(text(new NanoTimestamp(1704164645123456789LL)), "2024.01.02T03:04:05.123456789");
  EXPECT_EQ(text(new NanoTimestamp(-1)), "1969.12.31T23:59:59.999999999");
  EXPECT_EQ(text(new Timestamp(1704164645123LL)), "2024.01.02T03:04:05.123");
  EXPECT_EQ(text(new DateTime(1704164645)), "2024.01.02T03:04:05");
  EXPECT_EQ(text(new Date(Util::countDays(2024, 2, 29))), "2024.02.29");
  EXPECT_EQ(text(new DateHour(1704164645 / 3600)), "2024.01.02T03");
  EXPECT_EQ(text(new Month(2024 * 12)), "2024.01M");
  EXPECT_EQ(text(new Time(3723004)), "01:02:03.004");
  EXPECT_EQ(text(new NanoTime(3723000000004LL)), "01:02:03.000000004");
  EXPECT_EQ(text(new Minute(62)), "01:02m");
  EXPECT_EQ(text(new Second(3723)), "01:02:03");
}

TEST(ScalarText, NullIsEmptyAndItsScriptHasTheType) {
  EXPECT_EQ(text(new Int(INT_MIN)), "");
  EXPECT_EQ(script(new Int(INT_MIN)), "00i");
  EXPECT_EQ(script(new Long(LLONG_MIN)), "00l");
  EXPECT_EQ(script(new Bool(CHAR_MIN)), "00b");
  EXPECT_EQ(script(new Double(DBL_NMIN)), "00F");
  EXPECT_EQ(script(new NanoTimestamp(LLONG_MIN)), "00N");
  EXPECT_EQ(script(new Void(true)), "NULL");
  EXPECT_EQ(script(new Void()), "");
  EXPECT_EQ(script(new String("a\"b\n")), "\"a\\\"b\\n\"");
  EXPECT_TRUE(ConstantSP(new String(""))->isNull());
}

TEST(ScalarConversion, KeepsNullAndNeverOverflows) {
  EXPECT_EQ(ConstantSP(new Int(INT_MIN))->getLong(), LLONG_MIN);
  EXPECT_EQ(ConstantSP(new Int(INT_MIN))->getDouble(), DBL_NMIN);
  EXPECT_EQ(ConstantSP(new Long(5000000000LL))->getInt(), INT_MIN);
  EXPECT_EQ(ConstantSP(new Double(2.5))->getInt(), 3);
  EXPECT_EQ(ConstantSP(new Double(-2.5))->getInt(), -3);
  EXPECT_EQ(ConstantSP(new Double(1e30))->getLong(), LLONG_MIN);
  EXPECT_EQ(ConstantSP(new Double(9223372036854775808.0))->getLong(), LLONG_MIN);
  EXPECT_EQ(ConstantSP(new Double(1e300))->getFloat(), FLT_NMIN);
  EXPECT_TRUE(ConstantSP(new Double(std::nan("")))->isNull());
  EXPECT_TRUE(ConstantSP(new Double(std::numeric_limits<double>::infinity()))->isNull());
  EXPECT_EQ(ConstantSP(new Int(7))->getBool(), 1);
  EXPECT_EQ(ConstantSP(new Void())->getInt(), INT_MIN);
}

TEST(ScalarConversion, AStringIsNoNumber) {
  try {
    ConstantSP(new String("5"))->getInt();
    FAIL() << "no exception";
  } catch (const IncompatibleTypeException& error) {
    EXPECT_STREQ(error.what(), "Incompatible type. Expected: INT, Actual: STRING");
  }
  EXPECT_THROW(ConstantSP(new Int(1))->getStringRef(), RuntimeException);
}

TEST(ScalarCompare, OrdersLargeIntegersExactly) {
  const ConstantSP a = new Long(9007199254740993LL);
  EXPECT_GT(a->compare(0, new Long(9007199254740992LL)), 0);
  EXPECT_EQ(a->compare(0, new Long(9007199254740993LL)), 0);
  EXPECT_LT(ConstantSP(new Int(INT_MIN))->compare(0, new Int(0)), 0);
  EXPECT_LT(ConstantSP(new String("a"))->compare(0, new String("b")), 0);
  EXPECT_GT(ConstantSP(new Int(2))->compare(0, new Double(1.5)), 0);
}

TEST(TypeNames, RoundTripInAnyCase) {
  for (const DATA_TYPE type : {DT_BOOL, DT_LONG, DT_NANOTIMESTAMP, DT_SYMBOL, DT_BLOB, DT_ANY}) {
    EXPECT_EQ(Util::getDataType(Util::lower(Util::getDataTypeString(type))), type);
  }
  EXPECT_EQ(Util::getDataType("nonsense"), DT_VOID);
  EXPECT_EQ(Util::getCategory(DT_BLOB), LITERAL);
  EXPECT_EQ(Util::getDataFormString(DF_DICTIONARY), "DICTIONARY");
}

TEST(Calendar, CountsDaysBothWays) {
  EXPECT_EQ(Util::countDays(1970, 1, 1), 0);
  EXPECT_EQ(Util::countDays(2023, 2, 29), INT_MIN);
  int year = 0;
  int month = 0;
  int day = 0;
  Util::parseDate(-1, year, month, day);
  EXPECT_EQ(year * 10000 + month * 100 + day, 19691231);
}

TEST(Clock, LocalTimeIsWithinADayOfUtcAndKeepsNull) {
  const long long now = Util::getNanoEpochTime();
  EXPECT_LE(std::llabs(Util::toLocalNanoTimestamp(now) - now), 86400LL * 1000000000);
  EXPECT_EQ((Util::toLocalNanoTimestamp(now) - now) % 60000000000LL, 0);
  EXPECT_EQ(Util::toLocalNanoTimestamp(LLONG_MIN), LLONG_MIN);
}

TEST(Texts, AreSplitAndTrimmed) {
  EXPECT_EQ(Util::split("a,,b", ','), (vector<string>{"a", "", "b"}));
  EXPECT_EQ(Util::split("", ','), (vector<string>{""}));
  EXPECT_EQ(Util::trim(" \t a b\n"), "a b");
  EXPECT_EQ(Util::trim("  "), "");
}

}  // namespace
