#include "client/consumer/recreated_queue.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "client/consumer/pull_loop.h"
#include "scripted_consumer.h"
#include "support/sanitizer_cost.h"

namespace rocketmq::test {
namespace {

TEST(RecreatedQueue, IsSuspectedBeyondTheQueuesEndAndOnceItsTopicWasGone) {
  using client::may_be_recreated;
  EXPECT_FALSE(may_be_recreated(5, 0, 10, false));
  EXPECT_FALSE(may_be_recreated(10, 0, 10, false));  // Just nothing new.
  EXPECT_TRUE(may_be_recreated(11, 0, 10, false));
  EXPECT_FALSE(may_be_recreated(3, 5, 10, false));  // Deleted by age.
  EXPECT_TRUE(may_be_recreated(10, 0, 10, true));
  EXPECT_FALSE(may_be_recreated(0, 0, 10, true));  // It is at the first message anyway.
}

TEST(RecreatedQueue, IsRecreatedIfItsFirstMessageIsNewerThanWhatWasReceived) {
  using client::is_recreated;
  EXPECT_TRUE(is_recreated(1001, 1000, 0));
  EXPECT_FALSE(is_recreated(1000, 1000, 0));
  EXPECT_FALSE(is_recreated(10, 1000, 0));
  // Unknown: rather twice than not at all, but not for a queue that must be old.
  EXPECT_TRUE(is_recreated(std::nullopt, 1000, 0));
  EXPECT_FALSE(is_recreated(std::nullopt, 1000, 7));
  EXPECT_TRUE(is_recreated(1001, 0, 0));
  EXPECT_FALSE(is_recreated(1001, 0, 7));
}

/// A queue that holds 10 messages until it is replaced.
class RecreatedQueueScriptedTest : public ScriptedConsumer {
 protected:
  RecreatedQueueScriptedTest() {
    on(RequestCode::pull_message, [this](const FakeRequest& request) {
      const std::int64_t offset = std::stoll(*request.header.ext_fields.find("queueOffset"));
      const std::lock_guard lock(script_mutex_);
      if (replaced_ && topic_missing_) {
        topic_missing_ = false;
        return Action::reply(wire::to_int(ResponseCode::topic_not_exist));
      }
      const std::int64_t end = replaced_ ? new_end_ : 10;
      if (offset >= end) return Action::reply(reply(offset == end ? 19 : 21, end, end)).after(200ms);
      std::string body;
      for (std::int64_t i = offset; i < end; ++i) {
        wire::StoredMessageView message;
        message.queue_offset = i;
        message.topic = "topic";
        const bool is_new = replaced_ && earliest_ == 2000;
        message.store_timestamp = is_new ? 2000 : 1000;
        const std::string text = (is_new ? "new" : "old") + std::to_string(i);
        message.body = as_bytes(text);
        EXPECT_EQ(wire::append_stored_message(body, message), Errc::ok);
      }
      return Action::reply(reply(0, end, end), body);
    });
    on(RequestCode::get_earliest_msg_store_time, [this](const FakeRequest&) { return earliest(); });
  }

  static wire::Command reply(std::int32_t code, std::int64_t next, std::int64_t end) {
    wire::PullMessageReply reply;
    reply.next_begin_offset = next;
    reply.max_offset = end;
    wire::Command header = reply.to_command();
    header.code = code;
    return header;
  }

  Action earliest() { return Action::reply(wire::TimestampReply{earliest_}.to_command()); }

  /// Its broker says that the topic is not there, and then has it as before, with one more message.
  void lose_topic_for_a_moment() { replace(11, 1000, true); }

  /// The offsets that are received until one is 10.
  static std::vector<std::int64_t> offsets_up_to_10(Consumer& consumer) {
    std::vector<std::int64_t> offsets;
    while (offsets.empty() || offsets.back() != 10) {
      Delivery delivery = poll(consumer, 30s);
      if (delivery.empty()) break;
      for (std::size_t i = 0; i < delivery.size(); ++i)
        offsets.push_back(delivery[i].queue_offset);
      delivery.acknowledge();
    }
    return offsets;
  }

  void replace(std::int64_t new_end, std::int64_t earliest, bool topic_missing = false) {
    const std::lock_guard lock(script_mutex_);
    replaced_ = true;
    new_end_ = new_end;
    earliest_ = earliest;
    topic_missing_ = topic_missing;
  }

  std::mutex script_mutex_;
  bool replaced_ = false;
  bool topic_missing_ = false;
  std::int64_t new_end_ = 0;
  std::atomic<std::int64_t> earliest_{0};
};

TEST_F(RecreatedQueueScriptedTest, AQueueThatWasRecreatedIsReceivedFromItsFirstMessage) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  poll(*consumer).acknowledge();
  replace(3, 2000);
  Delivery delivery = poll(*consumer, 30s);
  ASSERT_EQ(delivery.size(), 3U);
  EXPECT_EQ(as_text(delivery[0].body), "new0");
  delivery.acknowledge();
  consumer->close(5s);
  EXPECT_EQ(committed().back(), 3);
  EXPECT_NE(log_.find("the queue was deleted and recreated"), std::string::npos) << log_;
}

TEST_F(RecreatedQueueScriptedTest, AQueueThatLostItsNewestMessagesGoesOnAtItsEndWithoutDuplicates) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  poll(*consumer).acknowledge();
  replace(3, 1000);
  ASSERT_TRUE(wait([&] {
    const auto offsets = committed();
    return !offsets.empty() && offsets.back() == 3;
  }));
  EXPECT_TRUE(poll(*consumer, 500ms).empty());
  consumer->close(5s);
  EXPECT_EQ(committed().back(), 3);
}

TEST_F(RecreatedQueueScriptedTest, ATopicThatWasGoneAndHasAsManyMessagesAgainIsReceivedFromItsFirst) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  poll(*consumer).acknowledge();
  replace(10, 2000, true);
  Delivery delivery = poll(*consumer, 30s);
  ASSERT_EQ(delivery.size(), 10U);
  EXPECT_EQ(as_text(delivery[0].body), "new0");
}

TEST_F(RecreatedQueueScriptedTest, AQueueOfWhichTheBrokerSaysNothingYetIsAskedForAgainAndNotRepeated) {
  std::atomic<int> questions{0};
  on(RequestCode::get_earliest_msg_store_time, [&](const FakeRequest&) {
    switch (questions++) {
      case 0:
        return Action::reply(wire::to_int(ResponseCode::system_busy));
      case 1:
        return Action::close();
      case 2:
        return Action::reply(wire::to_int(ResponseCode::system_error), "", "not ready yet");
      default:
        return earliest();
    }
  });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  poll(*consumer).acknowledge();
  lose_topic_for_a_moment();
  EXPECT_EQ(offsets_up_to_10(*consumer), std::vector<std::int64_t>{10});
  EXPECT_EQ(questions, 4);
  consumer->close(5s);
  EXPECT_EQ(committed().back(), 11);
}

TEST_F(RecreatedQueueScriptedTest, AQueueThatNobodyCanTellTheAgeOfIsRatherReceivedTwice) {
  for (const ResponseCode code : {ResponseCode::request_code_not_supported, ResponseCode::system_error}) {
    {
      const std::lock_guard lock(script_mutex_);
      replaced_ = false;
    }
    on(RequestCode::get_earliest_msg_store_time,
       [code](const FakeRequest&) { return Action::reply(wire::to_int(code)); });
    const auto consumer = start(ConsumeFromWhere::first_offset);
    poll(*consumer).acknowledge();
    const std::size_t asked = count(RequestCode::get_earliest_msg_store_time);
    lose_topic_for_a_moment();
    EXPECT_EQ(offsets_up_to_10(*consumer), (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
    const bool refused_for_good = code == ResponseCode::request_code_not_supported;
    EXPECT_EQ(count(RequestCode::get_earliest_msg_store_time) - asked,
              refused_for_good ? 1U : static_cast<std::size_t>(client::PullLoop::most_refusals));
  }
}

TEST_F(RecreatedQueueScriptedTest, ClosingDoesNotWaitForAnAnswerAboutAQueuesAge) {
  on(RequestCode::get_earliest_msg_store_time, [](const FakeRequest&) { return Action::never(); });
  const auto consumer = start(ConsumeFromWhere::first_offset);
  poll(*consumer).acknowledge();
  lose_topic_for_a_moment();
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::get_earliest_msg_store_time), 1));
  const auto begin = steady_clock::now();
  consumer->close(10s * time_factor);
  EXPECT_LT(steady_clock::now() - begin, 2s * time_factor);
  EXPECT_EQ(committed().back(), 10);
}

}  // namespace
}  // namespace rocketmq::test
