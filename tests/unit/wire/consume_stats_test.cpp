#include "wire/consume_stats.h"

#include <gtest/gtest.h>

#include "round_trip.h"

namespace rocketmq::wire {
namespace {

TEST(ConsumeStats, ComeBackAsTheyWere) {
  const GetConsumeStatsRequest request{"cg", "t"};
  EXPECT_EQ(request.to_command().code, 208);
  expect_round_trip(request);
  expect_round_trip(GetConsumeStatsRequest{"cg", ""});
  expect_required(request, {"consumerGroup"});
  expect_body_round_trip(ConsumeStats{{{{"t", "b", 3}, 7}, {{"%RETRY%cg", "b", 0}, 0}}});
  expect_body_round_trip(ConsumeStats{});
}

TEST(ConsumeStats, AreReadAsBrokersOfBothLinesWriteThem) {
  ConsumeStats stats;
  for (
      const char* body :
      {R"({"consumeTps":0.0,"offsetTable":{{"brokerName":"b","queueId":1,"topic":"t"}:{"brokerOffset":9,"consumerOffset":4,"lastTimestamp":0}}})",
       R"({"consumeTps":0.0,"offsetTable":{"{\"brokerName\":\"b\",\"queueId\":1,\"topic\":\"t\"}":{"brokerOffset":9,"consumerOffset":4,"lastTimestamp":0}}})"}) {
    ASSERT_EQ(ConsumeStats::decode_body(as_bytes(body), stats), Errc::ok) << body;
    EXPECT_EQ(stats, (ConsumeStats{{{{"t", "b", 1}, 4}}})) << body;
  }
}

TEST(ConsumeStats, AReplyWithoutATableIsAnErrorAndNotAGroupWithoutProgress) {
  ConsumeStats stats;
  EXPECT_EQ(ConsumeStats::decode_body(as_bytes("{}"), stats), Errc::missing_field);
  EXPECT_EQ(ConsumeStats::decode_body(as_bytes(R"({"offsetTable":null})"), stats), Errc::missing_field);
  EXPECT_EQ(ConsumeStats::decode_body(as_bytes(R"({"offsetTable":[]})"), stats), Errc::bad_field);
  EXPECT_EQ(ConsumeStats::decode_body(
                as_bytes(R"({"offsetTable":{{"brokerName":"b","queueId":1,"topic":"t"}:4}})"), stats),
            Errc::bad_field);
}

}  // namespace
}  // namespace rocketmq::wire
