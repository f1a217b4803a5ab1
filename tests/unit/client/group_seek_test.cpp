// Moving a group: what brokers are asked, and what becomes of this consumer's queues.

#include <gmock/gmock.h>

#include <future>

#include "scripted_consumer.h"
#include "wire/reset_offset.h"

namespace rocketmq::test {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class GroupSeekTest : public ScriptedConsumer {
 protected:
  /// A broker that moves the group to these offsets, by queue.
  void move_to(std::vector<std::int64_t> offsets) {
    on(RequestCode::invoke_broker_to_reset_offset, [this, offsets](const FakeRequest& request) {
      committed_before_ = committed();
      wire::ResetOffsetRequest asked;
      EXPECT_EQ(wire::ResetOffsetRequest::decode(request.header, asked), Errc::ok);
      {
        const std::lock_guard lock(mutex_);
        asked_.push_back(asked);
      }
      wire::ResetOffsetBody body;
      for (std::size_t i = 0; i < offsets.size(); ++i)
        body.offsets.push_back({{"topic", "broker-a", static_cast<std::int32_t>(i)}, offsets[i]});
      return Action::reply(0, body.encode_body());
    });
  }
  [[nodiscard]] std::vector<wire::ResetOffsetRequest> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  void answer_config(std::string settings) {
    on(RequestCode::get_broker_config, [settings](const FakeRequest&) { return Action::reply(0, settings); });
  }
  static std::vector<std::int64_t> take(Consumer& consumer) {
    std::vector<std::int64_t> offsets;
    Delivery delivery = poll(consumer);
    for (const ReceivedMessage& message : delivery.messages())
      offsets.push_back(message.queue_offset);
    delivery.acknowledge();
    return offsets;
  }
  static std::string error_of(Consumer& consumer, const SeekTarget& target) {
    try {
      (void)consumer.seek(target, 10s);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::invalid_argument);
      return error.what();
    }
    return {};
  }
  static SeekTarget to_offsets(std::vector<QueueStart> offsets) {
    return {.kind = SeekTarget::Kind::offsets, .offsets = std::move(offsets)};
  }

  std::vector<std::int64_t> committed_before_;
  std::vector<wire::ResetOffsetRequest> asked_;
};

TEST_F(GroupSeekTest, NoCommitOfBeforeFollowsASeek) {
  move_to({4});
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_EQ(take(*consumer).size(), 10U);
  // What is done is stored before the broker is asked.
  const auto moved = consumer->seek({.kind = SeekTarget::Kind::time, .time_ms = 1'000}, 10s);
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_EQ(moved[0].topic, "topic");
  EXPECT_EQ(moved[0].broker_name, "broker-a");
  EXPECT_EQ(moved[0].queue_id, 0);
  EXPECT_EQ(moved[0].new_offset, 4);
  ASSERT_FALSE(committed_before_.empty());
  EXPECT_EQ(committed_before_.back(), 10);
  ASSERT_TRUE(wait([&] { return committed().size() > committed_before_.size(); }));
  EXPECT_EQ(committed()[committed_before_.size()], 4) << "the first one after it";
  EXPECT_THAT(take(*consumer), ElementsAre(4, 5, 6, 7, 8, 9)) << "the first row is that of the offset";
  ASSERT_TRUE(wait([&] { return committed().back() == 10; }));
}

TEST_F(GroupSeekTest, AnOpenDeliveryNoLongerCounts) {
  move_to({0});
  const auto consumer = start(ConsumeFromWhere::first_offset);
  Delivery open = poll(*consumer);
  ASSERT_EQ(open.size(), 10U);
  (void)consumer->seek({.kind = SeekTarget::Kind::first}, 10s);
  open.acknowledge();
  EXPECT_EQ(take(*consumer).size(), 10U) << "they come again";
}

TEST_F(GroupSeekTest, BrokersAreAskedForTheirFirstTheirEndOrATime) {
  move_to({0});
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_EQ(take(*consumer).size(), 10U);
  (void)consumer->seek({.kind = SeekTarget::Kind::first}, 10s);
  (void)consumer->seek({.kind = SeekTarget::Kind::last}, 10s);
  (void)consumer->seek({.kind = SeekTarget::Kind::time, .time_ms = 1'234}, 10s);
  constexpr std::int64_t in_the_future = 9'999'999'999'999;
  (void)consumer->seek({.kind = SeekTarget::Kind::time, .time_ms = in_the_future}, 10s);
  ASSERT_EQ(asked().size(), 4U);
  EXPECT_EQ(asked()[0].timestamp, 0);
  EXPECT_EQ(asked()[1].timestamp, -1);
  EXPECT_EQ(asked()[2].timestamp, 1'234);
  EXPECT_EQ(asked()[3].timestamp, -1);
  for (const wire::ResetOffsetRequest& request : asked()) {
    EXPECT_EQ(request.topic, "topic");
    EXPECT_EQ(request.group, "group");
    EXPECT_TRUE(request.is_force) << "also forwards";
    EXPECT_FALSE(request.queue_id);
  }
}

TEST_F(GroupSeekTest, SingleOffsetsAreMovedByABrokerThatCan) {
  queues_ = 2;
  answer_config("brokerName=broker-a\nuseServerSideResetOffset=true\nx=1\n");
  move_to({});
  const auto consumer = start(ConsumeFromWhere::first_offset);
  const auto moved = consumer->seek(to_offsets({{"topic", "broker-a", 1, 7}}), 10s);
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_EQ(moved[0].queue_id, 1);
  EXPECT_EQ(moved[0].new_offset, 7);
  ASSERT_EQ(asked().size(), 1U);
  EXPECT_EQ(asked()[0].queue_id, 1);
  EXPECT_EQ(asked()[0].offset, 7);
  EXPECT_FALSE(asked()[0].is_force) << "a broker that ignored the queue would move nothing";
}

TEST_F(GroupSeekTest, AnOffsetThatAQueueDoesNotHaveBecomesTheNearest) {
  answer_config("useServerSideResetOffset=true");
  on(RequestCode::get_min_offset,
     [](const FakeRequest&) { return Action::reply(wire::OffsetReply{3}.to_command()); });
  move_to({});
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(consumer->seek(to_offsets({{"topic", "broker-a", 0, 1'000}}), 10s)[0].new_offset, 10);
  EXPECT_EQ(consumer->seek(to_offsets({{"topic", "broker-a", 0, 1}}), 10s)[0].new_offset, 3);
}

TEST_F(GroupSeekTest, SingleOffsetsOfOtherMembersNeedABrokerThatMovesThem) {
  queues_ = 2;
  on(RequestCode::get_consumer_list_by_group, [this](const FakeRequest&) {
    const std::lock_guard lock(mutex_);
    return Action::reply(0, wire::ConsumerIdList{{"!first", client_id_}}.encode_body());
  });
  answer_config("useServerSideResetOffset=false\n");
  move_to({});
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_TRUE(wait([&] { return consumer->status().queues.size() >= 1; }));
  EXPECT_THAT(
      error_of(*consumer, to_offsets({{"topic", "broker-a", 0, 5}})),
      AllOf(HasSubstr("belongs to another member of the group"), HasSubstr("useServerSideResetOffset")));
  EXPECT_THAT(error_of(*consumer, to_offsets({{"topic", "broker-a", 0, 5}, {"topic", "broker-a", 1, 4}})),
              HasSubstr("1 of 2 queues were moved all the same"));
  const auto moved = consumer->seek(to_offsets({{"topic", "broker-a", 1, 5}}), 10s);
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_EQ(moved[0].new_offset, 5);
  EXPECT_THAT(asked(), IsEmpty()) << "such a broker would move all queues";
  EXPECT_THAT(take(*consumer), ElementsAre(5, 6, 7, 8, 9));
}

TEST_F(GroupSeekTest, AQueueThatDoesNotExistMovesNothing) {
  answer_config("useServerSideResetOffset=true");
  move_to({});
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_THAT(error_of(*consumer, to_offsets({{"topic", "broker-a", 0, 5}, {"topic", "broker-a", 9, 5}})),
              HasSubstr("there is no"));
  EXPECT_THAT(error_of(*consumer, to_offsets({{"other", "broker-a", 0, 5}})), HasSubstr("nothing was moved"));
  EXPECT_THAT(error_of(*consumer, to_offsets({{"topic", "broker-a", 0, 5}, {"topic", "broker-a", 0, 6}})),
              HasSubstr("is to be moved twice"));
  EXPECT_THAT(asked(), IsEmpty());
  EXPECT_EQ(take(*consumer).size(), 10U);
}

// Its pull was held when the queue went to another member, and the broker tells the move to that pull.
TEST_F(GroupSeekTest, AMoveThatReachesAMemberWithoutTheQueueIsPassedOn) {
  queues_ = 2;
  stored_ = 5;
  std::atomic<bool> alone{true};
  on(RequestCode::get_consumer_list_by_group, [&](const FakeRequest&) {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> members{client_id_};
    if (!alone) members.insert(members.begin(), "!first");
    return Action::reply(0, wire::ConsumerIdList{members}.encode_body());
  });
  move_to({});
  const auto consumer = start(ConsumeFromWhere::last_offset);
  ASSERT_TRUE(wait([&] { return count(RequestCode::pull_message) == 2; })) << "one of each queue, both held";
  alone = false;
  wire::NotifyConsumerIdsChangedRequest notify;
  notify.consumer_group = "group";
  server_.send_request(notify.to_command(), {}, true);
  ASSERT_TRUE(wait([&] { return lines_with("lets topic@broker-a:0 go") == 1; }));
  for (const FakeRequest& pull : server_.received(wire::to_int(RequestCode::pull_message))) {
    std::int32_t queue = -1;
    EXPECT_EQ(pull.header.ext_fields.read("queueId", queue), Errc::ok);
    if (queue != 0) continue;
    wire::PullMessageReply reply;
    reply.next_begin_offset = 2;
    reply.min_offset = 0;
    reply.max_offset = 5;
    wire::Command header = reply.to_command();
    header.code = wire::to_int(ResponseCode::pull_offset_moved);
    server_.perform(pull, Action::reply(std::move(header)));
  }
  ASSERT_TRUE(wait([&] { return asked().size() == 1; }));
  EXPECT_EQ(asked()[0].queue_id, 0);
  EXPECT_EQ(asked()[0].offset, 2);
}

TEST_F(GroupSeekTest, ARefusalIsInTheBrokersWords) {
  on(RequestCode::invoke_broker_to_reset_offset, [](const FakeRequest&) {
    return Action::reply(wire::to_int(ResponseCode::no_permission), "", "only operators");
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_EQ(take(*consumer).size(), 10U);
  try {
    (void)consumer->seek({.kind = SeekTarget::Kind::first}, 10s);
    ADD_FAILURE() << "it was moved";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::server_refused);
    EXPECT_THAT(error.what(), HasSubstr("only operators"));
  }
}

TEST_F(GroupSeekTest, AConsumerThatIsClosedMeanwhileEndsItAtOnce) {
  on(RequestCode::invoke_broker_to_reset_offset, [](const FakeRequest&) { return Action::never(); });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_EQ(take(*consumer).size(), 10U);
  std::thread closer([&] {
    (void)wait([&] { return count(RequestCode::invoke_broker_to_reset_offset) == 1; });
    consumer->interrupt();
    consumer->close(1s);
  });
  const auto begun = steady_clock::now();
  EXPECT_THROW((void)consumer->seek({.kind = SeekTarget::Kind::first}, 60s), Error);
  EXPECT_THROW((void)consumer->seek({.kind = SeekTarget::Kind::first}, 60s), Error) << "it is closed by now";
  closer.join();
  EXPECT_LT(steady_clock::now() - begun, 20s);
}

TEST_F(GroupSeekTest, ATopicWithoutQueuesHasNothingToMove) {
  topics_.clear();
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_THAT(error_of(*consumer, {.kind = SeekTarget::Kind::first}), HasSubstr("there is nothing to move"));
}

TEST_F(GroupSeekTest, ATopicThatHasJustGotItsFirstQueueIsMoved) {
  const auto topics = topics_;
  topics_.clear();
  move_to({4});
  const auto consumer = start(ConsumeFromWhere::first_offset);
  {
    const std::lock_guard lock(mutex_);
    topics_ = topics;
  }
  const auto moved = consumer->seek({.kind = SeekTarget::Kind::time, .time_ms = 1'000}, 10s);
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_EQ(moved[0].new_offset, 4);
}

// Brokers before 5.2 tell every member of the group, the one that asked, too.
TEST_F(GroupSeekTest, ABrokerThatTellsItBeforeItAnswersMovesAQueueOnce) {
  on(RequestCode::invoke_broker_to_reset_offset, [this](const FakeRequest&) {
    wire::ResetOffsetRequest told;
    told.topic = "topic";
    told.group = "group";
    wire::ResetOffsetBody body;
    body.offsets.push_back({{"topic", "broker-a", 0}, 4});
    server_.send_request(told.to_command(), body.encode_body(), true);
    return Action::reply(0, body.encode_body()).after(300ms);
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_EQ(take(*consumer).size(), 10U);
  auto moved = std::async(std::launch::async,
                          [&] { return consumer->seek({.kind = SeekTarget::Kind::first}, 10s).size(); });
  EXPECT_THAT(take(*consumer), ElementsAre(4, 5, 6, 7, 8, 9)) << "before the answer";
  EXPECT_EQ(moved.get(), 1U);
  EXPECT_TRUE(poll(*consumer, 200ms).empty()) << "the answer moves nothing again";
  ASSERT_TRUE(wait([&] { return committed().back() == 10; }));
}

TEST_F(GroupSeekTest, ABrokerThatDoesNotAnswerEndsItAtTheDeadline) {
  on(RequestCode::invoke_broker_to_reset_offset, [](const FakeRequest&) { return Action::never(); });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  ASSERT_EQ(take(*consumer).size(), 10U);
  try {
    (void)consumer->seek({.kind = SeekTarget::Kind::first}, 300ms);
    ADD_FAILURE() << "it was moved";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::request_timeout);
    EXPECT_THAT(error.what(), HasSubstr("has not ended within 300 ms; it may still take place"));
  }
}

}  // namespace
}  // namespace rocketmq::test
