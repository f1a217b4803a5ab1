#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/wall_clock.h"
#include "client/admin/admin_impl.h"
#include "rocketmq/admin.h"
#include "rocketmq/reader.h"
#include "wire/broker_config.h"
#include "wire/group.h"
#include "wire/names.h"
#include "wire/offsets.h"
#include "wire/reset_offset.h"
#include "wire/response_code.h"

namespace rocketmq {

namespace {

using client::Questions;

/// What brokers understand as the end of each queue.
constexpr std::int64_t the_end = -1;

ReadPosition position_of(const SeekTarget& target) {
  switch (target.kind) {
    case SeekTarget::Kind::last:
      return {ReadPosition::Kind::last, 0};
    case SeekTarget::Kind::time:
      return {ReadPosition::Kind::time, target.time_ms};
    case SeekTarget::Kind::first:
    case SeekTarget::Kind::offsets:
      break;
  }
  return {ReadPosition::Kind::first, 0};
}

std::int64_t timestamp_of(const SeekTarget& target) {
  if (target.kind == SeekTarget::Kind::first) return 0;
  return target.kind == SeekTarget::Kind::time && target.time_ms <= now_in_ms() ? target.time_ms : the_end;
}

bool is_place_of(const OffsetMove& move, const std::string& broker_name, std::int32_t queue_id) {
  return move.broker_name == broker_name && move.queue_id == queue_id;
}

void check_starts(std::string_view topic, const std::vector<QueueStart>& starts) {
  std::set<std::pair<std::string_view, std::int32_t>> places;
  for (const QueueStart& start : starts) {
    const std::string queue = "queue " + std::to_string(start.queue_id) + " of topic '" + start.topic +
                              "' at broker '" + start.broker_name + "'";
    if (start.topic != topic)
      throw Error(Errc::invalid_argument, queue + " is not one of topic '" + std::string(topic) + "'");
    if (start.queue_offset < 0)
      throw Error(Errc::invalid_argument,
                  queue + " cannot begin at offset " + std::to_string(start.queue_offset));
    if (!places.emplace(start.broker_name, start.queue_id).second)
      throw Error(Errc::invalid_argument, queue + " is to be moved twice");
  }
}

/// Moves the queues that one broker has.
class BrokerMove {
 public:
  BrokerMove(Questions& questions, std::string group, std::string wire_group, std::string wire_topic,
             std::string address)
      : questions_(questions),
        wire_group_(std::move(wire_group)),
        wire_topic_(std::move(wire_topic)),
        address_(std::move(address)),
        what_("moving group '" + std::move(group) + "'") {}

  void run(const SeekTarget& target, std::vector<OffsetMove>& moves, bool all_queues) {
    if (moves_single_queues()) return move_each(moves);
    if (!has_members()) return store_each(moves);
    if (target.kind == SeekTarget::Kind::offsets || !all_queues) {
      throw Error(Errc::invalid_argument,
                  what_ + ": it has running members, and the broker at " + address_ +
                      " moves no single queues (useServerSideResetOffset=true, from 5.1 on); stop the " +
                      "members, or move all queues of the topic to the first, the last or a time");
    }
    move_all(target, moves);
  }

 private:
  [[nodiscard]] Questions::Answer ask(const wire::Command& command) {
    return questions_.ask({{address_, command, what_}}).front();
  }

  // Who may not ask for the settings may move all queues all the same.
  [[nodiscard]] bool moves_single_queues() {
    const auto answer = ask(wire::GetBrokerConfigRequest{}.to_command());
    return !answer.failure.failed() && wire::setting(answer.body.view, "useServerSideResetOffset") == "true";
  }

  [[nodiscard]] bool has_members() {
    const auto answer = ask(wire::GetConsumerConnectionListRequest{wire_group_}.to_command());
    const auto& server = answer.failure.server;
    if (server && server->code == wire::ResponseCode::consumer_not_online) return false;
    throw_if(answer.failure);
    return true;
  }

  void move_each(const std::vector<OffsetMove>& moves) {
    std::vector<Questions::Question> asked;
    for (const OffsetMove& move : moves) {
      const auto request = wire::ResetOffsetRequest::of_queue(
          wire_group_, {wire_topic_, move.broker_name, move.queue_id}, move.new_offset);
      asked.push_back({address_, request.to_broker_command(), what_});
    }
    check(asked, moves);
  }

  // Nobody runs that would store something else.
  void store_each(const std::vector<OffsetMove>& moves) {
    std::vector<Questions::Question> asked;
    for (const OffsetMove& move : moves) {
      const wire::UpdateConsumerOffsetRequest request{wire_group_, wire_topic_, move.queue_id,
                                                      move.new_offset, move.broker_name};
      asked.push_back({address_, request.to_command(), what_});
    }
    check(asked, moves);
  }

  // The first goes alone: a broker that knows no progress of the group yet keeps one of two stores that come
  // at once (see RemoteOffsetStore).
  void check(const std::vector<Questions::Question>& asked, const std::vector<OffsetMove>& moves) {
    if (asked.empty()) return;
    std::vector<Questions::Answer> answers = questions_.ask({asked.front()});
    for (Questions::Answer& answer : questions_.ask({asked.begin() + 1, asked.end()}))
      answers.push_back(std::move(answer));
    for (std::size_t i = 0; i < answers.size(); ++i) {
      Failure failure = answers[i].failure;
      if (!failure.failed()) continue;
      failure.message = "queue " + std::to_string(moves[i].queue_id) + " at broker '" + moves[i].broker_name +
                        "': " + failure.message + "; other queues may have been moved";
      throw Error(failure);
    }
  }

  void move_all(const SeekTarget& target, std::vector<OffsetMove>& moves) {
    wire::ResetOffsetRequest request;
    request.topic = wire_topic_;
    request.group = wire_group_;
    request.timestamp = timestamp_of(target);
    request.is_force = true;
    const auto told =
        client::body_of<wire::ResetOffsetBody>(ask(request.to_broker_command()), address_, what_);
    for (OffsetMove& move : moves) {
      for (const wire::QueueOffset& moved : told.offsets) {
        if (is_place_of(move, moved.queue.broker_name, moved.queue.queue_id)) move.new_offset = moved.offset;
      }
    }
  }

  Questions& questions_;
  const std::string wire_group_;
  const std::string wire_topic_;
  const std::string address_;
  const std::string what_;
};

}  // namespace

std::vector<OffsetMove> Admin::plan_moves(std::string_view group, std::string_view topic,
                                          const SeekTarget& target) {
  throw_if(wire::check_consumer_group(group));
  throw_if(wire::check_topic(topic));
  check_starts(topic, target.offsets);
  ReaderConfig config;
  config.client = impl_->config;
  config.topic = topic;
  const std::vector<QueueRange> all = Reader::start(config)->ranges();
  config.begin = position_of(target);
  const std::vector<QueueRange> wanted =
      config.begin.kind == ReadPosition::Kind::first ? all : Reader::start(config)->ranges();

  const std::string wire_topic = impl_->wrap(topic);
  const client::RoutePtr route = impl_->questions.route(wire_topic);
  std::vector<OffsetMove> moves;
  std::vector<Questions::Question> asked;
  for (std::size_t i = 0; i < all.size(); ++i) {
    OffsetMove move{all[i].broker_name, all[i].queue_id, all[i].begin, all[i].end, {}, 0};
    // The topic may have got queues in between.
    const auto there = std::find_if(wanted.begin(), wanted.end(), [&move](const QueueRange& range) {
      return is_place_of(move, range.broker_name, range.queue_id);
    });
    if (there == wanted.end()) {
      throw Error(Errc::no_queue, "queue " + std::to_string(move.queue_id) + " of topic '" +
                                      std::string(topic) + "' at broker '" + move.broker_name +
                                      "' has gone while its group was looked at: try again");
    }
    move.new_offset = there->begin;
    const auto* const server =
        route->readable(route->holder({wire_topic, move.broker_name, move.queue_id}), client::master_id);
    if (server == nullptr)
      throw Error(Errc::connect_failed, "no address of broker '" + move.broker_name + "' is known");
    const wire::QueryConsumerOffsetRequest request{impl_->wrap(group), wire_topic, move.queue_id, false,
                                                   move.broker_name};
    asked.push_back(
        {server->second, request.to_command(),
         "the progress of group '" + std::string(group) + "' in topic '" + std::string(topic) + "'"});
    moves.push_back(std::move(move));
  }
  const auto answers = impl_->questions.ask(asked);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto& server = answers[i].failure.server;
    if (server && server->code == wire::ResponseCode::query_not_found) continue;
    throw_if(answers[i].failure);
    wire::OffsetReply reply;
    if (const Errc error = wire::OffsetReply::decode(answers[i].header, reply); error != Errc::ok)
      throw Error(error, asked[i].address + " answered unreadably: " + asked[i].what);
    moves[i].old_offset = reply.offset;
  }
  // Brokers before 5 tell 0 also of a group that there never was.
  const bool has_progress = std::any_of(
      moves.begin(), moves.end(), [](const OffsetMove& each) { return each.old_offset.value_or(0) > 0; });
  if (!has_progress && group_members(group).members.empty()) (void)group_topics(group);

  if (target.kind != SeekTarget::Kind::offsets) return moves;
  std::vector<OffsetMove> chosen;
  for (const QueueStart& start : target.offsets) {
    const auto found = std::find_if(moves.begin(), moves.end(), [&](const OffsetMove& move) {
      return is_place_of(move, start.broker_name, start.queue_id);
    });
    if (found == moves.end()) {
      throw Error(Errc::invalid_argument, "topic '" + std::string(topic) + "' has no queue " +
                                              std::to_string(start.queue_id) + " at a broker '" +
                                              start.broker_name + "'");
    }
    chosen.push_back(*found);
    chosen.back().new_offset = std::clamp(start.queue_offset, found->min_offset, found->max_offset);
  }
  return chosen;
}

std::vector<OffsetMove> Admin::move(std::string_view group, std::string_view topic, const SeekTarget& target,
                                    std::vector<OffsetMove> plan) {
  throw_if(wire::check_consumer_group(group));
  throw_if(wire::check_topic(topic));
  const std::string wire_topic = impl_->wrap(topic);
  const client::RoutePtr route = impl_->questions.route(wire_topic);
  std::map<std::string, std::vector<OffsetMove>> by_server;
  for (OffsetMove& each : plan) {
    const std::string* const address =
        route->master_address(route->holder({wire_topic, each.broker_name, each.queue_id}));
    if (address == nullptr)
      throw Error(Errc::connect_failed, "no master of broker '" + each.broker_name + "' is known");
    by_server[*address].push_back(std::move(each));
  }
  std::vector<OffsetMove> moved;
  for (auto& [address, moves] : by_server) {
    const std::string& name = moves.front().broker_name;
    const auto queues = static_cast<std::size_t>(
        std::count_if(route->subscribe_queues.begin(), route->subscribe_queues.end(),
                      [&](const client::MessageQueue& queue) { return queue.broker_name == name; }));
    BrokerMove(impl_->questions, std::string(group), impl_->wrap(group), wire_topic, address)
        .run(target, moves, moves.size() == queues);
    moved.insert(moved.end(), moves.begin(), moves.end());
  }
  std::sort(moved.begin(), moved.end(), [](const OffsetMove& left, const OffsetMove& right) {
    return std::tie(left.broker_name, left.queue_id) < std::tie(right.broker_name, right.queue_id);
  });
  return moved;
}

}  // namespace rocketmq
