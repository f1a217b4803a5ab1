#include "client/consumer/consume_meter.h"

#include <gtest/gtest.h>

namespace rocketmq::client {
namespace {

using namespace std::chrono_literals;

class ConsumeMeterTest : public testing::Test {
 protected:
  const ConsumeMeter::TimePoint start_{1000h};
  ConsumeMeter meter_{start_};
};

TEST_F(ConsumeMeterTest, NothingYetIsAllZero) {
  const ConsumeMeter::Rates rates = meter_.rates(start_ + 1h);
  EXPECT_EQ(rates.pull_ms, 0);
  EXPECT_EQ(rates.handle_ms, 0);
  EXPECT_EQ(rates.taken, 0);
  EXPECT_EQ(rates.failures, 0);
}

TEST_F(ConsumeMeterTest, AveragesAreThoseOfTheLastMinute) {
  meter_.pulled(1'000'000, 500ms, start_);
  meter_.handled({1, 1'000'000, 0, 500ms}, start_);
  for (int second = 60; second < 120; ++second) {
    meter_.pulled(20, 4ms, start_ + second * 1s);
    meter_.handled({1, 18, 2, 10ms}, start_ + second * 1s);
  }
  const ConsumeMeter::Rates rates = meter_.rates(start_ + 120s - 1ms);
  EXPECT_DOUBLE_EQ(rates.pull_ms, 4);
  EXPECT_NEAR(rates.pulled, 20, 0.01);
  EXPECT_DOUBLE_EQ(rates.handle_ms, 10);
  EXPECT_NEAR(rates.taken, 18, 0.01);
  EXPECT_NEAR(rates.failed, 2, 0.01);
}

TEST_F(ConsumeMeterTest, AYoungConsumersRatesAreThoseOfItsLife) {
  meter_.handled({1, 50, 0, 10ms}, start_ + 1s);
  EXPECT_NEAR(meter_.rates(start_ + 5s).taken, 10, 0.01);
}

TEST_F(ConsumeMeterTest, FailuresAreThoseOfTheLastHour) {
  meter_.handled({1, 0, 3, 1ms}, start_ + 1min);
  meter_.handled({1, 0, 4, 1ms}, start_ + 30min);
  EXPECT_EQ(meter_.rates(start_ + 59min).failures, 7);
  EXPECT_EQ(meter_.rates(start_ + 70min).failures, 4);
  EXPECT_EQ(meter_.rates(start_ + 3h).failures, 0);
  EXPECT_EQ(meter_.rates(start_ + 31min + 30s).failed, 0);
}

}  // namespace
}  // namespace rocketmq::client
