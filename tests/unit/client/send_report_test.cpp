#include "client/producer/send_report.h"

#include <gtest/gtest.h>

namespace rocketmq::client {
namespace {

const Failure refused{Errc::server_refused, "the broker is busy",
                      ServerReply{2, "[OVERLOAD]", "127.0.0.1:1"}};
const Failure lost{Errc::request_timeout, "no answer", std::nullopt};

SendRange stored(std::size_t first, std::size_t count) {
  return SendRange{first, count, SendOutcome::stored, {}};
}

TEST(SendReport, RangesCoverTheWholeSendInOrder) {
  const auto ranges = complete_ranges(
      {stored(50, 10), SendRange{20, 10, SendOutcome::possibly_stored, lost}, stored(0, 20)}, 100, refused);
  ASSERT_EQ(ranges.size(), 5U);
  EXPECT_EQ(ranges[0].count, 20U);
  EXPECT_EQ(ranges[1].outcome, SendOutcome::possibly_stored);
  EXPECT_EQ(ranges[2].first, 30U);
  EXPECT_EQ(ranges[2].count, 20U);
  EXPECT_EQ(ranges[2].outcome, SendOutcome::not_stored);
  EXPECT_EQ(ranges[2].failure.message, "the broker is busy");
  EXPECT_EQ(ranges[4].first, 60U);
  EXPECT_EQ(ranges[4].count, 40U);
}

TEST(SendReport, NeighboursWithTheSameFateAreOneRange) {
  const auto ranges = complete_ranges({stored(10, 10), stored(0, 10)}, 20, refused);
  ASSERT_EQ(ranges.size(), 1U);
  EXPECT_EQ(ranges[0].count, 20U);
}

TEST(SendReport, TheTextSaysHowManyAreStoredWhichFailedFirstAndWhy) {
  const auto ranges = complete_ranges(
      {stored(0, 200), SendRange{200, 100, SendOutcome::possibly_stored, lost}}, 1000, refused);
  const auto failure = describe_send("t", ranges, 2);
  EXPECT_EQ(failure.code, Errc::send_failed);
  EXPECT_EQ(
      failure.message,
      "200 of 1000 messages stored; message 200 is the first that failed: no answer; topic 't', 2 queues "
      "tried; possibly stored: [200,300); not stored: [300,1000)");
}

TEST(SendReport, TheServersWordsAreKept) {
  const auto failure = describe_send("t", complete_ranges({}, 1, refused), 1);
  EXPECT_EQ(
      failure.message,
      "0 of 1 messages stored; message 0 is the first that failed: the broker is busy; topic 't', 1 queue "
      "tried");
  ASSERT_TRUE(failure.server.has_value());
  EXPECT_EQ(failure.server->remark, "[OVERLOAD]");
}

TEST(SendReport, ManyPossiblyStoredRangesDoNotFloodTheText) {
  std::vector<SendRange> ranges;
  for (std::size_t i = 0; i < 30; ++i) {
    ranges.push_back(SendRange{2 * i, 1, SendOutcome::possibly_stored, lost});
    ranges.push_back(stored(2 * i + 1, 1));
  }
  const auto text = describe_send("t", complete_ranges(ranges, 60, lost), 1).message;
  EXPECT_NE(text.find("; possibly stored: [0,1), [2,3), [4,5), "), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with(", [28,29), [30,31) and more")) << text;
}

TEST(SendReport, TheTextTellsTheFateOfEveryRangeWhateverItsReason) {
  const Failure stopped{Errc::closed, "the producer is closed", std::nullopt};
  const auto ranges = complete_ranges({stored(0, 10), SendRange{10, 5, SendOutcome::not_stored, refused},
                                       SendRange{15, 5, SendOutcome::not_stored, stopped}, stored(20, 10),
                                       SendRange{30, 5, SendOutcome::possibly_stored, lost}},
                                      50, stopped);
  const auto text = describe_send("t", ranges, 3).message;
  EXPECT_TRUE(text.ends_with("; possibly stored: [30,35); not stored: [10,20), [35,50)")) << text;
}

TEST(SendReport, CausesThatSayWhatToDoKeepTheirCode) {
  const Failure missing{Errc::topic_not_found, "topic 't' does not exist", std::nullopt};
  EXPECT_EQ(describe_send("t", complete_ranges({}, 3, missing), 0).code, Errc::topic_not_found);
}

TEST(SendError, CountsWhatIsStored) {
  const SendError error(refused, complete_ranges({stored(0, 7), stored(9, 2)}, 20, refused));
  EXPECT_EQ(error.stored_count(), 9U);
}

}  // namespace
}  // namespace rocketmq::client
