// What follows from each response code to each request: the tables of docs/en/robustness.md. The requests of
// sends and pulls are decided by pure functions; the others are answered so in a simulated cluster, three
// times, and then well.

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/consumer/pull_result.h"
#include "client/producer/send_retry.h"
#include "simulation/model.h"
#include "simulation/simulated_cluster.h"
#include "simulation/simulated_consumer.h"
#include "simulation/simulated_loop.h"
#include "simulation/simulated_producer.h"
#include "simulation/virtual_time.h"
#include "wire/pull.h"
#include "wire/response_code.h"

namespace rocketmq::simulation {
namespace {

using client::PullOutcome;
using client::SendStep;
using std::chrono::milliseconds;
using std::chrono::seconds;
using wire::RequestCode;

constexpr int unknown_code = 9999;

const std::vector<int>& all_codes() {
  static const std::vector<int> codes = {0,  1,  2,  3,   4,   10,  11,  12,  13,  14,   15,
                                         16, 17, 18, 19,  20,  21,  22,  23,  24,  25,   26,
                                         27, 28, 29, 204, 205, 206, 208, 215, 501, 1500, unknown_code};
  return codes;
}

TEST(ResponseCodes, TheTablesNameEveryCodeThatTheClientKnows) {
  for (int code = -10; code < 3000; ++code) {
    const bool known = wire::response_code_name(code) != "response code";
    const bool listed = std::find(all_codes().begin(), all_codes().end(), code) != all_codes().end();
    EXPECT_EQ(known, listed) << code;
  }
}

// --- send: 310, 320 ---

struct SendRow {
  std::vector<int> codes;
  SendStep single;
  SendStep batch;
  bool refresh_route;
};

const std::vector<SendRow>& send_rows() {
  using enum SendStep;
  static const std::vector<SendRow> rows = {
      {{0, 10, 11, 12}, stored, stored, false},
      {{1, 2, 14, 204, 205, 215, 1500}, retry_other, retry_other, false},
      {{16, 17, 501}, retry_other, retry_other, true},
      {{13}, fail, split, false},
      {{3, 4, 15, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 206, 208, unknown_code}, fail, fail, false},
  };
  return rows;
}

TEST(ResponseCodes, ToASend) {
  std::size_t covered = 0;
  for (const SendRow& row : send_rows()) {
    for (const int code : row.codes) {
      ++covered;
      for (const std::size_t messages : {std::size_t{1}, std::size_t{5}}) {
        const auto decision = client::decide_send({Errc::ok, code, "", messages}, 1, 5);
        EXPECT_EQ(decision.step, messages == 1 ? row.single : row.batch) << code;
        EXPECT_EQ(decision.refresh_route, row.refresh_route) << code;
        EXPECT_FALSE(decision.possibly_stored) << code << ": a broker that answers has said what it did";
        const auto last = client::decide_send({Errc::ok, code, "", messages}, 5, 5);
        if (row.single == SendStep::retry_other) {
          EXPECT_EQ(last.step, SendStep::fail) << code;
        }
      }
    }
  }
  EXPECT_EQ(covered, all_codes().size());
}

TEST(ResponseCodes, ToASendWhoseWordsDecide) {
  const struct {
    int code;
    const char* remark;
    SendStep single;
    SendStep batch;
  } rows[] = {
      {1, "org.apache.rocketmq.acl.common.AclException: no rights", SendStep::fail, SendStep::fail},
      {16, "User:k has no permission to access Topic:t", SendStep::fail, SendStep::fail},
      {1, "message size exceeded", SendStep::fail, SendStep::split},
      {29, "request queueId[7] is illegal", SendStep::retry_other, SendStep::retry_other},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(client::decide_send({Errc::ok, row.code, row.remark, 1}, 1, 5).step, row.single) << row.remark;
    EXPECT_EQ(client::decide_send({Errc::ok, row.code, row.remark, 5}, 1, 5).step, row.batch) << row.remark;
  }
}

// --- pull: 11 ---

TEST(ResponseCodes, ToAPull) {
  using Kind = PullOutcome::Kind;
  const struct {
    std::vector<int> codes;
    Kind kind;
  } rows[] = {
      {{0}, Kind::received},
      {{19}, Kind::nothing_new},
      {{20}, Kind::nothing_passed},
      {{21}, Kind::offset_moved},
      {{24, 25, 27, 28}, Kind::not_subscribed},
      {{14, 17, 501, 1500}, Kind::moved_away},
      {{1, 2, 3, 4, 10, 11, 12, 13, 15, 16, 18, 22, 23, 26, 29, 204, 205, 206, 208, 215, unknown_code},
       Kind::refused},
  };
  std::size_t covered = 0;
  for (const auto& row : rows) {
    for (const int code : row.codes) {
      ++covered;
      wire::PullMessageReply fields;
      fields.next_begin_offset = 7;
      fields.max_offset = 7;
      wire::ReceivedCommand reply{fields.to_command(), {}};
      reply.header.code = code;
      const client::PullResult result = client::read_pull_reply(reply, 5, false);
      EXPECT_EQ(result.outcome.kind, row.kind) << code;
      const bool moves = wire::is_pull_result(code);
      EXPECT_EQ(result.outcome.next_begin == 7, moves)
          << code << ": only a result of a pull moves the offset";
    }
  }
  EXPECT_EQ(covered, all_codes().size());
}

// --- all the other requests, by what users see ---

class Cluster {
 public:
  explicit Cluster(std::optional<int> max_reconsume_times = std::nullopt) {
    VirtualTime::restart(1);
    config_.group = SimulatedCluster::group;
    config_.subscriptions = {{SimulatedCluster::topic}};
    config_.consume_from_where = ConsumeFromWhere::first_offset;
    config_.max_reconsume_times = max_reconsume_times;
  }

  SimulatedCluster& servers() { return servers_; }
  [[nodiscard]] const std::string& log() const { return log_; }
  [[nodiscard]] bool closed_in_order() const { return closed_in_order_; }

  void send(int messages) {
    if (!producer_) {
      producer_ = std::make_unique<SimulatedProducer>("producer", sink());
      producer_->start();
    }
    run(milliseconds(500), [this] { return producer_->is_started(); });
    std::vector<std::string> bodies;
    for (int i = 0; i < messages; ++i)
      bodies.push_back("message " + std::to_string(++sent_));
    bool ended = false;
    producer_->send(SimulatedCluster::topic, bodies, 4, [&](const auto& ranges) {
      model_.sent(bodies, ranges);
      ended = true;
    });
    EXPECT_TRUE(run(seconds(20), [&] { return ended; }));
  }

  /// Handles everything; true once all that is stored was handled.
  bool receive_all(bool reject_the_first = false) {
    if (!consumer_) {
      consumer_ = std::make_unique<SimulatedConsumer>("consumer", config_, sink());
      consumer_->start();
    }
    bool reject = reject_the_first;
    return run(seconds(40), [&] {
      take(reject);
      return model_.all_finished();
    });
  }

  bool close() {
    bool ended = false;
    consumer_->close(seconds(5), [&](bool in_order) {
      ended = true;
      closed_in_order_ = in_order;
    });
    return run(seconds(6), [&] { return ended; });
  }

  bool everything_is_committed() {
    for (const Model::Queue& queue : servers_.queues()) {
      if (servers_.stored_offset(queue) != model_.end_of(queue)) return false;
    }
    return true;
  }

  template <class Done>
  bool run(milliseconds time, const Done& done) {
    const auto end = VirtualTime::now() + time;
    while (true) {
      SimulatedLoops::run_ready(random_);
      if (done()) return true;
      if (!VirtualTime::run_next(std::min(end, VirtualTime::now() + milliseconds(20))) &&
          VirtualTime::now() >= end) {
        return false;
      }
    }
  }

 private:
  void take(bool& reject) {
    const auto delivery = consumer_->poll(100);
    if (!delivery) return;
    for (std::size_t i = 0; i < delivery->rows().size(); ++i) {
      const ReceivedMessage& row = delivery->rows()[i];
      const Model::Queue queue{std::string(row.topic), std::string(row.broker_name), row.queue_id};
      if (reject) {
        model_.rejected(queue, row.queue_offset);
        delivery->reject(i);
        reject = false;
      } else {
        model_.finished(consumer_->client_id(), queue, row.queue_offset);
      }
    }
    delivery->acknowledge();
  }

  LogSink sink() {
    return [this](LogLevel, std::string_view line) { log_ += std::string(line) + "\n"; };
  }

  std::string log_;
  Model model_;
  std::minstd_rand random_{1};
  SimulatedCluster servers_{model_, random_, 1, 2};
  ConsumerConfig config_;
  std::unique_ptr<SimulatedProducer> producer_;
  std::unique_ptr<SimulatedConsumer> consumer_;
  int sent_ = 0;
  bool closed_in_order_ = false;
};

constexpr int refusals = 3;

// A table that says for one request that every code but some means: try again, nothing is lost, nobody spins.
void expect_recovery(RequestCode request, const std::vector<int>& answers, int most_requests,
                     std::optional<int> max_reconsume_times = std::nullopt) {
  for (const int code : all_codes()) {
    if (std::find(answers.begin(), answers.end(), code) != answers.end()) continue;
    SCOPED_TRACE("request " + std::to_string(wire::to_int(request)) + " answered with " +
                 std::to_string(code));
    Cluster cluster(max_reconsume_times);
    cluster.send(10);
    const int before = cluster.servers().count(request);
    cluster.servers().answer_with(request, code, refusals);
    EXPECT_TRUE(cluster.receive_all(max_reconsume_times.has_value())) << cluster.log();
    EXPECT_TRUE(cluster.close()) << cluster.log();
    EXPECT_TRUE(cluster.closed_in_order()) << cluster.log();
    EXPECT_TRUE(cluster.everything_is_committed()) << cluster.log();
    const int asked = cluster.servers().count(request) - before;
    EXPECT_GE(asked, 1);
    EXPECT_LE(asked, most_requests) << "asked in a circle";
    EXPECT_NE(cluster.log().find(std::string(wire::response_code_name(code))), std::string::npos)
        << "the log does not name the code\n"
        << cluster.log();
    EXPECT_NE(cluster.log().find("as the test says"), std::string::npos) << "nor the broker's words\n"
                                                                         << cluster.log();
  }
}

TEST(ResponseCodes, ToAQueryForTheOffset) {
  // 0 is an answer with an offset, 22 says that there is none.
  expect_recovery(RequestCode::query_consumer_offset, {0, 22}, 12);
}

TEST(ResponseCodes, ToStoringAnOffset) {
  expect_recovery(RequestCode::update_consumer_offset, {0}, 30);
}

TEST(ResponseCodes, ToTheQuestionWhereAQueueBegins) {
  expect_recovery(RequestCode::get_min_offset, {0}, 12);
}

TEST(ResponseCodes, ToAHeartbeat) {
  expect_recovery(RequestCode::heart_beat, {0}, 12);
}

TEST(ResponseCodes, ToTheQuestionForTheMembers) {
  expect_recovery(RequestCode::get_consumer_list_by_group, {0}, 30);
}

TEST(ResponseCodes, ToTakingLeave) {
  expect_recovery(RequestCode::unregister_client, {0}, 3);
}

TEST(ResponseCodes, ToSendingAMessageBack) {
  // The message then goes to the retry topic as a normal one; that it comes again is what receive_all waits
  // for. What is stored with weaker durability is stored.
  for (const int code : all_codes()) {
    if (code == 0 || (code >= 10 && code <= 12)) continue;
    SCOPED_TRACE(code);
    Cluster cluster(3);
    cluster.send(10);
    cluster.servers().answer_with(RequestCode::consumer_send_msg_back, code, refusals);
    EXPECT_TRUE(cluster.receive_all(true)) << cluster.log();
    EXPECT_EQ(cluster.servers().count(RequestCode::consumer_send_msg_back), 1);
    EXPECT_TRUE(cluster.close()) << cluster.log();
    EXPECT_TRUE(cluster.everything_is_committed()) << cluster.log();
  }
}

TEST(ResponseCodes, ToTheQuestionForARoute) {
  // 17 is an answer: there is no such topic; it is looked for until it exists.
  for (const int code : all_codes()) {
    if (code == 0) continue;
    SCOPED_TRACE(code);
    Cluster cluster;
    cluster.send(10);
    cluster.servers().answer_with(RequestCode::get_route_info_by_topic, code, refusals + 1);
    EXPECT_TRUE(cluster.receive_all()) << cluster.log();
    EXPECT_LE(cluster.servers().count(RequestCode::get_route_info_by_topic), 40) << "asked in a circle";
    EXPECT_TRUE(cluster.close()) << cluster.log();
    EXPECT_TRUE(cluster.everything_is_committed()) << cluster.log();
  }
}

}  // namespace
}  // namespace rocketmq::simulation
