#include "plugin/producer_handle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin/argument_error.h"
#include "plugin/producer_registry.h"
#include "script_values.h"
#include "support/fake_client.h"

namespace rocketmq::plugin::test {
namespace {

using ::testing::HasSubstr;

class ProducerHandleTest : public ::testing::Test {
 protected:
  ProducerHandleTest() { client().reset(); }
  static fake::Client& client() { return fake::Client::instance(); }
  ConstantSP make() {
    ProducerConfig config;
    config.group = "group1";
    return make_producer_handle(session_->getHeap().get(), Producer::start(config),
                                {"group1", "a:1", {}, user_, 0});
  }
  static std::string error(const ConstantSP& handle) {
    return error_of([&] { static_cast<void>(producer_of(handle)); });
  }

  static std::vector<ProducerStatRow> stats() { return producer_stats(Caller{"admin", true}); }

  SessionSP session_ = session_of("alice");
  std::string user_ = "alice";
};

TEST_F(ProducerHandleTest, TheLastReferenceClosesTheProducer) {
  ConstantSP handle = make();
  ConstantSP second = handle;
  EXPECT_EQ(client().live_producers(), 1);
  EXPECT_NE(producer_of(second).producer, nullptr);
  handle.clear();
  EXPECT_EQ(client().live_producers(), 1);
  second.clear();
  EXPECT_EQ(client().live_producers(), 0);
  EXPECT_EQ(open_producers().size(), 0U);
}

TEST_F(ProducerHandleTest, AHandleThatAFunctionHoldsOutlivesTheSessionThatMadeIt) {
  // forward{producer} as a handler: its job goes on when the session has ended.
  ConstantSP handle = make();
  session_.clear();
  EXPECT_NE(producer_of(handle).producer, nullptr);
  handle.clear();
  EXPECT_EQ(client().live_producers(), 0);
}

TEST_F(ProducerHandleTest, EachHandleIsItsOwnProducer) {
  const ConstantSP first = make();
  const ConstantSP second = make();
  EXPECT_NE(producer_of(first).producer, producer_of(second).producer);
}

TEST_F(ProducerHandleTest, OtherValuesAreRefused) {
  EXPECT_EQ(error(text("x")),
            "producer must be the object that createProducer returned; given: the STRING scalar \"x\".");
  EXPECT_THAT(error(integer(1)), HasSubstr("given: the INT scalar 1."));
}

TEST_F(ProducerHandleTest, AResourceOfAnotherKindIsRefusedWhateverNumberItCarries) {
  const ConstantSP ours = make();
  const ConstantSP foreign =
      Util::createResource(ours->getLong(), "another plugin's connection", FunctionDefSP(), session_.get());
  EXPECT_EQ(error(foreign),
            "producer must be the object that createProducer returned; given: the resource "
            "\"another plugin's connection\".");
}

TEST_F(ProducerHandleTest, AClosedProducerIsSaidToBeClosed) {
  const ConstantSP handle = make();
  EXPECT_TRUE(open_producers().remove(handle->getLong()));
  EXPECT_THAT(error(handle), HasSubstr("is closed; create a new one."));
}

TEST_F(ProducerHandleTest, AProducerMayBeClosedBeforeItsLastReferenceGoes) {
  const ConstantSP handle = make();
  EXPECT_TRUE(close_producer_of(handle));
  EXPECT_EQ(client().live_producers(), 0);
  EXPECT_THAT(error(handle), HasSubstr("is closed; create a new one."));
  EXPECT_FALSE(close_producer_of(handle));
  EXPECT_TRUE(stats().empty());
  EXPECT_EQ(error_of([&] { close_producer_of(text("x")); }),
            "producer must be the object that createProducer returned; given: the STRING scalar \"x\".");
}

TEST_F(ProducerHandleTest, WhatItSendsIsCounted) {
  const ConstantSP handle = make();
  ASSERT_EQ(stats().size(), 1U);
  EXPECT_EQ(stats()[0].sent_count, 0);
  EXPECT_FALSE(stats()[0].average_ms);
  const std::vector<std::string_view> bodies{"one", "three"};
  send_counted(producer_of(handle), "topic", {.bodies = bodies}, {});
  const ProducerStatRow row = stats()[0];
  EXPECT_EQ(row.sent_count, 2);
  EXPECT_EQ(row.sent_bytes, 8);
  EXPECT_EQ(row.failed_count, 0);
  EXPECT_GT(row.messages_per_second, 0);
  EXPECT_TRUE(row.average_ms);
  EXPECT_TRUE(row.p99_ms);
  EXPECT_EQ(row.last_error, "");
  EXPECT_EQ(row.description.group, "group1");
  EXPECT_EQ(row.description.user, "alice");
  EXPECT_GT(row.description.create_time, 0);
}

TEST_F(ProducerHandleTest, AFailedSendCountsWhatIsStoredAndWhatIsNot) {
  const ConstantSP handle = make();
  const Failure failure{Errc::send_failed, "2 of 3 messages are stored", std::nullopt};
  client().fail_send(
      SendError(failure, {{0, 2, SendOutcome::stored, {}}, {2, 1, SendOutcome::not_stored, failure}}));
  const std::vector<std::string_view> bodies{"a", "bb", "ccc"};
  EXPECT_THROW(send_counted(producer_of(handle), "topic", {.bodies = bodies}, {}), SendError);
  const ProducerStatRow row = stats()[0];
  EXPECT_EQ(row.sent_count, 2);
  EXPECT_EQ(row.sent_bytes, 3);
  EXPECT_EQ(row.failed_count, 1);
  EXPECT_THAT(row.last_error, HasSubstr("2 of 3 messages are stored"));
  EXPECT_TRUE(row.last_error_time);
}

TEST_F(ProducerHandleTest, WhoIsNoAdministratorSeesOwnProducersOnly) {
  const ConstantSP hers = make();
  user_ = "bob";
  const ConstantSP his = make();
  EXPECT_EQ(stats().size(), 2U);
  const auto seen = producer_stats(Caller{"alice", false});
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].id, std::to_string(hers->getLong()));
}

TEST(ProducerStat, TheSlowestOfAHundredCallsIsThe99thPercentileNoMore) {
  using std::chrono::milliseconds;
  ProducerStat stat({});
  for (int i = 0; i < 99; ++i)
    stat.sent(1, 1, 0, "", milliseconds(2), 0);
  EXPECT_NEAR(*stat.snapshot().p99_ms, 2, 0.3);
  for (int i = 0; i < 3; ++i)
    stat.sent(1, 1, 0, "", milliseconds(100), 0);
  EXPECT_NEAR(*stat.snapshot().p99_ms, 100, 13);
  EXPECT_NEAR(*stat.snapshot().average_ms, (99 * 2 + 3 * 100) / 102.0, 0.01);
}

TEST(ProducerStat, ATimeFallsIntoAPartThatIsAnEighthWide) {
  for (const long long us : {1LL, 7LL, 8LL, 100LL, 999LL, 123'456LL, 4'000'000'000LL}) {
    const double ms = histogram_ms(histogram_part(std::chrono::microseconds(us)));
    EXPECT_GE(ms * 1000, static_cast<double>(us));
    EXPECT_LE(ms * 1000, static_cast<double>(us) * 1.126 + 1.01) << us;
  }
  EXPECT_LT(histogram_part(std::chrono::hours(24 * 365)), 256U) << "the longest have the last part";
}

}  // namespace
}  // namespace rocketmq::plugin::test
