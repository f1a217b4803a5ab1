// Consumers without auto_commit: what commit() and rewind() make of what was acknowledged.

#include <gmock/gmock.h>

#include "scripted_consumer.h"
#include "wire/reset_offset.h"

namespace rocketmq::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class ManualCommit : public ScriptedConsumer {
 protected:
  ManualCommit() { auto_commit_ = false; }

  /// Takes up to so many messages and acknowledges them; gives their offsets.
  static std::vector<std::int64_t> take(Consumer& consumer, std::size_t messages) {
    PollLimits limits;
    limits.max_rows = messages;
    limits.deadline = steady_clock::now() + 10s * time_factor;
    Delivery delivery = consumer.poll(limits);
    std::vector<std::int64_t> offsets;
    for (const ReceivedMessage& message : delivery.messages())
      offsets.push_back(message.queue_offset);
    delivery.acknowledge();
    return offsets;
  }

  std::atomic<int> refusals_{0};   // Of stores from now on.
  std::atomic<bool> alone_{true};  // In the group.
};

TEST_F(ManualCommit, WhatIsAcknowledgedIsStoredByACommitAndByNothingElse) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_THAT(take(*consumer, 4), ElementsAre(0, 1, 2, 3));
  consumer->commit(5s);
  EXPECT_EQ(committed().back(), 4) << "the answer was waited for";
  EXPECT_THAT(take(*consumer, 2), ElementsAre(4, 5));
  consumer->close(3s);
  EXPECT_EQ(committed().back(), 4) << "closing stores nothing more";
  EXPECT_EQ(count(RequestCode::unregister_client), 1U);
}

TEST_F(ManualCommit, IsRefusedByConsumersThatCommitThemselves) {
  auto_commit_ = true;
  const auto consumer = start(ConsumeFromWhere::first_offset);
  for (const auto& call : {&Consumer::commit, &Consumer::rewind}) {
    try {
      (consumer.get()->*call)(5s);
      ADD_FAILURE() << "nothing was thrown";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::invalid_argument);
      EXPECT_THAT(error.what(), HasSubstr("is for consumers without auto_commit"));
    }
  }
}

TEST_F(ManualCommit, ACommitWithNothingNewStoresNothing) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(take(*consumer, 10).size(), 10U);
  consumer->commit(5s);
  consumer->commit(5s);
  EXPECT_THAT(committed(), ElementsAre(0, 10));
}

TEST_F(ManualCommit, ARewindBringsWhatWasNotCommittedAgain) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_THAT(take(*consumer, 4), ElementsAre(0, 1, 2, 3));
  consumer->commit(5s);
  EXPECT_THAT(take(*consumer, 3), ElementsAre(4, 5, 6));
  consumer->rewind(5s);
  EXPECT_THAT(take(*consumer, 10), ElementsAre(4, 5, 6, 7, 8, 9));
  consumer->commit(5s);
  EXPECT_EQ(committed().back(), 10);
}

TEST_F(ManualCommit, ADeliveryThatIsOpenAtARewindDoesNotCount) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  Delivery open = poll(*consumer);
  ASSERT_EQ(open.size(), 10U);
  consumer->rewind(5s);
  open.acknowledge();
  EXPECT_EQ(take(*consumer, 10).size(), 10U);
  consumer->commit(5s);
  EXPECT_EQ(committed().back(), 10);
}

TEST_F(ManualCommit, ACommitThatNoBrokerTakesSaysSoAndTheNextOneStoresIt) {
  on(RequestCode::update_consumer_offset, [this](const FakeRequest&) {
    if (refusals_ == 0) return Action::reply(0);
    --refusals_;
    return Action::reply(wire::to_int(ResponseCode::system_error), {}, "disk full");
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(take(*consumer, 10).size(), 10U);
  refusals_ = 1000;
  try {
    consumer->commit(5s);
    ADD_FAILURE() << "it was stored";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("the progress of topic@broker-a:0 is not stored yet"));
    EXPECT_THAT(error.what(), HasSubstr("disk full"));
  }
  refusals_ = 0;
  consumer->commit(5s);
  EXPECT_EQ(committed().back(), 10);
}

TEST_F(ManualCommit, ABrokerThatDoesNotAnswerEndsItAtTheDeadline) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(take(*consumer, 10).size(), 10U);
  on(RequestCode::update_consumer_offset, [](const FakeRequest&) { return Action::never(); });
  try {
    consumer->commit(300ms);
    ADD_FAILURE() << "it was stored";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::request_timeout);
    EXPECT_THAT(error.what(), HasSubstr("the commit of group 'group' has not ended within 300 ms"));
  }
}

// Back and forward. All was taken before, so what comes next comes after the reset.
TEST_F(ManualCommit, AnOperatorsResetMovesWhatComesNextAndWhatTheNextCommitStores) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_THAT(take(*consumer, 4), ElementsAre(0, 1, 2, 3));
  consumer->commit(5s);
  EXPECT_THAT(take(*consumer, 10), ElementsAre(4, 5, 6, 7, 8, 9));
  wire::ResetOffsetRequest reset;
  reset.topic = "topic";
  reset.group = "group";
  for (const std::int64_t offset : {2, 7}) {
    wire::ResetOffsetBody body;
    body.offsets.push_back({{"topic", "broker-a", 0}, offset});
    const std::size_t before = committed().size();
    server_.send_request(reset.to_command(), body.encode_body(), true);
    EXPECT_THAT(take(*consumer, 2), ElementsAre(offset, offset + 1));
    consumer->commit(5s);
    EXPECT_EQ(committed().at(before), offset) << "no commit of before follows it";
    EXPECT_EQ(committed().back(), offset + 2);
    EXPECT_FALSE(take(*consumer, 10).empty());
  }
  EXPECT_THAT(committed(), Not(Contains(10))) << "what was taken before a reset and not committed";
}

// Of one queue and two members the first one by name has it.
TEST_F(ManualCommit, TheNextOwnerOfAQueueBeginsAtTheLastCommit) {
  on(RequestCode::query_consumer_offset, [this](const FakeRequest&) {
    const std::vector<std::int64_t> offsets = committed();
    if (offsets.empty()) return Action::reply(wire::to_int(ResponseCode::query_not_found));
    return Action::reply(wire::OffsetReply{offsets.back()}.to_command());
  });
  on(RequestCode::get_consumer_list_by_group, [this](const FakeRequest&) {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> members{client_id_};
    if (!alone_) members.emplace_back("0");
    return Action::reply(0, wire::ConsumerIdList{members}.encode_body());
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(take(*consumer, 4).size(), 4U);
  consumer->commit(5s);
  EXPECT_EQ(take(*consumer, 4).size(), 4U);
  wire::NotifyConsumerIdsChangedRequest changed;
  changed.consumer_group = "group";
  alone_ = false;
  server_.send_request(changed.to_command(), {}, true);
  ASSERT_TRUE(wait([this] { return lines_with("lets topic@broker-a:0 go") == 1; }));
  consumer->commit(5s);
  EXPECT_EQ(committed().back(), 4) << "another member has what was polled, too";
  EXPECT_EQ(lines_with("topic@broker-a:0: 4 offsets were taken here and not committed"), 1);
  alone_ = true;
  server_.send_request(changed.to_command(), {}, true);
  EXPECT_THAT(take(*consumer, 10), ElementsAre(4, 5, 6, 7, 8, 9));
}

}  // namespace
}  // namespace rocketmq::test
