#include "plugin/failure_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <random>
#include <vector>

namespace rocketmq::plugin::test {
namespace {

using ::testing::ElementsAre;

struct Result {
  std::size_t calls = 0;
  std::vector<std::size_t> failed;
  bool in_order = true;  ///< Every row was done once, one after another.
};

/// A handler that throws if one of its rows is bad.
Result run(const std::vector<bool>& bad) {
  Result result;
  std::size_t done = 0;
  for (FailureSearch search(bad.size()); !search.done(); ++result.calls) {
    const auto [first, count] = search.next();
    const auto begin = bad.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = begin + static_cast<std::ptrdiff_t>(count);
    result.in_order = result.in_order && first == done && count > 0;
    if (std::find(begin, end, true) == end) {
      search.succeeded();
      done += count;
      continue;
    }
    if (count == 1) result.failed.push_back(done++);
    search.failed();
  }
  result.in_order = result.in_order && done == bad.size();
  return result;
}

std::vector<std::size_t> positions(const std::vector<bool>& bad) {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < bad.size(); ++i) {
    if (bad[i]) result.push_back(i);
  }
  return result;
}

std::size_t most_calls(std::size_t rows) {
  return rows + 1 + 2 * static_cast<std::size_t>(std::bit_width(rows));
}

void expect_found(const std::vector<bool>& bad) {
  const Result result = run(bad);
  EXPECT_EQ(result.failed, positions(bad));
  EXPECT_TRUE(result.in_order);
  EXPECT_LE(result.calls, most_calls(bad.size())) << positions(bad).size() << " bad rows of " << bad.size();
}

TEST(FailureSearch, GoodRowsAreOneCallAndNoRowsAreNone) {
  EXPECT_EQ(run(std::vector<bool>(10'000)).calls, 1U);
  EXPECT_TRUE(FailureSearch(0).done());
}

TEST(FailureSearch, OneBadRowCostsTwiceTheLogarithmOfAllRowsWhereverItIs) {
  for (const std::size_t rows : {2U, 3U, 5U, 16U, 1000U, 10'000U}) {
    for (std::size_t at = 0; at < rows; at += std::max<std::size_t>(1, rows / 300)) {
      std::vector<bool> bad(rows);
      bad[at] = true;
      const Result result = run(bad);
      EXPECT_THAT(result.failed, ElementsAre(at));
      EXPECT_TRUE(result.in_order);
      EXPECT_LE(result.calls, 1 + 2 * static_cast<std::size_t>(std::bit_width(rows))) << at << " of " << rows;
    }
  }
}

TEST(FailureSearch, SomeBadRowsCostNoMoreThanThatEach) {
  constexpr std::size_t rows = 10'000;
  std::mt19937 random(1);
  for (const std::size_t count : {2U, 5U, 20U, 100U, 300U}) {
    std::vector<bool> bad(rows);
    for (std::size_t i = 0; i < count; ++i)
      bad[random() % rows] = true;
    EXPECT_EQ(run(bad).failed, positions(bad));
    EXPECT_LE(run(bad).calls, count * 2 * static_cast<std::size_t>(std::bit_width(rows))) << count;
  }
  // A row of bad ones at the front, and good ones behind.
  std::vector<bool> bad(rows);
  std::fill_n(bad.begin(), 100, true);
  EXPECT_LE(run(bad).calls, 300U);
}

TEST(FailureSearch, ManyBadRowsCostNoMoreThanRowByRow) {
  for (const std::size_t rows : {1U, 2U, 3U, 4U, 5U, 7U, 64U, 1000U, 10'000U})
    expect_found(std::vector<bool>(rows, true));
  // Every pattern of few rows, and each density of many.
  for (unsigned pattern = 0; pattern < 4096; ++pattern) {
    std::vector<bool> bad(12);
    for (std::size_t i = 0; i < bad.size(); ++i)
      bad[i] = (pattern >> i & 1U) != 0;
    expect_found(bad);
  }
  std::mt19937 random(2);
  for (unsigned each = 1; each < 40; ++each) {
    std::vector<bool> regular(1000);
    std::vector<bool> scattered(1000);
    std::vector<bool> changing(1000);  // Bad ones in one half of each hundred.
    for (std::size_t i = 0; i < regular.size(); ++i) {
      regular[i] = i % each == 0;
      scattered[i] = random() % each == 0;
      changing[i] = i % 100 < 50 && random() % each == 0;
    }
    expect_found(regular);
    expect_found(scattered);
    expect_found(changing);
  }
}

}  // namespace
}  // namespace rocketmq::plugin::test
