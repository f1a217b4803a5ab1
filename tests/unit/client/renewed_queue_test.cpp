#include "client/consumer/renewed_queue.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "scripted_consumer.h"

namespace rocketmq::test {
namespace {

using client::RenewedQueue;

TEST(RenewedQueue, IsSuspectedBeyondTheQueuesEndAndOnceItsTopicWasGone) {
  RenewedQueue queue;
  EXPECT_FALSE(queue.is_suspected(5, 0, 10));
  EXPECT_FALSE(queue.is_suspected(10, 0, 10));  // Just nothing new.
  EXPECT_TRUE(queue.is_suspected(11, 0, 10));
  EXPECT_FALSE(queue.is_suspected(3, 5, 10));  // Deleted by age.
  queue.topic_vanished = true;
  EXPECT_TRUE(queue.is_suspected(10, 0, 10));
  EXPECT_FALSE(queue.is_suspected(0, 0, 10));  // It is at the first message anyway.
}

TEST(RenewedQueue, IsRenewedWhereItsFirstMessageIsNewerThanWhatWasReceived) {
  RenewedQueue queue;
  queue.newest_received_ms = 1000;
  EXPECT_TRUE(queue.is_renewed(1001, 0));
  EXPECT_FALSE(queue.is_renewed(1000, 0));
  EXPECT_FALSE(queue.is_renewed(10, 0));
  // Unknown: rather twice than not at all, but not for a queue that must be old.
  EXPECT_TRUE(queue.is_renewed(std::nullopt, 0));
  EXPECT_FALSE(queue.is_renewed(std::nullopt, 7));
  queue.newest_received_ms = 0;
  EXPECT_TRUE(queue.is_renewed(1001, 0));
  EXPECT_FALSE(queue.is_renewed(1001, 7));
}

/// A queue that holds 10 messages until it is replaced.
class RenewedQueueScriptedTest : public ScriptedConsumer {
 protected:
  RenewedQueueScriptedTest() {
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
        message.store_timestamp = replaced_ ? 2000 : 1000;
        const std::string text = (replaced_ ? "new" : "old") + std::to_string(i);
        message.body = as_bytes(text);
        EXPECT_EQ(wire::append_stored_message(body, message), Errc::ok);
      }
      return Action::reply(reply(0, end, end), body);
    });
    on(RequestCode::get_earliest_msg_store_time,
       [this](const FakeRequest&) { return Action::reply(wire::TimestampReply{earliest_}.to_command()); });
  }

  static wire::Command reply(std::int32_t code, std::int64_t next, std::int64_t end) {
    wire::PullMessageReply reply;
    reply.next_begin_offset = next;
    reply.max_offset = end;
    wire::Command header = reply.to_command();
    header.code = code;
    return header;
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

TEST_F(RenewedQueueScriptedTest, AQueueThatWasMadeAnewIsReceivedFromItsFirstMessage) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  take(*consumer).acknowledge();
  replace(3, 2000);
  Lease lease = take(*consumer, 30s);
  ASSERT_EQ(lease.size(), 3U);
  EXPECT_EQ(as_text(lease[0].body), "new0");
  lease.acknowledge();
  consumer->close(5s);
  EXPECT_EQ(committed().back(), 3);
  EXPECT_NE(log_.find("the queue was deleted and made anew"), std::string::npos) << log_;
}

TEST_F(RenewedQueueScriptedTest, AQueueThatLostItsNewestMessagesGoesOnAtItsEndWithoutDuplicates) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  take(*consumer).acknowledge();
  replace(3, 1000);
  EXPECT_TRUE(take(*consumer, 2s).empty());
  consumer->close(5s);
  EXPECT_EQ(committed().back(), 3);
}

TEST_F(RenewedQueueScriptedTest, ATopicThatWasGoneAndHasAsManyMessagesAgainIsReceivedFromItsFirst) {
  const auto consumer = start(ConsumeFromWhere::first_offset);
  take(*consumer).acknowledge();
  replace(10, 2000, true);
  Lease lease = take(*consumer, 30s);
  ASSERT_EQ(lease.size(), 10U);
  EXPECT_EQ(as_text(lease[0].body), "new0");
}

}  // namespace
}  // namespace rocketmq::test
