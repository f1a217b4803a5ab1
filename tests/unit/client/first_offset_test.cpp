// Where a queue without a committed offset begins, if brokers do not say so at once.

#include <algorithm>
#include <atomic>
#include <map>

#include "base/wall_clock.h"
#include "scripted_consumer.h"
#include "wire/consume_stats.h"

namespace rocketmq::test {
namespace {

using FirstOffsetTest = ScriptedConsumer;

TEST_F(FirstOffsetTest, AnEndThatTheBrokerDoesNotTellIsAskedForAgainAndTheGroupsOffsetIsNot) {
  std::atomic<int> asked{0};
  on(RequestCode::get_max_offset, [this, &asked](const FakeRequest&) {
    if (++asked < 3) return Action::reply(wire::to_int(ResponseCode::system_busy));
    return Action::reply(wire::OffsetReply{stored_}.to_command());
  });
  // A commit asks once more, after a second.
  std::atomic<int> asked_before_pull{-1};
  on(RequestCode::pull_message, [this, &asked, &asked_before_pull](const FakeRequest& request) {
    int none = -1;
    asked_before_pull.compare_exchange_strong(none, asked);
    return pull(request);
  });
  const auto consumer = start(ConsumeFromWhere::last_offset);
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::pull_message), 1));
  EXPECT_EQ(asked_before_pull, 3);
  EXPECT_EQ(committed(), std::vector<std::int64_t>{10});
  EXPECT_EQ(count(RequestCode::query_consumer_offset), 2U) << "whether the group is new, and for the queue";
}

TEST_F(FirstOffsetTest, AStartThatCouldNotBeStoredIsStoredUnchangedBeforeTheFirstPull) {
  std::atomic<int> stores{0};
  on(RequestCode::update_consumer_offset, [this, &stores](const FakeRequest&) {
    EXPECT_EQ(count(RequestCode::pull_message), 0U);
    stored_ = 15;
    return Action::reply(++stores < 3 ? wire::to_int(ResponseCode::system_busy) : 0);
  });
  const auto consumer = start(ConsumeFromWhere::last_offset);
  const Delivery delivery = poll(*consumer);
  ASSERT_EQ(delivery.size(), 5U);
  EXPECT_EQ(delivery[0].queue_offset, 10);
  EXPECT_EQ(committed(), (std::vector<std::int64_t>{10, 10, 10}));
  EXPECT_EQ(count(RequestCode::get_max_offset), 1U);
}

TEST_F(FirstOffsetTest, AGroupThatHasAnOffsetIsNotAskedForAnother) {
  on(RequestCode::query_consumer_offset,
     [](const FakeRequest&) { return Action::reply(wire::OffsetReply{4}.to_command()); });
  const auto consumer = start(ConsumeFromWhere::last_offset);
  const Delivery delivery = poll(*consumer);
  ASSERT_EQ(delivery.size(), 6U);
  EXPECT_EQ(delivery[0].queue_offset, 4);
  EXPECT_EQ(count(RequestCode::get_max_offset), 0U);
  EXPECT_TRUE(committed().empty());
}

// As RocketMQ 5.5.0 answers for a queue of a BatchCQ topic that has had no message.
TEST_F(FirstOffsetTest, AQueueWithoutAFirstOffsetBeginsAtZero) {
  on(RequestCode::get_min_offset,
     [](const FakeRequest&) { return Action::reply(wire::OffsetReply{-1}.to_command()); });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  EXPECT_EQ(poll(*consumer).size(), 10U);
  EXPECT_EQ(committed().front(), 0);
}

// A broker that knows no progress of the group in the topic keeps one of two stores that come at once.
TEST_F(FirstOffsetTest, TheFirstStoreOfATopicGoesAlone) {
  queues_ = 4;
  constexpr auto delay = 100ms;
  std::atomic<int> stores{0};
  std::atomic<int> too_early{0};
  steady_clock::time_point first;
  on(RequestCode::update_consumer_offset, [&](const FakeRequest&) {
    if (++stores == 1) {
      first = steady_clock::now();
      return Action::reply(0).after(delay);
    }
    if (steady_clock::now() < first + delay) ++too_early;
    return Action::reply(0);
  });
  const auto consumer = start(ConsumeFromWhere::last_offset);
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::pull_message), 4));
  EXPECT_EQ(too_early, 0);
  EXPECT_EQ(committed(), std::vector<std::int64_t>(4, 10));
}

// What failed says nothing of the other queues.
TEST_F(FirstOffsetTest, IfTheFirstStoreFailsTheOthersAreStoredAllTheSame) {
  queues_ = 4;
  std::atomic<int> stores{0};
  on(RequestCode::update_consumer_offset, [&](const FakeRequest&) {
    return Action::reply(++stores == 1 ? wire::to_int(ResponseCode::system_busy) : 0).after(20ms);
  });
  const auto consumer = start(ConsumeFromWhere::last_offset);
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::pull_message), 4));
  EXPECT_EQ(committed(), std::vector<std::int64_t>(5, 10));
}

/// The message at offset i was stored at times_[i - min_].
class StartInTime : public ScriptedConsumer {
 protected:
  StartInTime() {
    on(RequestCode::search_offset_by_timestamp, [this](const FakeRequest& request) {
      EXPECT_EQ(*request.header.ext_fields.find("topic"), "topic");
      EXPECT_EQ(*request.header.ext_fields.find("timestamp"),
                std::to_string(std::max<std::int64_t>(consume_timestamp_ms_, 0)));
      return Action::reply(wire::OffsetReply{found_}.to_command());
    });
    on(RequestCode::pull_message, [this](const FakeRequest& request) { return answer_pull(request); });
  }

  Action answer_pull(const FakeRequest& request) {
    std::int64_t offset = 0;
    EXPECT_EQ(request.header.ext_fields.read("queueOffset", offset), Errc::ok);
    const bool looks = request.header.ext_fields.find("subscription") != nullptr;
    const std::int64_t end = min_ + static_cast<std::int64_t>(times_.size());
    if (!looks) {
      started_at_ = offset;
      return Action::never();
    }
    ++looks_;
    EXPECT_EQ(*request.header.ext_fields.find("subscription"), "*");
    EXPECT_EQ(*request.header.ext_fields.find("sysFlag"), "4");
    if (offset < min_) return Action::reply(header(ResponseCode::pull_offset_moved, min_));
    if (offset > end) return Action::reply(header(ResponseCode::pull_offset_moved, end));
    if (const auto gap = gap_.find(offset); gap != gap_.end())
      return Action::reply(header(ResponseCode::pull_retry_immediately, gap->second));
    if (offset == end) return Action::reply(header(ResponseCode::pull_not_found, end));
    std::int64_t wanted = 0;
    EXPECT_EQ(request.header.ext_fields.read("maxMsgNums", wanted), Errc::ok);
    std::string body;
    std::int64_t next = offset;
    for (; next < std::min(end, offset + wanted) && !gap_.contains(next); ++next) {
      wire::StoredMessageView message;
      message.queue_offset = next;
      message.topic = "topic";
      message.store_timestamp = times_[static_cast<std::size_t>(next - min_)];
      EXPECT_EQ(wire::append_stored_message(body, message), Errc::ok);
    }
    return Action::reply(header(ResponseCode::success, next), body);
  }

  [[nodiscard]] wire::Command header(ResponseCode code, std::int64_t next) const {
    wire::PullMessageReply reply;
    reply.next_begin_offset = next;
    reply.min_offset = min_;
    reply.max_offset = min_ + static_cast<std::int64_t>(times_.size());
    wire::Command command = reply.to_command();
    command.code = wire::to_int(code);
    return command;
  }

  /// Where a group without progress begins; -1 if it does not.
  std::int64_t start_of(std::int64_t time_ms) {
    consume_timestamp_ms_ = time_ms;
    started_at_ = -1;
    looks_ = 0;
    const auto consumer = start(ConsumeFromWhere::timestamp);
    EXPECT_TRUE(wait([this] { return started_at_ >= 0; }));
    return started_at_;
  }

  /// The times 1000, 1010, ...
  void store(std::int64_t messages) {
    times_.clear();
    for (std::int64_t i = 0; i < messages; ++i)
      times_.push_back(1000 + 10 * i);
  }

  std::int64_t min_ = 0;
  std::vector<std::int64_t> times_;
  std::map<std::int64_t, std::int64_t> gap_;  // Offsets without a message, and the one after each gap.
  std::atomic<std::int64_t> found_{0};        // What the broker's search says.
  std::atomic<std::int64_t> started_at_{-1};
  std::atomic<int> looks_{0};
};

TEST_F(StartInTime, IsTheFirstMessageThatIsNotOlderThanTheTime) {
  store(100);
  found_ = 50;
  EXPECT_EQ(start_of(1500), 50);
  EXPECT_EQ(looks_, 1);
  EXPECT_EQ(start_of(1491), 50);
  EXPECT_EQ(committed().front(), 50) << "a restart goes on from there";
}

TEST_F(StartInTime, IsCorrectWhateverMessageNearTheTimeTheBrokerNames) {
  store(100);
  for (const std::int64_t answer : {0, 20, 48, 49, 50, 51, 52, 99, 100, 5000}) {
    found_ = answer;
    EXPECT_EQ(start_of(1500), 50) << answer;
    EXPECT_LE(looks_, 9) << answer;
  }
}

TEST_F(StartInTime, IsTheFirstOfManyMessagesOfOneMillisecond) {
  store(20);
  times_.insert(times_.end(), 500, 1200);
  times_.push_back(1201);
  for (const std::int64_t answer : {20, 21, 300, 519, 520}) {
    found_ = answer;
    EXPECT_EQ(start_of(1200), 20) << answer;
    EXPECT_EQ(start_of(1201), 520) << answer;
  }
}

TEST_F(StartInTime, IsTheFirstStoredMessageIfTheTimeIsBeforeIt) {
  min_ = 30;
  store(10);
  for (const std::int64_t answer : {0, 30}) {
    found_ = answer;
    EXPECT_EQ(start_of(5), 30) << answer;
    EXPECT_EQ(start_of(0), 30) << answer;
    EXPECT_EQ(start_of(-5'000'000), 30) << "before 1970";
  }
}

TEST_F(StartInTime, IsTheEndIfTheTimeIsAfterTheLastMessage) {
  min_ = 30;
  store(10);
  for (const std::int64_t answer : {0, 39, 40}) {
    found_ = answer;
    EXPECT_EQ(start_of(1091), 40) << answer;
  }
  EXPECT_EQ(lines_with("lies in the future"), 0U);
  consume_timestamp_ms_ = 0;
  EXPECT_EQ(start_of(now_in_ms() + 60'000), 40);
  EXPECT_EQ(
      lines_with("WARNING consumer of group 'group': the time to start from lies in the future, so queues "
                 "without progress start at their end"),
      1U);
}

TEST_F(StartInTime, OfAnEmptyQueueIsItsEnd) {
  EXPECT_EQ(start_of(1500), 0);
  min_ = 77;
  EXPECT_EQ(start_of(1500), 77);
}

TEST_F(StartInTime, IsFoundAmongOffsetsWithoutMessages) {
  store(100);
  for (std::int64_t i = 40; i < 60; ++i)
    gap_[i] = 60;
  for (const std::int64_t answer : {0, 41, 50, 61, 99}) {
    found_ = answer;
    const std::int64_t start = start_of(1500);
    EXPECT_GE(start, 40) << answer;
    EXPECT_LE(start, 60) << answer;
    EXPECT_EQ(start_of(1610), 61) << answer;
    EXPECT_EQ(start_of(1390), 39) << answer;
  }
}

TEST_F(StartInTime, IsFoundByPullsAloneIfTheBrokerMayNotOrCannotSearch) {
  store(1000);
  for (const ResponseCode code : {ResponseCode::no_permission, ResponseCode::request_code_not_supported}) {
    on(RequestCode::search_offset_by_timestamp, [code](const FakeRequest&) {
      return Action::reply(wire::to_int(code), {}, "User:u has no permission to access");
    });
    EXPECT_EQ(start_of(6004), 501);
    EXPECT_LE(looks_, 12);
  }
}

TEST_F(StartInTime, IsSearchedAgainIfTheSearchOrALookFails) {
  store(100);
  found_ = 50;
  std::atomic<int> searches{0};
  on(RequestCode::search_offset_by_timestamp, [&](const FakeRequest&) {
    ++searches;
    if (searches == 1) return Action::reply(wire::to_int(ResponseCode::system_busy));
    if (searches == 2) return Action::reply(wire::OffsetReply{-1}.to_command());
    return Action::reply(wire::OffsetReply{found_}.to_command());
  });
  std::atomic<int> failed_looks{0};
  on(RequestCode::pull_message, [&](const FakeRequest& request) {
    if (failed_looks < 1) {
      ++failed_looks;
      return Action::reply(wire::to_int(ResponseCode::system_error));
    }
    return answer_pull(request);
  });
  EXPECT_EQ(start_of(1500), 50);
  EXPECT_EQ(searches, 4);
  EXPECT_EQ(committed(), std::vector<std::int64_t>{50});
}

TEST_F(StartInTime, IsAskedForAgainIfABrokerAnswersWithoutMessagesAndOffsetsThatLeadOn) {
  store(100);
  found_ = 50;
  gap_[49] = 49;
  std::atomic<int> searches{0};
  on(RequestCode::search_offset_by_timestamp, [&](const FakeRequest&) {
    if (++searches == 3) gap_.clear();
    return Action::reply(wire::OffsetReply{found_}.to_command());
  });
  EXPECT_EQ(start_of(1500), 50);
  EXPECT_EQ(searches, 3);
}

// As RocketMQ 5.5.0 answers for a queue of a BatchCQ topic that has had no message.
TEST_F(StartInTime, IsFoundByLooksIfTheBrokersSearchFails) {
  store(100);
  on(RequestCode::search_offset_by_timestamp, [](const FakeRequest&) {
    return Action::reply(wire::to_int(ResponseCode::system_error), {}, "java.lang.NullPointerException");
  });
  EXPECT_EQ(start_of(1500), 50);
  store(0);
  EXPECT_EQ(start_of(1500), 0);
}

TEST_F(StartInTime, IsNotForAGroupWithProgress) {
  store(100);
  on(RequestCode::query_consumer_offset,
     [](const FakeRequest&) { return Action::reply(wire::OffsetReply{4}.to_command()); });
  EXPECT_EQ(start_of(1500), 4);
  EXPECT_EQ(count(RequestCode::search_offset_by_timestamp), 0U);
}

// Brokers before 5.0 say 0 if the group has no progress and the first messages are still in memory.
TEST_F(StartInTime, IsNotTheFirstMessageBecauseABrokerAnswersZeroForAGroupThatItDoesNotKnow) {
  store(100);
  found_ = 50;
  on(RequestCode::query_consumer_offset,
     [](const FakeRequest&) { return Action::reply(wire::OffsetReply{0}.to_command()); });
  on(RequestCode::get_consume_stats,
     [](const FakeRequest&) { return Action::reply(0, wire::ConsumeStats{}.encode_body()); });
  EXPECT_EQ(start_of(1500), 50);
}

TEST_F(StartInTime, IsToldToTheBrokers) {
  store(1);
  EXPECT_EQ(start_of(0), 0);
  EXPECT_NE(server_.received(wire::to_int(RequestCode::heart_beat))
                .front()
                .body.find(R"("consumeFromWhere":"CONSUME_FROM_TIMESTAMP")"),
            std::string::npos);
}

}  // namespace
}  // namespace rocketmq::test
