#include "transport/request_table.h"

#include <gtest/gtest.h>

#include <limits>

namespace rocketmq::transport {
namespace {

using std::chrono::milliseconds;

const Clock::time_point start{};

RequestPtr make(std::int32_t opaque, int deadline_ms) {
  auto request = std::make_shared<Request>();
  request->opaque = opaque;
  request->deadline = start + milliseconds(deadline_ms);
  request->handler = [](const Failure&, wire::ReceivedCommand&&) {};
  return request;
}

std::vector<std::int32_t> opaques(const std::vector<RequestPtr>& requests) {
  std::vector<std::int32_t> result;
  for (const auto& request : requests)
    result.push_back(request->opaque);
  return result;
}

TEST(RequestTable, MatchesRepliesInAnyOrder) {
  RequestTable table;
  ASSERT_TRUE(table.add(make(1, 10)));
  ASSERT_TRUE(table.add(make(2, 20)));
  ASSERT_TRUE(table.add(make(-3, 30)));
  for (const std::int32_t opaque : {2, -3, 1}) {
    RequestPtr request;
    ASSERT_EQ(table.take(opaque, request), RequestTable::Match::waiting);
    EXPECT_EQ(request->opaque, opaque);
  }
  EXPECT_TRUE(table.empty());
  EXPECT_EQ(table.next_deadline(), std::nullopt);
}

TEST(RequestTable, AReplyThatNobodyAskedForIsUnknown) {
  RequestTable table;
  RequestPtr request;
  EXPECT_EQ(table.take(7, request), RequestTable::Match::unknown);
  EXPECT_EQ(request, nullptr);
}

TEST(RequestTable, TheSecondOfTwoRepliesIsUnknown) {
  RequestTable table;
  ASSERT_TRUE(table.add(make(1, 10)));
  RequestPtr request;
  ASSERT_EQ(table.take(1, request), RequestTable::Match::waiting);
  RequestPtr again;
  EXPECT_EQ(table.take(1, again), RequestTable::Match::unknown);
  EXPECT_EQ(again, nullptr);
}

TEST(RequestTable, AnOpaqueThatWaitsIsNotTakenTwice) {
  RequestTable table;
  ASSERT_TRUE(table.add(make(1, 10)));
  EXPECT_FALSE(table.add(make(1, 99)));
  EXPECT_EQ(table.size(), 1U);
  EXPECT_EQ(table.next_deadline(), start + milliseconds(10));
}

TEST(RequestTable, ExpiresWhatIsDueEarliestFirst) {
  RequestTable table;
  ASSERT_TRUE(table.add(make(1, 30)));
  ASSERT_TRUE(table.add(make(2, 10)));
  ASSERT_TRUE(table.add(make(3, 20)));
  ASSERT_TRUE(table.add(make(4, 40)));
  EXPECT_TRUE(table.expire(start + milliseconds(9)).empty());
  EXPECT_EQ(opaques(table.expire(start + milliseconds(30))), (std::vector<std::int32_t>{2, 3, 1}));
  EXPECT_EQ(table.size(), 1U);
  EXPECT_EQ(table.next_deadline(), start + milliseconds(40));
}

TEST(RequestTable, AReplyAfterTheDeadlineIsLateOnce) {
  RequestTable table;
  ASSERT_TRUE(table.add(make(1, 10)));
  ASSERT_EQ(table.expire(start + milliseconds(10)).size(), 1U);
  RequestPtr request;
  EXPECT_EQ(table.take(1, request), RequestTable::Match::late);
  EXPECT_EQ(table.take(1, request), RequestTable::Match::unknown);
  EXPECT_EQ(request, nullptr);
}

TEST(RequestTable, AReusedOpaqueBelongsToItsNewRequest) {
  RequestTable table;
  ASSERT_TRUE(table.add(make(1, 10)));
  ASSERT_EQ(table.expire(start + milliseconds(10)).size(), 1U);
  ASSERT_TRUE(table.add(make(1, 50)));
  RequestPtr request;
  EXPECT_EQ(table.take(1, request), RequestTable::Match::waiting);
}

TEST(RequestTable, GivesOutEveryRequestOnceWhenTheConnectionEnds) {
  RequestTable table;
  ASSERT_TRUE(table.add(make(1, 30)));
  ASSERT_TRUE(table.add(make(2, 10)));
  EXPECT_EQ(opaques(table.remove_all()), (std::vector<std::int32_t>{2, 1}));
  EXPECT_TRUE(table.remove_all().empty());
  EXPECT_TRUE(table.expire(Clock::time_point::max()).empty());
  RequestPtr request;
  EXPECT_EQ(table.take(1, request), RequestTable::Match::unknown);
}

TEST(RequestTable, RemembersABoundedNumberOfAbandonedRequests) {
  RequestTable table;
  const auto count = static_cast<std::int32_t>(RequestTable::abandoned_limit) + 1;
  for (std::int32_t opaque = 0; opaque < count; ++opaque)
    ASSERT_TRUE(table.add(make(opaque, opaque)));
  ASSERT_EQ(table.expire(Clock::time_point::max()).size(), static_cast<std::size_t>(count));
  RequestPtr request;
  EXPECT_EQ(table.take(0, request), RequestTable::Match::unknown);
  EXPECT_EQ(table.take(1, request), RequestTable::Match::late);
  EXPECT_EQ(table.take(count - 1, request), RequestTable::Match::late);
}

TEST(RequestTable, HoldsManyRequestsAcrossTheWrapOfTheirNumbers) {
  RequestTable table;
  constexpr std::uint32_t count = 65'536;
  std::uint32_t opaque = std::numeric_limits<std::uint32_t>::max() - count / 2;
  for (std::uint32_t i = 0; i < count; ++i, ++opaque) {
    ASSERT_TRUE(table.add(make(static_cast<std::int32_t>(opaque), static_cast<int>(i % 1000))));
  }
  EXPECT_EQ(table.size(), count);
  EXPECT_EQ(table.expire(start + milliseconds(499)).size() + table.remove_all().size(), count);
}

TEST(Request, CallsItsHandlerOnceEvenIfItThrows) {
  int calls = 0;
  std::string logged;
  Request request;
  request.code = 105;
  request.handler = [&calls](const Failure&, wire::ReceivedCommand&&) {
    ++calls;
    throw std::runtime_error("no luck");
  };
  const LogSink log = [&logged](LogLevel, std::string_view line) { logged = line; };
  finish(request, {}, {}, log);
  finish(request, {}, {}, log);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(logged, "the handler of the reply to request 105 threw: no luck");
}

}  // namespace
}  // namespace rocketmq::transport
