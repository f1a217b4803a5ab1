#include "rmq/position.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <ctime>

#include "rmq/usage_error.h"
#include "support/comma_locale.h"
#include "thrown_text.h"

namespace rocketmq::rmq {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Kind = ReadPosition::Kind;

constexpr std::int64_t now_ms = 1'795'860'000'000;  // 2026-11-28T10:00:00Z

/// In a zone that is no whole hours from Greenwich.
class Positions : public testing::Test {
 protected:
  Positions() {
    setenv("TZ", "TST-5:30", 1);
    tzset();
  }
  ~Positions() override {
    unsetenv("TZ");
    tzset();
  }
  static std::int64_t time_of(const char* text) {
    const ReadPosition position = read_position(text, now_ms);
    EXPECT_EQ(position.kind, Kind::time) << text;
    return position.value;
  }
};

TEST_F(Positions, WordsNameTheEnds) {
  EXPECT_EQ(read_position("first", now_ms).kind, Kind::first);
  EXPECT_EQ(read_position("last", now_ms).kind, Kind::last);
  EXPECT_EQ(time_of("now"), now_ms);
}

TEST_F(Positions, ADurationIsAgoOrAhead) {
  EXPECT_EQ(time_of("10m"), now_ms - 600'000);
  EXPECT_EQ(time_of("90s"), now_ms - 90'000);
  EXPECT_EQ(time_of("1.5h"), now_ms - 5'400'000);
  EXPECT_EQ(time_of("2d"), now_ms - 172'800'000);
  EXPECT_EQ(time_of("1w"), now_ms - 604'800'000);
  EXPECT_EQ(time_of("250ms"), now_ms - 250);
  EXPECT_EQ(read_time("10m", now_ms, true), now_ms + 600'000);
}

// The program sets none, but what is built on its parts may.
TEST_F(Positions, NumbersHaveAPointInEveryLocale) {
  const test::CommaLocale locale;
  if (!locale.is_set()) GTEST_SKIP() << "this machine has no locale with a decimal comma";
  EXPECT_EQ(time_of("1.5h"), now_ms - 5'400'000);
  EXPECT_EQ(time_of("@1795860000.25"), now_ms + 250);
  EXPECT_THROW((void)read_position("1,5h", now_ms), UsageError);
}

TEST_F(Positions, ATimeWithoutAZoneIsLocal) {
  EXPECT_EQ(time_of("2026-11-28T15:30"), now_ms);
  EXPECT_EQ(time_of("2026-11-28 15:30:01.5"), now_ms + 1'500);
  EXPECT_EQ(time_of("2026-11-28T10:00:00Z"), now_ms);
  EXPECT_EQ(time_of("2026-11-28T11:00+01:00"), now_ms);
  EXPECT_EQ(time_of("2026-11-28T05:00-05"), now_ms);
  EXPECT_EQ(time_of("2026-11-28"), now_ms - 15 * 3'600'000 - 30 * 60'000);
  EXPECT_EQ(time_of("15:30"), now_ms);
  EXPECT_EQ(time_of("15:29:59.999"), now_ms - 1);
}

TEST_F(Positions, AnOffsetBeyondAllQueuesIsRefusedAndATimeWithoutItsAtIsNamed) {
  const auto refusal = [](std::int64_t offset) {
    return thrown_text<UsageError>([offset] { check_within("--to", offset, 1000, "t"); });
  };
  EXPECT_EQ(refusal(1000), "nothing was thrown") << "the end is a place, too";
  EXPECT_EQ(refusal(1001), "--to 1001: no queue of topic 't' goes as far; the furthest ends at 1000");
  EXPECT_THAT(refusal(1'795'860'000),
              testing::EndsWith(". A time in seconds is @1795860000, which is 2026-11-28T15:30:00.000"));
  EXPECT_THAT(refusal(1'795'860'000'250),
              testing::EndsWith(". A time is in seconds: @1795860000.250, which is 2026-11-28T15:30:00.250"));
}

TEST_F(Positions, ANumberIsAnOffsetAndWithAnAtSecondsSinceTheEpoch) {
  EXPECT_EQ(read_position("0", now_ms).kind, Kind::offset);
  EXPECT_EQ(read_position("1764300000", now_ms).value, 1'764'300'000);
  EXPECT_EQ(time_of("@1795860000"), now_ms);
  EXPECT_EQ(time_of("@1795860000.25"), now_ms + 250);
}

TEST_F(Positions, WhatIsWrittenIsReadAgain) {
  EXPECT_EQ(time_text(now_ms + 7), "2026-11-28T15:30:00.007");
  EXPECT_EQ(time_of(time_text(now_ms + 7).c_str()), now_ms + 7);
  EXPECT_EQ(time_text(-1), "1970-01-01T05:29:59.999");
}

TEST_F(Positions, WhatIsNoneIsQuoted) {
  for (const char* text : {"",
                           " ",
                           "10",
                           "-1",
                           "10x",
                           "m",
                           "1e3s",
                           "2026-13-01",
                           "2026-02-30",
                           "2026-11-28T",
                           "2026-11-28T25:00",
                           "2026-11-28T10:00:00+",
                           "2026-11-28T10:00 x",
                           "10:",
                           "25:00",
                           "@",
                           "@x",
                           "@99999999999999999999",
                           "99999999999999999999",
                           "99999999999999999999d",
                           "first ",
                           "FIRST",
                           "yesterday",
                           "nan",
                           "infs"}) {
    EXPECT_THAT(thrown_text<UsageError>([&] { (void)read_time(text, now_ms); }),
                AllOf(HasSubstr("'" + std::string(text) + "' is no time"), HasSubstr("2026-11-28T10:00")))
        << text;
    if (std::string_view(text) == "10") continue;
    EXPECT_THAT(thrown_text<UsageError>([&] { (void)read_position(text, now_ms); }),
                HasSubstr("is no time and no offset"))
        << text;
  }
}

}  // namespace
}  // namespace rocketmq::rmq
