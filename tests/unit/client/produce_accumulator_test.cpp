#include "client/producer/produce_accumulator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "wire/batch.h"
#include "wire/response_code.h"

namespace rocketmq::client {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

/// An accumulator whose requests the test answers.
class ProduceAccumulatorTest : public testing::Test {
 protected:
  struct Request {
    std::string topic;
    EncodedBatch batch;
    ProduceAccumulator::Ended ended;
  };

  SendTicketPtr add(std::string body, const std::string& topic = "t") {
    EncodedBatch message;
    message.count = 1;
    message.properties = "p";
    message.body = std::make_shared<const std::string>(std::move(body));
    auto ticket = std::make_shared<SendTicket>(topic, std::move(message));
    accumulator_.add(ticket);
    return ticket;
  }

  /// The requests that have gone out since the last call, as bodies.
  std::vector<std::vector<std::string>> sent() {
    std::vector<std::vector<std::string>> result;
    for (; seen_ < requests_.size(); ++seen_) {
      const EncodedBatch& batch = requests_[seen_].batch;
      EXPECT_EQ(batch.batch, batch.count > 1);
      if (!batch.batch) {
        EXPECT_EQ(batch.properties, "p");
        result.push_back({*batch.body});
        continue;
      }
      auto& bodies = result.emplace_back();
      wire::BatchReader reader(as_bytes(*batch.body));
      wire::BatchItemView item;
      for (bool found = true; reader.next(item, found) == Errc::ok && found;)
        bodies.emplace_back(as_text(item.body));
      EXPECT_EQ(bodies.size(), batch.count);
    }
    return result;
  }

  /// Answers the oldest open request.
  void answer(SendOutcome outcome = SendOutcome::stored, const Failure& failure = {}) {
    ASSERT_LT(answered_, requests_.size());
    const Request request = requests_[answered_++];
    request.ended({{SendRange{0, request.batch.count, outcome, failure}}, 1});
  }

  /// Lets the timers end that run now.
  void run_timers() {
    for (int i = 0; i < 3; ++i) {
      std::this_thread::sleep_for(5ms);
      loop_.context().poll();
    }
  }

  static Failure refusal(wire::ResponseCode code) {
    return {Errc::server_refused, "refused", ServerReply{wire::to_int(code), "no batch", "broker"}};
  }

  static SendOutcome outcome(const SendTicketPtr& ticket) {
    const auto result = ticket->progress.result();
    EXPECT_NE(result, nullptr);
    return result == nullptr ? SendOutcome::not_stored : result->ranges.front().outcome;
  }

  transport::EventLoop loop_{{}};  // Not started: the test runs its handlers.
  std::deque<Request> requests_;
  std::size_t seen_ = 0;
  std::size_t answered_ = 0;
  ProduceAccumulator accumulator_{
      loop_, [this](const std::string& topic, EncodedBatch batch, ProduceAccumulator::Ended ended) {
        requests_.push_back({topic, std::move(batch), std::move(ended)});
      }};
};

TEST_F(ProduceAccumulatorTest, AMessageThatIsAloneGoesAtOnceTimeAfterTime) {
  for (int i = 0; i < 3; ++i) {
    const auto ticket = add("a");
    EXPECT_THAT(sent(), ElementsAre(ElementsAre("a")));
    answer();
    EXPECT_EQ(outcome(ticket), SendOutcome::stored);
  }
}

TEST_F(ProduceAccumulatorTest, WhatComesWhileARequestIsInFlightIsTheNextOneWithTheOneThatComesBack) {
  add("a");
  const auto b = add("b");
  const auto c = add("c");
  EXPECT_THAT(sent(), ElementsAre(ElementsAre("a")));
  answer();
  EXPECT_THAT(sent(), IsEmpty()) << "the thread that sent a mostly comes back at once";
  add("d");
  EXPECT_THAT(sent(), ElementsAre(ElementsAre("b", "c", "d")));
  EXPECT_FALSE(b->progress.has_ended());
  answer();
  EXPECT_EQ(outcome(b), SendOutcome::stored);
  EXPECT_EQ(outcome(c), SendOutcome::stored);
}

TEST_F(ProduceAccumulatorTest, LingeringEndsAfterItsTimeWithWhatCame) {
  add("a");
  add("b");
  answer();
  (void)sent();
  run_timers();
  EXPECT_THAT(sent(), ElementsAre(ElementsAre("b")));
  answer();
  run_timers();
  EXPECT_THAT(sent(), IsEmpty());
  add("c");
  EXPECT_THAT(sent(), ElementsAre(ElementsAre("c"))) << "nobody else is there any more";
}

TEST_F(ProduceAccumulatorTest, WhatHasWaitedForLongGoesBesideTheRequestInFlight) {
  add("a");
  add("b");
  EXPECT_THAT(sent(), ElementsAre(ElementsAre("a")));
  run_timers();
  EXPECT_THAT(sent(), ElementsAre(ElementsAre("b")));
}

TEST_F(ProduceAccumulatorTest, TopicsHaveNothingToDoWithEachOther) {
  add("a", "one");
  add("b", "two");
  EXPECT_THAT(sent(), ElementsAre(ElementsAre("a"), ElementsAre("b")));
  EXPECT_EQ(requests_[1].topic, "two");
}

TEST_F(ProduceAccumulatorTest, AFullBatchGoesBeforeTheNextOneFills) {
  add("a");
  const std::string large(ProduceAccumulator::max_message_bytes - 100, 'x');
  for (int i = 0; i < 9; ++i)
    add(large);
  const auto requests = sent();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[1].size(), 8U);
  EXPECT_LE(requests_[1].batch.body->size(), ProduceAccumulator::max_batch_bytes);
}

TEST_F(ProduceAccumulatorTest, WhatABatchWasRefusedForIsSentAloneAndThenAllForAWhile) {
  add("a");
  const auto b = add("b");
  const auto c = add("c");
  answer();
  run_timers();
  (void)sent();
  answer(SendOutcome::not_stored, refusal(wire::ResponseCode::message_illegal));
  EXPECT_THAT(sent(), ElementsAre(ElementsAre("b"), ElementsAre("c")));
  EXPECT_FALSE(b->progress.has_ended());
  answer();
  answer(SendOutcome::not_stored, refusal(wire::ResponseCode::message_illegal));
  EXPECT_EQ(outcome(b), SendOutcome::stored);
  EXPECT_EQ(outcome(c), SendOutcome::not_stored) << "it was its own fault";
  add("d");
  add("e");
  EXPECT_THAT(sent(), ElementsAre(ElementsAre("d"), ElementsAre("e"))) << "the topic takes no batches";
}

TEST_F(ProduceAccumulatorTest, WhatIsNoRefusalIsTheResultOfEach) {
  add("a");
  const auto b = add("b");
  const auto c = add("c");
  answer();
  run_timers();
  answer(SendOutcome::possibly_stored, {Errc::request_timeout, "no reply", std::nullopt});
  EXPECT_THAT(sent(), ElementsAre(ElementsAre("a"), ElementsAre("b", "c")));
  for (const auto& ticket : {b, c}) {
    EXPECT_EQ(outcome(ticket), SendOutcome::possibly_stored);
    EXPECT_EQ(ticket->progress.result()->ranges.front().failure.code, Errc::request_timeout);
  }
}

TEST_F(ProduceAccumulatorTest, AbortEndsWhatWaitsAndNotWhatIsInFlight) {
  const auto a = add("a");
  const auto b = add("b");
  accumulator_.abort({Errc::closed, "closed", std::nullopt});
  EXPECT_FALSE(a->progress.has_ended());
  EXPECT_EQ(outcome(b), SendOutcome::not_stored);
  EXPECT_EQ(b->progress.result()->ranges.front().failure.code, Errc::closed);
  answer();
  EXPECT_THAT(sent(), ElementsAre(ElementsAre("a")));
}

TEST_F(ProduceAccumulatorTest, AThreadThatGivesUpIsToldWhetherTheMessageMayBeStored) {
  const auto a = add("a");
  const auto b = add("b");
  a->give_up({Errc::client_failed, "failed", std::nullopt});
  b->give_up({Errc::client_failed, "failed", std::nullopt});
  EXPECT_EQ(outcome(a), SendOutcome::possibly_stored);
  EXPECT_EQ(outcome(b), SendOutcome::not_stored);
}

}  // namespace
}  // namespace rocketmq::client
