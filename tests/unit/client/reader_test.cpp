// Reading a part of a topic from a scripted broker: which pulls go out, and what becomes of the answers.

#include "rocketmq/reader.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "client/consumer/time_search.h"
#include "client/reader/queue_reader.h"
#include "scripted_consumer.h"
#include "wire/sys_flag.h"

namespace rocketmq::test {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ReaderTest : public ScriptedConsumer {
 protected:
  ReaderTest() {
    on(RequestCode::pull_message, [this](const FakeRequest& request) { return answer(request); });
    config_.client.name_server_addresses = server_.address();
    config_.client.connect_timeout_ms = 1000 * time_factor;
    config_.topic = "topic";
  }

  /// A broker that has the messages [first_, stored_) and gives at most `most_` of them.
  Action answer(const FakeRequest& request) const {
    std::int64_t offset = 0;
    EXPECT_EQ(request.header.ext_fields.read("queueOffset", offset), Errc::ok);
    wire::PullMessageReply reply;
    reply.min_offset = first_;
    reply.max_offset = stored_;
    reply.next_begin_offset = offset;
    const auto with_code = [&](ResponseCode code, std::string body = {}) {
      wire::Command header = reply.to_command();
      header.code = wire::to_int(code);
      return Action::reply(header, std::move(body));
    };
    if (offset < first_) {
      reply.next_begin_offset = first_;
      return with_code(ResponseCode::pull_offset_moved);
    }
    if (offset >= stored_) return with_code(ResponseCode::pull_not_found);
    reply.next_begin_offset = std::min<std::int64_t>(offset + most_, stored_);
    return with_code(ResponseCode::success, messages(offset, reply.next_begin_offset));
  }

  [[nodiscard]] std::vector<std::int64_t> read_all() const {
    const auto reader = Reader::start(config_);
    return rest_of(*reader);
  }
  static std::vector<std::int64_t> rest_of(Reader& reader) {
    std::vector<std::int64_t> offsets;
    while (!reader.finished()) {
      const Delivery part = reader.read(steady_clock::now() + 10s);
      for (const ReceivedMessage& message : part.messages())
        offsets.push_back(message.queue_offset);
    }
    return offsets;
  }
  [[nodiscard]] Failure failure() const {
    try {
      (void)read_all();
    } catch (const Error& error) {
      return error.failure();
    }
    return {};
  }

  /// The offsets of the pulls so far.
  [[nodiscard]] std::vector<std::int64_t> pulled() const {
    std::vector<std::int64_t> offsets;
    for (const FakeRequest& request : server_.received(wire::to_int(RequestCode::pull_message))) {
      std::int64_t offset = -1;
      EXPECT_EQ(request.header.ext_fields.read("queueOffset", offset), Errc::ok);
      offsets.push_back(offset);
    }
    return offsets;
  }

  ReaderConfig config_;
  std::atomic<std::int64_t> first_{0};
  std::int64_t most_ = 4;
};

TEST_F(ReaderTest, EverythingFromTheFirstMessageToTheEndAsItWasAtTheStart) {
  const auto reader = Reader::start(config_);
  EXPECT_EQ(reader->messages(), 10);
  stored_ = 20;
  EXPECT_THAT(rest_of(*reader), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  EXPECT_TRUE(reader->read(steady_clock::now()).empty());
}

TEST_F(ReaderTest, QueuesThatAreWrittenToAndMayNotBeReadAreAnErrorUnlessQueuesAreNamed) {
  on(RequestCode::get_route_info_by_topic, [this](const FakeRequest&) {
    return Action::reply(
        0, R"({"brokerDatas":[{"brokerAddrs":{0:")" + server_.address() +
               R"("},"brokerName":"broker-a","cluster":"c"}],"queueDatas":[{"brokerName":)"
               R"("broker-a","perm":6,"readQueueNums":1,"writeQueueNums":2,"topicSysFlag":0}]})");
  });
  EXPECT_THAT(failure().message,
              HasSubstr("topic 'topic' has fewer read queues than write queues at broker 'broker-a'"));
  config_.queues = {{"broker-a", 0, config_.begin, config_.end}};
  EXPECT_EQ(read_all().size(), 10U);
  config_.queues.clear();
  config_.only_readable = true;
  EXPECT_EQ(read_all().size(), 10U);
}

TEST_F(ReaderTest, NoGroupAppearsAndNothingIsStoredOrHeld) {
  EXPECT_EQ(read_all().size(), 10U);
  EXPECT_EQ(count(RequestCode::heart_beat), 0U);
  EXPECT_EQ(count(RequestCode::update_consumer_offset), 0U);
  EXPECT_EQ(count(RequestCode::query_consumer_offset), 0U);
  for (const FakeRequest& request : server_.received(wire::to_int(RequestCode::pull_message))) {
    wire::PullMessageRequest pull;
    ASSERT_EQ(wire::decode_fields(request.header, pull), Errc::ok);
    EXPECT_EQ(pull.sys_flag, wire::pull_flag::subscription);
    EXPECT_EQ(pull.subscription, "*");
    EXPECT_EQ(pull.consumer_group, "TOOLS_CONSUMER");
  }
}

TEST_F(ReaderTest, AReaderThatFollowsGoesOnBehindTheEnd) {
  config_.follow = true;
  config_.begin = {ReadPosition::Kind::offset, 8};
  const auto reader = Reader::start(config_);
  EXPECT_EQ(reader->messages(), 2) << "that were there at the start";
  std::vector<std::int64_t> offsets;
  const auto read_to = [&](std::int64_t end) {
    const auto deadline = steady_clock::now() + 20s * time_factor;
    while ((offsets.empty() || offsets.back() + 1 < end) && steady_clock::now() < deadline) {
      const Delivery part = reader->read(steady_clock::now() + 100ms);
      for (const ReceivedMessage& message : part.messages())
        offsets.push_back(message.queue_offset);
    }
    EXPECT_FALSE(reader->finished());
  };
  read_to(10);
  EXPECT_THAT(offsets, ElementsAre(8, 9));
  stored_ = 13;
  read_to(13);
  EXPECT_THAT(offsets, ElementsAre(8, 9, 10, 11, 12));
  EXPECT_EQ(count(RequestCode::heart_beat), 0U);
}

TEST_F(ReaderTest, AReaderThatFollowsFailsIfMessagesBeforeItAreDeleted) {
  config_.follow = true;
  const auto reader = Reader::start(config_);
  EXPECT_FALSE(reader->read(steady_clock::now() + 10s).empty());
  stored_ = 100;
  first_ = 90;
  std::string said;
  try {
    while (true)
      (void)reader->read(steady_clock::now() + 10s);
  } catch (const Error& error) {
    said = error.what();
  }
  EXPECT_THAT(said, AllOf(HasSubstr(" on of topic@broker-a:0 were not read"), HasSubstr("from 90 to 100")));
}

TEST_F(ReaderTest, AnEmptyRangeAsksForNoMessage) {
  config_.begin = {ReadPosition::Kind::last, 0};
  EXPECT_THAT(read_all(), IsEmpty());
  stored_ = 0;
  config_.begin = {ReadPosition::Kind::first, 0};
  EXPECT_THAT(read_all(), IsEmpty());
  EXPECT_THAT(pulled(), IsEmpty());
}

TEST_F(ReaderTest, OnlyTheNamedQueuesBetweenTheirOffsets) {
  queues_ = 3;
  config_.queues = {{"broker-a", 1, {ReadPosition::Kind::offset, 3}, {ReadPosition::Kind::offset, 6}}};
  EXPECT_THAT(read_all(), ElementsAre(3, 4, 5));
  EXPECT_THAT(pulled(), ElementsAre(3)) << "nothing but what is wanted";
  config_.queues = {{"broker-a", 3, {}, {}}};
  EXPECT_THAT(to_string(failure()),
              HasSubstr("topic 'topic' has no readable queue 3 at a broker 'broker-a'"));
  config_.queues = {{"broker-a", 1, {}, {}}, {"broker-a", 0, {}, {}}, {"broker-a", 1, {}, {}}};
  EXPECT_THAT(to_string(failure()), HasSubstr("topic@broker-a:1 is to be read twice"));
}

TEST_F(ReaderTest, WhatIsCancelledBeforeItsStartAsksNoBroker) {
  config_.is_cancelled = [] { return true; };
  EXPECT_EQ(failure().code, Errc::cancelled);
  EXPECT_TRUE(server_.received(wire::to_int(RequestCode::pull_message)).empty());
}

TEST_F(ReaderTest, AnOffsetThatTheQueueDoesNotHaveIsAnError) {
  first_ = 5;
  on(RequestCode::get_min_offset,
     [](const FakeRequest&) { return Action::reply(wire::OffsetReply{5}.to_command()); });
  config_.queues = {{"broker-a", 0, {ReadPosition::Kind::offset, 3}, {ReadPosition::Kind::last, 0}}};
  const Failure missing = failure();
  EXPECT_EQ(missing.code, Errc::invalid_argument);
  EXPECT_THAT(missing.message, HasSubstr("has the offsets from 5 to 10, and not 3"));
  config_.queues = {{"broker-a", 0, {ReadPosition::Kind::first, 0}, {ReadPosition::Kind::offset, 11}}};
  EXPECT_THAT(failure().message, HasSubstr("and not 11"));
}

TEST_F(ReaderTest, WhatIsDeletedBeforeItIsReadIsAnErrorThatNamesIt) {
  // The broker deletes after it was asked for the first offset, which is 0.
  first_ = 6;
  const Failure gone = failure();
  EXPECT_EQ(gone.code, Errc::truncated);
  EXPECT_THAT(gone.message, AllOf(HasSubstr("the offsets from 0 to 9 of topic@broker-a:0 were not read"),
                                  HasSubstr("the broker has the offsets from 6 to 10 of it now")));
}

TEST_F(ReaderTest, AQueueThatWasTruncatedIsAnError) {
  on(RequestCode::get_max_offset,
     [](const FakeRequest&) { return Action::reply(wire::OffsetReply{30}.to_command()); });
  const Failure gone = failure();
  EXPECT_EQ(gone.code, Errc::truncated);
  EXPECT_THAT(gone.message, HasSubstr("the offsets from 0 to 29 of topic@broker-a:0 were not read"));
}

TEST_F(ReaderTest, AGapIsAnErrorAndNotAPart) {
  on(RequestCode::pull_message, [](const FakeRequest&) {
    wire::PullMessageReply reply;
    reply.next_begin_offset = reply.max_offset = 10;
    return Action::reply(reply.to_command(), messages(4, 10));
  });
  const Failure gap = failure();
  EXPECT_EQ(gap.code, Errc::truncated);
  EXPECT_THAT(gap.message, HasSubstr("but none from 0 to 3"));
}

TEST_F(ReaderTest, AFilterMayLeaveMessagesOut) {
  config_.sub_expression = "wanted";
  on(RequestCode::pull_message, [](const FakeRequest& request) {
    std::int64_t offset = 0;
    EXPECT_EQ(request.header.ext_fields.read("queueOffset", offset), Errc::ok);
    EXPECT_EQ(*request.header.ext_fields.find("subscription"), "wanted");
    wire::PullMessageReply reply;
    reply.max_offset = 10;
    reply.next_begin_offset = offset + 5;
    wire::Command header = reply.to_command();
    header.code = wire::to_int(ResponseCode::pull_retry_immediately);
    return Action::reply(header);
  });
  EXPECT_THAT(read_all(), IsEmpty());
  EXPECT_THAT(pulled(), ElementsAre(0, 5));
}

TEST_F(ReaderTest, ARefusalThatLastsEndsItAtOnce) {
  on(RequestCode::pull_message, [](const FakeRequest&) {
    return Action::reply(wire::to_int(ResponseCode::no_permission), {}, "forbidden");
  });
  const Failure refused = failure();
  EXPECT_EQ(refused.code, Errc::server_refused);
  EXPECT_THAT(refused.message, AllOf(HasSubstr("were not read"), HasSubstr("forbidden")));
  EXPECT_EQ(count(RequestCode::pull_message), 1U);
}

TEST_F(ReaderTest, ABrokerThatIsBusyIsAskedAgain) {
  const auto refusals = std::make_shared<std::atomic<int>>(3);
  on(RequestCode::pull_message, [this, refusals](const FakeRequest& request) {
    return (*refusals)-- > 0 ? Action::reply(wire::to_int(ResponseCode::system_busy)) : answer(request);
  });
  EXPECT_EQ(read_all().size(), 10U);
}

TEST_F(ReaderTest, AConnectionThatBreaksIsMadeAgain) {
  const auto breaks = std::make_shared<std::atomic<int>>(2);
  on(RequestCode::pull_message, [this, breaks](const FakeRequest& request) {
    return (*breaks)-- > 0 ? Action::close() : answer(request);
  });
  EXPECT_EQ(read_all().size(), 10U);
}

TEST_F(ReaderTest, ASlaveIsReadInPlaceOfAMasterThatAnswersNoMore) {
  FakeServer slave;
  slave.on(wire::to_int(RequestCode::pull_message),
           [this](const FakeRequest& request) { return answer(request); });  // It suggests its master.
  slave_ = slave.address();
  on(RequestCode::pull_message, [](const FakeRequest&) { return Action::close(); });
  EXPECT_THAT(read_all(), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  EXPECT_LE(pulled().size(), 2U) << "those that were under way together";
}

TEST_F(ReaderTest, ASlaveThatIsBehindIsNotTakenForADeletion) {
  const auto few = [](std::int64_t begin, std::int64_t next, std::int64_t max, std::int64_t suggested) {
    wire::PullMessageReply reply;
    reply.next_begin_offset = next;
    reply.max_offset = max;
    reply.suggest_which_broker_id = suggested;
    wire::Command header = reply.to_command();
    if (begin == next) header.code = wire::to_int(ResponseCode::pull_not_found);
    return Action::reply(header, messages(begin, next));
  };
  FakeServer slave;
  slave.on(wire::to_int(RequestCode::pull_message), [few](const FakeRequest& request) {
    std::int64_t offset = 0;
    EXPECT_EQ(request.header.ext_fields.read("queueOffset", offset), Errc::ok);
    return few(offset, std::max<std::int64_t>(offset, 6), 6, 1);
  });
  slave_ = slave.address();
  on(RequestCode::pull_message, [this, few](const FakeRequest& request) {
    std::int64_t offset = 0;
    EXPECT_EQ(request.header.ext_fields.read("queueOffset", offset), Errc::ok);
    return offset > 0 ? answer(request) : few(0, 2, 10, 1);
  });
  EXPECT_THAT(read_all(), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  EXPECT_FALSE(slave.received(wire::to_int(RequestCode::pull_message)).empty());
}

TEST_F(ReaderTest, ABrokerThatStaysAwayIsAnErrorThatNamesWhatWasNotRead) {
  on(RequestCode::pull_message, [this](const FakeRequest& request) {
    std::int64_t offset = 0;
    EXPECT_EQ(request.header.ext_fields.read("queueOffset", offset), Errc::ok);
    return offset < 4 ? answer(request) : Action::close();
  });
  const auto begin = steady_clock::now();
  const Failure away = failure();
  EXPECT_GE(steady_clock::now() - begin, client::QueueReader::patience);
  EXPECT_THAT(away.message, HasSubstr("the offsets from 4 to 9 of topic@broker-a:0 were not read"));
}

TEST_F(ReaderTest, OldestFirstTakesTheQueueThatIsFurthestBehind) {
  queues_ = 2;
  stored_ = 6;
  most_ = 2;
  config_.oldest_first = true;
  // Queue 0 holds the times 0, 10, 20 ..., queue 1 the times 1, 11, 21 ...
  on(RequestCode::pull_message, [](const FakeRequest& request) {
    wire::PullMessageRequest pull;
    EXPECT_EQ(wire::decode_fields(request.header, pull), Errc::ok);
    wire::PullMessageReply reply;
    reply.max_offset = 6;
    reply.next_begin_offset = pull.queue_offset + 2;
    std::string body;
    for (std::int64_t i = pull.queue_offset; i < reply.next_begin_offset; ++i) {
      wire::StoredMessageView message;
      message.queue_offset = i;
      message.queue_id = pull.queue_id;
      message.store_timestamp = i * 10 + pull.queue_id;
      message.topic = "topic";
      message.body = as_bytes("m");
      EXPECT_EQ(wire::append_stored_message(body, message), Errc::ok);
    }
    return Action::reply(reply.to_command(), body);
  });
  const auto reader = Reader::start(config_);
  EXPECT_EQ(reader->oldest_to_come_ms(), std::nullopt);
  std::int64_t behind = 0;
  std::vector<std::int64_t> ends(2, -1);
  while (!reader->finished()) {
    const Delivery part = reader->read(steady_clock::now() + 10s);
    if (part.empty()) continue;
    const auto queue = static_cast<std::size_t>(part[0].queue_id);
    EXPECT_LE(ends[queue], ends[1 - queue]) << "it was not ahead";
    ends[queue] = part[part.size() - 1].store_time_ms;
    if (const auto oldest = reader->oldest_to_come_ms()) {
      EXPECT_GE(*oldest, behind);
      behind = *oldest;
    }
  }
  EXPECT_THAT(ends, ElementsAre(50, 51));
}

TEST_F(ReaderTest, TheSizeIsEstimatedFromTheFirstMessages) {
  stored_ = 1000;
  const auto reader = Reader::start(config_);
  const auto bytes = reader->estimated_bytes(steady_clock::now() + 10s);
  ASSERT_TRUE(bytes);
  const std::size_t each = messages(0, 1).size();
  EXPECT_GE(*bytes, 1000 * each);
  EXPECT_LE(*bytes, 1000 * (each + 3)) << "later bodies have longer numbers";
}

TEST_F(ReaderTest, WhatIsNotTakenIsBounded) {
  stored_ = 1'000'000;
  most_ = 32;
  const std::string large(256U << 10, 'x');
  on(RequestCode::pull_message, [this, large](const FakeRequest& request) {
    std::int64_t offset = 0;
    EXPECT_EQ(request.header.ext_fields.read("queueOffset", offset), Errc::ok);
    wire::PullMessageReply reply;
    reply.max_offset = stored_;
    reply.next_begin_offset = offset + 1;
    wire::StoredMessageView message;
    message.queue_offset = offset;
    message.topic = "topic";
    message.body = as_bytes(large);
    std::string body;
    EXPECT_EQ(wire::append_stored_message(body, message), Errc::ok);
    return Action::reply(reply.to_command(), body);
  });
  const auto reader = Reader::start(config_);
  ASSERT_TRUE(wait([&] { return count(RequestCode::pull_message) >= 16; }));
  // Nothing is taken, so the number of pulls stops growing.
  std::size_t before = 0;
  ASSERT_TRUE(wait([&] {
    const std::size_t now = count(RequestCode::pull_message);
    const bool same = now == before;
    before = now;
    std::this_thread::sleep_for(50ms);
    return same;
  }));
  EXPECT_LE(before, 2 * client::ReadBuffer::max_bytes_per_queue / large.size());
  const Delivery part = reader->read(steady_clock::now() + 10s);
  EXPECT_FALSE(part.empty());
  EXPECT_TRUE(wait([&] { return count(RequestCode::pull_message) > before; }));
}

TEST_F(ReaderTest, ADamagedMessageIsAnErrorThatNamesIt) {
  on(RequestCode::pull_message, [](const FakeRequest&) {
    std::string body = messages(0, 10);
    const std::size_t last_body = body.rfind("m9");
    body[last_body] = 'x';  // Its checksum does not fit any more.
    wire::PullMessageReply reply;
    reply.next_begin_offset = reply.max_offset = 10;
    return Action::reply(reply.to_command(), body);
  });
  const Failure damaged = failure();
  EXPECT_EQ(damaged.code, Errc::bad_field);
  EXPECT_THAT(damaged.message, HasSubstr("the message at offset 9 of topic@broker-a:0 cannot be read"));
}

TEST_F(ReaderTest, ATopicThatMayNotBeReadIsAnError) {
  perm_ = 2;
  EXPECT_EQ(failure().code, Errc::no_queue);
  topics_.clear();
  EXPECT_EQ(failure().code, Errc::topic_not_found);
}

}  // namespace
}  // namespace rocketmq::test
