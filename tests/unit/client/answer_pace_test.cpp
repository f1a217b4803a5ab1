#include "client/producer/answer_pace.h"

#include <gtest/gtest.h>

namespace rocketmq::client {
namespace {

using namespace std::chrono_literals;

int answers_until(AnswerPace& pace, std::chrono::microseconds spin, std::chrono::nanoseconds after) {
  for (int count = 0; count < 100; ++count) {
    if (pace.spin() == spin) return count;
    pace.answered(after);
  }
  return -1;
}

TEST(AnswerPaceTest, TheFirstAnswerIsAskedForWithoutSleeping) {
  EXPECT_EQ(AnswerPace(200us).spin(), 200us);
}

TEST(AnswerPaceTest, WhereAnswersComeLateNobodyAsksAnyMore) {
  AnswerPace pace(200us);
  const int late = answers_until(pace, 0us, 500us);
  EXPECT_GT(late, 1) << "one late answer says little";
  EXPECT_LT(late, 10);
  for (int i = 0; i < 100; ++i)
    pace.answered(500us);
  EXPECT_EQ(pace.spin(), 0us);
}

TEST(AnswerPaceTest, WhereTheyComeSoonAgainSoonAsksTheSender) {
  AnswerPace pace(200us);
  for (int i = 0; i < 100; ++i)
    pace.answered(1s);
  const int soon = answers_until(pace, 200us, 100us);
  EXPECT_GT(soon, 1);
  EXPECT_LT(soon, 20) << "however late the others were";
}

TEST(AnswerPaceTest, OneThatAlsoMadeTheConnectionChangesNothing) {
  AnswerPace pace(200us);
  pace.answered(3s);
  EXPECT_EQ(pace.spin(), 200us);
}

TEST(AnswerPaceTest, WhoMustNotAskNeverAsks) {
  AnswerPace pace(0us);
  EXPECT_EQ(pace.spin(), 0us);
  pace.answered(0ns);
  EXPECT_EQ(pace.spin(), 0us);
}

}  // namespace
}  // namespace rocketmq::client
