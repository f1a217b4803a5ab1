// What is asked and told about a topic's queues and a group's progress.

#include "rocketmq/topic_view.h"

#include <gmock/gmock.h>

#include "fake_cluster.h"
#include "wire/consume_stats.h"
#include "wire/consumer_status.h"
#include "wire/group.h"
#include "wire/topic_stats.h"

namespace rocketmq::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using wire::RequestCode;

class TopicView : public testing::Test {
 protected:
  TopicView() : cluster_(2, 2) {
    config_ = cluster_.producer_config().client;
    for (std::size_t i = 0; i < 2; ++i) {
      const std::string broker(1, static_cast<char>('a' + i));
      on(i, RequestCode::get_topic_stats_info, [broker](const FakeRequest&) {
        // A broker's table has no order; this queue 2 may no longer be written or read.
        const wire::TopicStats stats{
            {{{"t", broker, 2}, 0, 0, -1}, {{"t", broker, 0}, 5, 9, 1'000}, {{"t", broker, 1}, 0, 0, 0}}};
        return Action::reply(0, stats.encode_body());
      });
      on(i, RequestCode::get_consume_stats, [broker](const FakeRequest& request) {
        EXPECT_EQ(*request.header.ext_fields.find("topic"), "t");
        const wire::ConsumeStats stats{{{{"t", broker, 1}, 4, 9, 2'000}, {{"t", broker, 0}, 0, 3, 0}}};
        return Action::reply(0, stats.encode_body());
      });
      on(i, RequestCode::get_consumer_connection_list,
         [](const FakeRequest&) { return Action::reply(206, {}, "not online"); });
    }
  }

  void on(std::size_t broker, RequestCode code, FakeServer::Script script) {
    cluster_.broker(broker).on(wire::to_int(code), std::move(script));
  }

  static Failure failure_of(const std::function<void()>& call) {
    try {
      call();
    } catch (const Error& error) {
      return error.failure();
    }
    return {};
  }

  FakeCluster cluster_;
  ClientConfig config_;
};

TEST_F(TopicView, EveryQueueOfEveryBrokerIsARow) {
  const auto queues = topic_queues(config_, "t");
  ASSERT_EQ(queues.size(), 6U);
  EXPECT_EQ(queues[0].broker_name, "a");
  EXPECT_EQ(queues[0].queue_id, 0);
  EXPECT_EQ(queues[0].min_offset, 5);
  EXPECT_EQ(queues[0].max_offset, 9);
  EXPECT_EQ(queues[0].last_store_ms, 1'000);
  EXPECT_TRUE(queues[0].readable);
  EXPECT_TRUE(queues[0].writable);
  EXPECT_EQ(queues[1].last_store_ms, std::nullopt) << "without a message";
  EXPECT_EQ(queues[2].queue_id, 2);
  EXPECT_FALSE(queues[2].readable);
  EXPECT_FALSE(queues[2].writable);
  EXPECT_EQ(queues[5].broker_name, "b");
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_THAT(cluster_.broker(i).received(wire::to_int(RequestCode::heart_beat)), IsEmpty());
}

TEST_F(TopicView, ABrokerThatDoesNotTellIsAnErrorAndNotAPart) {
  on(1, RequestCode::get_topic_stats_info, [](const FakeRequest&) { return Action::reply(1, {}, "disk"); });
  const Failure failure = failure_of([&] { (void)topic_queues(config_, "t"); });
  EXPECT_EQ(failure.code, Errc::server_refused);
  EXPECT_THAT(to_string(failure), HasSubstr("the offsets of topic 't' at broker 'b'"));
  on(1, RequestCode::get_topic_stats_info, [](const FakeRequest&) { return Action::reply(0, "{"); });
  EXPECT_EQ(failure_of([&] { (void)topic_queues(config_, "t"); }).code, Errc::bad_json);
}

TEST_F(TopicView, ATopicThatDoesNotExistIsAnError) {
  cluster_.remove_topic("missing");
  EXPECT_EQ(failure_of([&] { (void)topic_queues(config_, "missing"); }).code, Errc::topic_not_found);
  EXPECT_EQ(failure_of([&] { (void)group_progress(config_, "g", "missing"); }).code, Errc::topic_not_found);
  EXPECT_EQ(failure_of([&] { (void)topic_queues(config_, "b a d"); }).code, Errc::invalid_name);
  EXPECT_EQ(failure_of([&] { (void)group_progress(config_, "b a d", "t"); }).code, Errc::invalid_name);
}

TEST_F(TopicView, ProgressHasARowForEachQueueAndItsOwner) {
  on(0, RequestCode::get_consumer_connection_list, [](const FakeRequest&) {
    return Action::reply(0, wire::ConsumerConnection{{"one", "two"}, {}, "CLUSTERING"}.encode_body());
  });
  on(0, RequestCode::get_consumer_running_info, [](const FakeRequest& request) {
    wire::ConsumerRunningInfo info;
    if (*request.header.ext_fields.find("clientId") == "two") return Action::reply(1, {}, "no answer");
    wire::ProcessQueueInfo queue;
    queue.queue = {"t", "a", 1};
    info.queues.push_back(queue);
    return Action::reply(0, info.encode_body());
  });
  const auto queues = group_progress(config_, "g", "t");
  ASSERT_EQ(queues.size(), 4U);
  EXPECT_EQ(queues[0].queue_id, 0);
  EXPECT_EQ(queues[0].committed_offset, 0);
  EXPECT_EQ(queues[0].lag(), 3);
  EXPECT_EQ(queues[0].last_consumed_ms, std::nullopt);
  EXPECT_THAT(queues[0].owners, IsEmpty());
  EXPECT_EQ(queues[1].committed_offset, 4);
  EXPECT_EQ(queues[1].max_offset, 9);
  EXPECT_EQ(queues[1].lag(), 5);
  EXPECT_EQ(queues[1].last_consumed_ms, 2'000);
  EXPECT_THAT(queues[1].owners, ElementsAre("one"));
  EXPECT_EQ(queues[2].broker_name, "b");
}

// What a broker has of such a group is left over from when it had another model, or 0.
TEST_F(TopicView, AGroupWithBroadcastingHasNoProgressAtBrokers) {
  for (const char* model : {"BROADCASTING", "CLUSTERING", ""}) {
    on(1, RequestCode::get_consumer_connection_list, [model](const FakeRequest&) {
      return Action::reply(0, wire::ConsumerConnection{{"one"}, {}, model}.encode_body());
    });
    on(1, RequestCode::get_consumer_running_info, [](const FakeRequest&) {
      wire::ProcessQueueInfo queue;
      queue.queue = {"t", "a", 1};
      wire::ConsumerRunningInfo info;
      info.queues.push_back(queue);
      return Action::reply(0, info.encode_body());
    });
    const auto queues = group_progress(config_, "g", "t");
    ASSERT_EQ(queues.size(), 4U);
    const bool has_progress = model != std::string_view("BROADCASTING");
    for (const GroupQueue& queue : queues) {
      EXPECT_EQ(queue.committed_offset.has_value(), has_progress) << model;
      EXPECT_EQ(queue.lag().has_value(), has_progress) << model;
    }
    EXPECT_EQ(queues[1].max_offset, 9);
    EXPECT_THAT(queues[1].owners, ElementsAre("one"));
  }
}

// If a topic is deleted and made again, its queues begin at 0. The group still has its old progress.
TEST_F(TopicView, ALagIsNeverNegative) {
  on(0, RequestCode::get_consume_stats, [](const FakeRequest&) {
    const wire::ConsumeStats stats{{{{"t", "a", 0}, 12, 9, 0}, {{"t", "a", 1}, 9, 12, 0}}};
    return Action::reply(0, stats.encode_body());
  });
  const auto queues = group_progress(config_, "g", "t");
  ASSERT_EQ(queues.size(), 4U);
  EXPECT_EQ(queues[0].committed_offset, 12);
  EXPECT_EQ(queues[0].max_offset, 9);
  EXPECT_EQ(queues[0].lag(), 0);
  EXPECT_EQ(queues[1].lag(), 3);
}

TEST_F(TopicView, AGroupThatNoBrokerKnowsIsAnError) {
  for (std::size_t i = 0; i < 2; ++i) {
    on(i, RequestCode::get_consume_stats, [](const FakeRequest&) {
      return Action::reply(0, wire::ConsumeStats{{{{"t", "a", 0}, 0, 3, 0}}}.encode_body());
    });
  }
  EXPECT_EQ(group_progress(config_, "g", "t").size(), 2U) << "it has a retry topic";
  cluster_.remove_topic("%RETRY%g");
  const Failure failure = failure_of([&] { (void)group_progress(config_, "g", "t"); });
  EXPECT_EQ(failure.code, Errc::invalid_argument);
  EXPECT_THAT(failure.message, HasSubstr("no broker knows the group 'g'"));
}

TEST_F(TopicView, ATopicThatTheMembersDoNotSubscribeToIsAnError) {
  for (std::size_t i = 0; i < 2; ++i) {
    on(i, RequestCode::get_consume_stats,
       [](const FakeRequest&) { return Action::reply(0, wire::ConsumeStats{}.encode_body()); });
  }
  const Failure failure = failure_of([&] { (void)group_progress(config_, "g", "t"); });
  EXPECT_EQ(failure.code, Errc::invalid_argument);
  EXPECT_THAT(failure.message, HasSubstr("do not subscribe"));
}

}  // namespace
}  // namespace rocketmq::test
