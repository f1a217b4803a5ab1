// Where queues start if the consumer's user says so.

#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "scripted_consumer.h"

namespace rocketmq::test {
namespace {

class StartOffsetsTest : public ScriptedConsumer {
 protected:
  StartOffsetsTest() {
    on(RequestCode::query_consumer_offset,
       [](const FakeRequest&) { return Action::reply(wire::OffsetReply{4}.to_command()); });
    on(RequestCode::pull_message, [this](const FakeRequest& request) {
      const std::lock_guard lock(mutex_);
      pulls_.emplace(std::stoi(*request.header.ext_fields.find("queueId")),
                     std::stoll(*request.header.ext_fields.find("queueOffset")));
      return Action::never();
    });
  }

  /// What the consumer is answered with, at once.
  void answer(std::vector<QueueStart> starts) {
    ask_start_offsets_ = [this, starts = std::move(starts)](const StartOffsetsAnswer& answer) {
      ++questions_;
      answer({}, starts);
    };
  }

  /// The first pull of each queue, once all are pulled from.
  std::map<int, std::int64_t> starts(ConsumeFromWhere from = ConsumeFromWhere::last_offset) {
    const auto consumer = start(from);
    EXPECT_TRUE(wait([this] {
      const std::lock_guard lock(mutex_);
      return pulls_.size() == static_cast<std::size_t>(queues_);
    }));
    const std::lock_guard lock(mutex_);
    return pulls_;
  }

  std::map<int, std::int64_t> pulls_;
  std::atomic<int> questions_{0};
};

using Starts = std::map<int, std::int64_t>;

TEST_F(StartOffsetsTest, WinOverTheGroupsProgressBackwardsAndForwardsAndOthersStartAsUsual) {
  queues_ = 4;
  answer({{"topic", "broker-a", 0, 1}, {"topic", "broker-a", 2, 9}, {"topic", "broker-a", 3, 0}});
  EXPECT_EQ(starts(), (Starts{{0, 1}, {1, 4}, {2, 9}, {3, 0}}));
  EXPECT_EQ(questions_, 1) << "one question for all queues of an assignment";
  const std::vector<std::int64_t> stored = committed();
  EXPECT_EQ(std::multiset<std::int64_t>(stored.begin(), stored.end()), (std::multiset<std::int64_t>{0, 1, 9}))
      << "they are the group's progress before the first pull";
}

TEST_F(StartOffsetsTest, AreForTheQueueOfThatTopicAndBrokerOnlyAndUnknownQueuesAreSaid) {
  answer({{"other", "broker-a", 0, 1}, {"topic", "broker-b", 0, 2}, {"topic", "broker-a", 1, 3}});
  EXPECT_EQ(starts(), (Starts{{0, 4}}));
  EXPECT_EQ(lines_with("3 of the queues with a start offset do not exist at present: other@broker-a:0, "
                       "topic@broker-a:1, topic@broker-b:0"),
            1U)
      << log_;
}

TEST_F(StartOffsetsTest, WithoutAnyTheGroupStartsAsUsual) {
  answer({});
  on(RequestCode::query_consumer_offset,
     [](const FakeRequest&) { return Action::reply(wire::to_int(ResponseCode::query_not_found)); });
  EXPECT_EQ(starts(), (Starts{{0, 10}}));
  EXPECT_EQ(lines_with("do not exist"), 0U);
}

TEST_F(StartOffsetsTest, ThatCannotBeToldAreAskedForAgainAndTheQueueWaits) {
  ask_start_offsets_ = [this](const StartOffsetsAnswer& answer) {
    if (++questions_ < 3) return answer({Errc::invalid_argument, "no database", {}}, {});
    EXPECT_EQ(count(RequestCode::pull_message), 0U);
    EXPECT_EQ(count(RequestCode::query_consumer_offset), 1U) << "whether the group is new";
    answer({}, {{"topic", "broker-a", 0, 7}});
  };
  EXPECT_EQ(starts(), (Starts{{0, 7}}));
  EXPECT_EQ(questions_, 3);
  EXPECT_GE(lines_with("no database"), 1U);
}

TEST_F(StartOffsetsTest, AfterAFailureTheQueuesOfAnAssignmentAreAskedForTogetherAgain) {
  queues_ = 4;
  ask_start_offsets_ = [this](const StartOffsetsAnswer& answer) {
    if (++questions_ < 3) return answer({Errc::invalid_argument, "no database", {}}, {});
    answer({}, {{"topic", "broker-a", 0, 7}, {"topic", "broker-a", 3, 8}});
  };
  EXPECT_EQ(starts(), (Starts{{0, 7}, {1, 4}, {2, 4}, {3, 8}}));
  EXPECT_EQ(questions_, 3);
}

TEST_F(StartOffsetsTest, MayComeLateFromAnotherThreadAndTheStartDoesNotWaitLongerThanTheConnectTimeOut) {
  std::promise<StartOffsetsAnswer> asked;
  ask_start_offsets_ = [&](StartOffsetsAnswer answer) { asked.set_value(std::move(answer)); };
  const auto consumer = start(ConsumeFromWhere::last_offset);
  EXPECT_EQ(count(RequestCode::pull_message), 0U);
  EXPECT_EQ(lines_with("not every queue of topic 'topic' could be started within the connect time-out"), 1U);
  std::thread([answer = asked.get_future().get()] { answer({}, {{"topic", "broker-a", 0, 2}}); }).join();
  ASSERT_TRUE(server_.wait_received(wire::to_int(RequestCode::pull_message), 1));
  const std::lock_guard lock(mutex_);
  EXPECT_EQ(pulls_, (Starts{{0, 2}}));
}

TEST_F(StartOffsetsTest, ThatComeWhenTheConsumerIsGoneAreOfNoUse) {
  StartOffsetsAnswer late;
  std::mutex mutex;
  ask_start_offsets_ = [&](StartOffsetsAnswer answer) {
    const std::lock_guard lock(mutex);
    late = std::move(answer);
  };
  start(ConsumeFromWhere::last_offset)->close(5s);
  const std::lock_guard lock(mutex);
  ASSERT_TRUE(late);
  late({}, {{"topic", "broker-a", 0, 2}});
  EXPECT_EQ(count(RequestCode::pull_message), 0U);
  EXPECT_TRUE(committed().empty());
}

TEST_F(StartOffsetsTest, AreAskedForEachTimeThatAQueueIsAssigned) {
  std::atomic<std::int64_t> next{3};
  ask_start_offsets_ = [this, &next](const StartOffsetsAnswer& answer) {
    ++questions_;
    answer({}, {{"topic", "broker-a", 0, next}});
  };
  std::atomic<bool> ours{true};
  on(RequestCode::get_consumer_list_by_group, [&](const FakeRequest&) {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> ids{client_id_};
    if (!ours) ids.insert(ids.begin(), "0-another-member");  // Sorted first, so it has the only queue.
    return Action::reply(0, wire::ConsumerIdList{ids}.encode_body());
  });
  wire::NotifyConsumerIdsChangedRequest notify;
  notify.consumer_group = "group";
  const auto consumer = start(ConsumeFromWhere::last_offset);
  ASSERT_TRUE(wait([&] { return questions_ == 1; }));
  ours = false;
  server_.send_request(notify.to_command(), {}, true);
  ASSERT_TRUE(wait([&] { return lines_with("lets topic@broker-a:0 go") == 1; }));
  next = 8;
  ours = true;
  server_.send_request(notify.to_command(), {}, true);
  ASSERT_TRUE(wait([&] { return questions_ == 2; }));
  ASSERT_TRUE(wait([&] { return lines_with("topic@broker-a:0 starts at offset 8, as its user says") == 1; }));
}

}  // namespace
}  // namespace rocketmq::test
