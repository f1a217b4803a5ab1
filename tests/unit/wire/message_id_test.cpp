#include "wire/message_id.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "bytes_of.h"

namespace rocketmq::wire {
namespace {

constexpr std::int64_t month_ms = 1'000'000'000;
std::int64_t fixed_month(std::int64_t /*now_ms*/) {
  return month_ms;
}

// Months of 30 days since the epoch.
std::int64_t thirty_day_month(std::int64_t now_ms) {
  constexpr std::int64_t days = std::int64_t{30} * 24 * 3600 * 1000;
  return now_ms / days * days;
}

UniqueIdGenerator::Identity identity() {
  return {{192, 168, 1, 38}, 0x1234, 0xDEADBEEF};
}

TEST(UniqueId, HasTheDocumentedLayout) {
  UniqueIdGenerator ids(identity(), &fixed_month);
  // ip | pid | hash | ms since the start of the month | counter
  EXPECT_EQ(ids.next(month_ms + 0x0102'0304),
            "C0A80126"
            "1234"
            "DEADBEEF"
            "01020304"
            "0000");
  EXPECT_EQ(ids.next(month_ms + 0x0102'0304),
            "C0A80126"
            "1234"
            "DEADBEEF"
            "01020304"
            "0001");
  EXPECT_EQ(ids.length(), 32U);
}

TEST(UniqueId, HasRoomForAnIpv6Address) {
  UniqueIdGenerator::Identity v6 = identity();
  v6.ip = Bytes(16, 0xAB);
  UniqueIdGenerator ids(v6, &fixed_month);
  EXPECT_EQ(ids.next(month_ms).size(), 56U);
  EXPECT_EQ(ids.length(), 56U);
}

TEST(UniqueId, StaysUniqueBeyond65536AMillisecond) {
  UniqueIdGenerator ids(identity(), &fixed_month);
  std::set<std::string> seen;
  for (int i = 0; i < 200'000; ++i)
    EXPECT_TRUE(seen.insert(ids.next(month_ms + 5)).second);
  EXPECT_EQ(*seen.rbegin(),
            "C0A80126"
            "1234"
            "DEADBEEF"
            "00000008"
            "0D3F");  // 199,999 = 3 * 65,536 + 0x0D3F
}

TEST(UniqueId, ARunGoesOnWhereTheNextIdWouldHaveAndNobodyElseGetsItsIds) {
  UniqueIdGenerator ids(identity(), &fixed_month);
  auto run = ids.take(70'000, month_ms + 5);
  const std::string after = ids.next(month_ms + 5);
  std::string id(UniqueIdGenerator::Run::digits, '-');
  std::string last;
  for (int i = 0; i < 70'000; ++i) {
    run.write_next(id.data());
    ASSERT_LT(last, id);
    last = id;
    if (i == 0) {
      EXPECT_EQ(id,
                "00000005"
                "0000");
    }
  }
  EXPECT_EQ(last,
            "00000006"
            "116F");  // 69,999 = 65,536 + 0x116F
  EXPECT_EQ(after, ids.prefix() + "00000006" + "1170");
}

TEST(UniqueId, StaysUniqueWhenTheClockIsSetBack) {
  UniqueIdGenerator ids(identity(), &fixed_month);
  std::set<std::string> seen;
  for (const std::int64_t ms : {100, 50, 0, 100, 99})
    EXPECT_TRUE(seen.insert(ids.next(month_ms + ms)).second);
}

TEST(UniqueId, CountsFromTheStartOfEachMonth) {
  constexpr std::int64_t days = std::int64_t{30} * 24 * 3600 * 1000;
  UniqueIdGenerator ids(identity(), &thirty_day_month);
  EXPECT_EQ(ids.next(days - 1).substr(20, 8), "9A7EC7FF");  // 2,591,999,999
  EXPECT_EQ(ids.next(days).substr(20, 8), "00000000");
  EXPECT_EQ(ids.next(days + 1).substr(20, 8), "00000001");
}

TEST(UniqueId, SeveralThreadsNeverShareOne) {
  UniqueIdGenerator ids(identity(), &fixed_month);
  std::vector<std::vector<std::string>> made(4);
  std::vector<std::thread> threads;
  for (auto& own : made) {
    threads.emplace_back([&ids, &own] {
      for (int i = 0; i < 20'000; ++i)
        own.push_back(ids.next(month_ms));
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  std::set<std::string> all;
  for (const auto& own : made)
    all.insert(own.begin(), own.end());
  EXPECT_EQ(all.size(), 80'000U);
}

TEST(UniqueId, TheLocalMonthBeginsAtMostAMonthAgo) {
  const std::int64_t now = 1'700'000'000'000;  // 14 November 2023
  const std::int64_t start = local_start_of_month_ms(now);
  EXPECT_LE(start, now);
  EXPECT_GT(start, now - std::int64_t{15} * 24 * 3600 * 1000);
  EXPECT_EQ(local_start_of_month_ms(start), start);
}

TEST(UniqueId, TheLocalMonthBeginsAtItsOwnMidnightWhateverTheSummerTime) {
  const char* before = std::getenv("TZ");
  const std::string kept = before == nullptr ? "" : before;
  setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
  tzset();
  // 30 March 2023 is in summer time, 1 March was not; and the other way round in October.
  EXPECT_EQ(local_start_of_month_ms(1'680'177'600'000), 1'677'625'200'000);
  EXPECT_EQ(local_start_of_month_ms(1'698'667'200'000), 1'696'111'200'000);
  EXPECT_EQ(local_start_of_month_ms(1'688'162'399'999), 1'685'570'400'000) << "the last moment of June";
  EXPECT_EQ(local_start_of_month_ms(1'688'162'400'000), 1'688'162'400'000) << "the first of July";
  setenv("TZ", "", 1);
  tzset();
  EXPECT_EQ(local_start_of_month_ms(1'680'177'600'000), 1'677'628'800'000);
  if (before == nullptr) {
    unsetenv("TZ");
  } else {
    setenv("TZ", kept.c_str(), 1);
  }
  tzset();
}

TEST(OffsetMessageId, IsTheAddressAndTheOffsetInHex) {
  const Bytes v4 = {127, 0, 0, 1};
  EXPECT_EQ(encode_offset_message_id({v4, 10'911}, 1'000), "7F00000100002A9F00000000000003E8");
  Bytes v6(16, 0);
  v6[0] = 0x20;
  v6[15] = 1;
  EXPECT_EQ(encode_offset_message_id({v6, 10'911}, -1),
            "20000000000000000000000000000001"
            "00002A9F"
            "FFFFFFFFFFFFFFFF");
}

}  // namespace
}  // namespace rocketmq::wire
