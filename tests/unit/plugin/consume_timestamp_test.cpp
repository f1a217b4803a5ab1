#include "plugin/consume_timestamp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <limits>

#include "plugin/local_time.h"
#include "script_values.h"
#include "time_zone.h"

namespace rocketmq::plugin::test {
namespace {

constexpr long long hour = 3'600'000;
constexpr long long day = 24 * hour;
constexpr long long noon = 1'709'211'600'000;  // 2024.02.29T13:00 UTC, 14:00 in central Europe.

ConstantSP temporal(DATA_TYPE type, long long value) {
  ConstantSP scalar = Util::createConstant(type);
  scalar->setLong(value);
  return scalar;
}

class ConsumeTimestamp : public testing::Test {
  const TimeZone zone_{TimeZone::central_europe};
};

TEST_F(ConsumeTimestamp, IsLocalTimeOfEachTypeThatHasADate) {
  const long long local = noon + hour;
  EXPECT_EQ(read_consume_timestamp(temporal(DT_TIMESTAMP, local + 7)), noon + 7);
  EXPECT_EQ(read_consume_timestamp(temporal(DT_NANOTIMESTAMP, (local + 7) * 1'000'000 + 999'999)), noon + 7);
  EXPECT_EQ(read_consume_timestamp(temporal(DT_DATETIME, local / 1000)), noon);
  EXPECT_EQ(read_consume_timestamp(temporal(DT_DATEHOUR, local / hour)), noon);
  EXPECT_EQ(read_consume_timestamp(temporal(DT_DATE, local / day)), local / day * day - hour);
  const long long first_of_february = 1'706'745'600'000;  // UTC
  EXPECT_EQ(read_consume_timestamp(temporal(DT_MONTH, 2024 * 12 + 1)), first_of_february - hour);
  EXPECT_EQ(read_consume_timestamp(text("20240229140000")), noon);
  EXPECT_EQ(read_consume_timestamp(texts({"20240229140000"}, DT_SYMBOL)->get(0)), noon);
}

TEST_F(ConsumeTimestamp, OfOtherTypesFormsAndOfNullIsRefused) {
  for (const ConstantSP& wrong :
       {temporal(DT_TIME, 1), temporal(DT_MINUTE, 1), temporal(DT_SECOND, 1), temporal(DT_NANOTIME, 1),
        long_integer(noon), integer(5), number(1.5), boolean(true), null_value(),
        ConstantSP(Util::createNullConstant(DT_TIMESTAMP)), texts({"20240229140000"}), text(""),
        blob("20240229140000")}) {
    EXPECT_THAT(
        error_of([&] { static_cast<void>(read_consume_timestamp(wrong)); }),
        testing::StartsWith("consumeTimestamp must be a temporal scalar with a date, or a STRING scalar "
                            "yyyyMMddHHmmss; given: "))
        << wrong->getString();
  }
}

TEST_F(ConsumeTimestamp, ThatIsNoTimeOfTheCalendarIsAnError) {
  for (const char* wrong :
       {"20240230000000", "20230229000000", "20241301000000", "20240001000000", "20240100000000",
        "20240101240000", "20240101006000", "20240101000060", "2024010100000", "202401010000000",
        "2024-01-01 00:00:00", "+2024010100000", "2024010100000a"}) {
    EXPECT_EQ(error_of([&] { static_cast<void>(read_consume_timestamp(text(wrong))); }),
              std::string("consumeTimestamp \"") + wrong + "\" is no time of the form yyyyMMddHHmmss.");
  }
}

TEST_F(ConsumeTimestamp, BeforeTheFirstAndAfterTheLastTimeIsNearestToIt) {
  EXPECT_EQ(read_consume_timestamp(text("00010101000000")), 0);
  EXPECT_EQ(read_consume_timestamp(temporal(DT_DATE, -1'000'000)), 0);
  EXPECT_GT(read_consume_timestamp(text("99991231235959")), 250 * 365 * day);
  EXPECT_GT(read_consume_timestamp(temporal(DT_TIMESTAMP, std::numeric_limits<long long>::max())),
            250 * 365 * day);
}

TEST(LocalTime, IsTheOtherWayRoundThanTheServerConvertsIt) {
  for (const char* name :
       {TimeZone::central_europe, "UTC", "CST-8", "<+0545>-5:45", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
        "EST5EDT,M3.2.0,M11.1.0", "<-12>12", "<+14>-14"}) {
    const TimeZone zone(name);
    // Each quarter of an hour of a year.
    for (long long moment = 1'704'067'200'000; moment < 1'735'689'600'000; moment += hour / 4) {
      const long long local = Util::toLocalTimestamp(moment);
      const long long found = moment_of_local_time(local);
      ASSERT_EQ(Util::toLocalTimestamp(found), local) << name << ' ' << moment;
      ASSERT_LE(found, moment) << name;
      // An earlier one only if the clocks show that time twice.
      ASSERT_LE(moment - found, hour) << name << ' ' << moment;
    }
  }
}

TEST(LocalTime, ThatTheClocksShowTwiceIsTheFirst) {
  const TimeZone zone(TimeZone::central_europe);
  constexpr long long autumn = 1'729'990'800'000;  // 2024.10.27T01:00 UTC: 03:00 becomes 02:00.
  EXPECT_EQ(moment_of_local_time(autumn + hour + hour / 2), autumn - hour / 2);
  EXPECT_EQ(moment_of_local_time(autumn + hour - 1), autumn - hour - 1);
  EXPECT_EQ(moment_of_local_time(autumn + 2 * hour), autumn + hour);
}

TEST(LocalTime, ThatTheClocksSkipIsAMomentBeforeTheChange) {
  const TimeZone zone(TimeZone::central_europe);
  constexpr long long spring = 1'711'846'800'000;  // 2024.03.31T01:00 UTC: 02:00 becomes 03:00.
  EXPECT_EQ(moment_of_local_time(spring + hour + hour / 2), spring - hour / 2);
  EXPECT_EQ(moment_of_local_time(spring + hour - 1), spring - 1);
  EXPECT_EQ(moment_of_local_time(spring + 2 * hour), spring);
}

}  // namespace
}  // namespace rocketmq::plugin::test
