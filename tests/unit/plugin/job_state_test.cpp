#include "plugin/job_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rocketmq::plugin::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::int64_t now_ms = 1'700'000'100'000;

/// A job that receives from one topic.
JobFacts running() {
  JobFacts facts;
  facts.now_ms = now_ms;
  facts.consumer.topics = {{.topic = "ticks", .queues = 4, .own_queues = 4, .members = 1, .owners = {}}};
  return facts;
}

TroubleStatus trouble(const std::string& subject, const std::string& cause, bool lasting) {
  return {.subject = subject, .cause = cause, .lasting = lasting, .since_ms = now_ms - 42'000};
}

TEST(JobState, AJobThatReceivesRunsAndHasNoReason) {
  const JobCondition condition = job_state(running());
  EXPECT_EQ(name_of(condition.state), "RUNNING");
  EXPECT_EQ(condition.reason, "");
}

TEST(JobState, AJobOfWhichNothingIsKnownYetHasJustStarted) {
  const JobCondition condition = job_state(JobFacts{});
  EXPECT_EQ(name_of(condition.state), "RUNNING");
  EXPECT_EQ(condition.reason, "it has just started");
}

TEST(JobState, APauseAndAnEndComeBeforeEverythingElse) {
  JobFacts facts = running();
  facts.consumer.troubles = {trouble("broker 10.0.0.1:10911", "down", false)};
  facts.paused = true;
  EXPECT_EQ(name_of(job_state(facts).state), "PAUSED");
  EXPECT_THAT(job_state(facts).reason, HasSubstr("resumeSubJob"));
  facts.activity.oldest_call = now_ms * 1'000'000;
  EXPECT_THAT(job_state(facts).reason, HasSubstr("still running"));
  facts.ended = true;
  EXPECT_EQ(name_of(job_state(facts).state), "ENDED");
}

TEST(JobState, ABrokerThatIsAwayIsNamedWithItsCauseAndForHowLong) {
  JobFacts facts = running();
  facts.consumer.troubles = {trouble("broker 10.0.0.1:10911", "connection refused", false),
                             trouble("broker 10.0.0.2:10911", "connection refused", false)};
  const JobCondition condition = job_state(facts);
  EXPECT_EQ(name_of(condition.state), "NO_BROKER");
  EXPECT_EQ(
      condition.reason,
      "broker 10.0.0.1:10911, for 42 s: connection refused (and 1 more like it; see getSubJobQueues())");
}

TEST(JobState, TheGroupsOwnTopicIsNamedOnlyIfItIsAlone) {
  JobFacts facts = running();
  facts.consumer.troubles = {trouble("%RETRY%g@broker-a:0", "connection refused", false)};
  EXPECT_THAT(job_state(facts).reason, StartsWith("%RETRY%g@broker-a:0"));
  facts.consumer.troubles.push_back(trouble("ticks@broker-a:0", "connection refused", false));
  EXPECT_THAT(job_state(facts).reason, StartsWith("ticks@broker-a:0, for 42 s"));
  EXPECT_THAT(job_state(facts).reason, HasSubstr("and 1 more"));
}

TEST(JobState, WhatABrokerRefusesComesBeforeWhatMayPass) {
  JobFacts facts = running();
  facts.consumer.troubles = {trouble("broker 10.0.0.1:10911", "connection refused", false),
                             trouble("topic 'ticks'", "no permission", true)};
  const JobCondition condition = job_state(facts);
  EXPECT_EQ(name_of(condition.state), "REFUSED");
  EXPECT_EQ(condition.reason, "topic 'ticks', for 42 s: no permission");
}

TEST(JobState, ATopicThatDoesNotExistIsWaitedFor) {
  JobFacts facts = running();
  facts.consumer.topics = {{.topic = "tikcs", .queues = 0, .own_queues = 0, .members = 0, .owners = {}}};
  const JobCondition condition = job_state(facts);
  EXPECT_EQ(name_of(condition.state), "WAITING_FOR_TOPIC");
  EXPECT_THAT(condition.reason, StartsWith("topic tikcs cannot be found, or has no queue"));
}

TEST(JobState, OneMissingTopicOfSeveralIsARemarkOnly) {
  JobFacts facts = running();
  facts.consumer.topics.push_back(
      {.topic = "later", .queues = 0, .own_queues = 0, .members = 0, .owners = {}});
  const JobCondition condition = job_state(facts);
  EXPECT_EQ(name_of(condition.state), "RUNNING");
  EXPECT_THAT(condition.reason, StartsWith("topic later cannot be found"));
}

TEST(JobState, AMemberWithoutQueuesLearnsWhoHasThem) {
  JobFacts facts = running();
  facts.consumer.topics = {
      {.topic = "ticks", .queues = 2, .own_queues = 0, .members = 3, .owners = {"10.0.0.1@1", "10.0.0.2@2"}}};
  const JobCondition condition = job_state(facts);
  EXPECT_EQ(name_of(condition.state), "NO_QUEUE");
  EXPECT_EQ(
      condition.reason,
      "topic ticks has 2 queues for 3 members of the group; those that have them: 10.0.0.1@1, 10.0.0.2@2. "
      "Give the topic more queues, or run fewer members");
}

TEST(JobState, QueuesThatAreNotDividedYetAreNoReasonForAlarm) {
  JobFacts facts = running();
  facts.consumer.topics = {{.topic = "ticks", .queues = 2, .own_queues = 0, .members = 0, .owners = {}}};
  const JobCondition condition = job_state(facts);
  EXPECT_EQ(name_of(condition.state), "RUNNING");
  EXPECT_EQ(condition.reason, "the queues of topic ticks are being assigned");
}

TEST(JobState, AHandlerThatThrowsIsFailingUntilItReturns) {
  JobFacts facts = running();
  facts.activity.failing_since = (now_ms - 7'000) * 1'000'000;
  facts.activity.last_call_error = "the table is gone";
  const JobCondition condition = job_state(facts);
  EXPECT_EQ(name_of(condition.state), "HANDLER_FAILING");
  EXPECT_EQ(
      condition.reason,
      "the last call of the handler has thrown (the first of those in a row 7 s ago): the table is gone");
}

TEST(JobState, AQueueThatWaitsForTheHandlerIsFailingAlsoIfOthersGoOn) {
  JobFacts facts = running();
  for (int id = 0; id < 3; ++id) {
    QueueStatus& queue = facts.consumer.queues.emplace_back();
    queue.topic = "ticks";
    queue.broker_name = "broker-a";
    queue.queue_id = id;
    queue.held_back = id > 0;
  }
  const JobCondition condition = job_state(facts);
  EXPECT_EQ(name_of(condition.state), "HANDLER_FAILING");
  EXPECT_EQ(condition.reason,
            "the handler takes rows of other queues, but not those of ticks@broker-a:1, ticks@broker-a:2, "
            "which wait for it; see getSubJobErrors()");
  facts.activity.failing_since = (now_ms - 7'000) * 1'000'000;
  facts.activity.last_call_error = "the table is gone";
  EXPECT_EQ(
      job_state(facts).reason,
      "the last call of the handler has thrown (the first of those in a row 7 s ago; what waits for it: "
      "ticks@broker-a:1, ticks@broker-a:2): the table is gone");
}

TEST(JobState, AHandlerThatTakesLongIsBusy) {
  JobFacts facts = running();
  facts.activity.oldest_call = (now_ms - busy_after_ms + 1) * 1'000'000;
  EXPECT_EQ(name_of(job_state(facts).state), "RUNNING");
  facts.activity.oldest_call = (now_ms - 12'000) * 1'000'000;
  const JobCondition condition = job_state(facts);
  EXPECT_EQ(name_of(condition.state), "HANDLER_BUSY");
  EXPECT_THAT(condition.reason, StartsWith("a call of the handler has been running for 12 s"));
}

TEST(QueueState, TellsWhatKeepsTheQueue) {
  QueueStatus queue;
  EXPECT_EQ(queue_state(queue, false), "STARTING");
  queue.consumed_offset = 5;
  EXPECT_EQ(queue_state(queue, false), "RUNNING");
  queue.held_back = true;
  EXPECT_EQ(queue_state(queue, false), "HANDLER_FAILING");
  EXPECT_EQ(queue_state(queue, true), "PAUSED");
  queue.trouble = trouble("queue", "connection refused", false);
  EXPECT_EQ(queue_state(queue, true), "NO_BROKER");
  queue.trouble.lasting = true;
  EXPECT_EQ(queue_state(queue, false), "REFUSED");
}

TEST(Lag, IsWhatTheBrokerHasAndIsNotDone) {
  ConsumerStatus consumer;
  EXPECT_EQ(lag_of(consumer), std::nullopt);
  QueueStatus unknown;
  QueueStatus behind;
  behind.consumed_offset = 10;
  behind.max_offset = 25;
  QueueStatus ahead;  // Its end is as of a moment ago.
  ahead.consumed_offset = 10;
  ahead.max_offset = 8;
  consumer.queues = {unknown};
  EXPECT_EQ(lag_of(consumer), std::nullopt);
  consumer.queues = {behind, ahead};
  EXPECT_EQ(lag_of(consumer), 15);
  consumer.queues = {unknown, behind, ahead};
  EXPECT_EQ(lag_of(consumer), std::nullopt) << "a part would look like all";
}

}  // namespace
}  // namespace rocketmq::plugin::test
