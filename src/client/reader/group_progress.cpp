#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

#include "client/reader/questions.h"
#include "client/topic_view.h"
#include "wire/consume_stats.h"
#include "wire/consumer_status.h"
#include "wire/group.h"
#include "wire/names.h"
#include "wire/response_code.h"

namespace rocketmq {

namespace {

using client::Questions;
using Owners = std::map<wire::MessageQueue, std::set<std::string>>;

/// As many members are asked for their queues.
constexpr std::size_t max_members = 1000;

class GroupView {
 public:
  GroupView(const ClientConfig& client, std::string_view group, std::string_view topic)
      : questions_(client),
        group_(group),
        wire_group_(questions_.core()->wrap_name(group)),
        wire_topic_(questions_.core()->wrap_name(topic)) {
    const client::RoutePtr route = questions_.route(wire_topic_);
    for (const auto& [name, addresses] : route->brokers) {
      if (const auto* const server = route->readable(name, client::master_id); server != nullptr)
        brokers_.push_back(server->second);
    }
  }

  [[nodiscard]] std::vector<wire::QueueProgress> progress() {
    const std::string what = "the progress of group '" + group_ + "'";
    std::vector<wire::QueueProgress> all;
    const auto answers =
        ask_brokers(wire::GetConsumeStatsRequest{wire_group_, wire_topic_}.to_command(), what);
    for (std::size_t i = 0; i < answers.size(); ++i) {
      throw_if(answers[i].failure);
      wire::ConsumeStats stats;
      if (const Errc error = wire::ConsumeStats::decode_body(answers[i].body.view, stats); error != Errc::ok)
        throw Error(error, brokers_[i] + " answered unreadably: " + what);
      all.insert(all.end(), stats.consumer_offsets.begin(), stats.consumer_offsets.end());
    }
    std::sort(all.begin(), all.end(),
              [](const auto& left, const auto& right) { return left.queue < right.queue; });
    return all;
  }

  /// Which member has which queue. Whether there are members is in members_.
  [[nodiscard]] Owners owners() {
    const std::string what = "the members of group '" + group_ + "'";
    std::map<std::string, std::string> members;  // The broker that told of each.
    const auto answers = ask_brokers(wire::GetConsumerConnectionListRequest{wire_group_}.to_command(), what);
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const Failure& failure = answers[i].failure;
      if (failure.server && failure.server->code == wire::ResponseCode::consumer_not_online) continue;
      throw_if(failure);
      wire::ConsumerConnection connection;
      if (const Errc error = wire::ConsumerConnection::decode_body(answers[i].body.view, connection);
          error != Errc::ok)
        throw Error(error, brokers_[i] + " answered unreadably: " + what);
      for (const std::string& id : connection.client_ids)
        members.try_emplace(id, brokers_[i]);
    }
    members_ = members.size();
    return ask_members(members);
  }

  /// Brokers tell 0 for every queue also of a group that there never was. A group has a topic for its retries
  /// from its first member on.
  void check_exists() {
    if (members_ > 0) return;
    try {
      (void)questions_.route(wire::retry_topic(wire_group_));
    } catch (const Error& error) {
      if (error.code() != Errc::topic_not_found) throw;
      throw Error(Errc::invalid_argument, "no broker knows the group '" + group_ +
                                              "': it has no member, no progress and no topic " +
                                              wire::retry_topic(group_));
    }
  }

 private:
  std::vector<Questions::Answer> ask_brokers(const wire::Command& command, const std::string& what) {
    std::vector<Questions::Question> asked;
    asked.reserve(brokers_.size());
    for (const std::string& address : brokers_)
      asked.push_back({address, command, what});
    return questions_.ask(std::move(asked));
  }

  Owners ask_members(const std::map<std::string, std::string>& members) {
    std::vector<Questions::Question> asked;
    std::vector<std::string> ids;
    for (const auto& [id, broker] : members) {
      if (asked.size() == max_members) break;
      ids.push_back(id);
      asked.push_back({broker, wire::GetConsumerRunningInfoRequest{wire_group_, id, false}.to_command(),
                       "the queues of member " + id});
    }
    Owners owners;
    const auto answers = questions_.ask(std::move(asked));
    for (std::size_t i = 0; i < answers.size(); ++i) {
      std::vector<wire::MessageQueue> queues;
      if (answers[i].failure.failed() ||
          wire::ConsumerRunningInfo::decode_queues(answers[i].body.view, queues) != Errc::ok)
        continue;
      for (const wire::MessageQueue& queue : queues)
        owners[{wire_topic_of(queue), queue.broker_name, queue.queue_id}].insert(ids[i]);
    }
    return owners;
  }

  /// Java clients with a namespace tell names without it.
  [[nodiscard]] std::string wire_topic_of(const wire::MessageQueue& queue) const {
    return questions_.core()->wrap_name(queue.topic);
  }

  Questions questions_;
  const std::string group_;
  const std::string wire_group_;
  const std::string wire_topic_;
  std::vector<std::string> brokers_;  // Addresses.
  std::size_t members_ = 0;
};

}  // namespace

std::vector<GroupQueue> group_progress(const ClientConfig& client, std::string_view group,
                                       std::string_view topic) {
  throw_if(wire::check_group(group));
  throw_if(wire::check_topic(topic));
  GroupView view(client, group, topic);
  const auto progress = view.progress();
  Owners owners = view.owners();
  if (std::all_of(progress.begin(), progress.end(),
                  [](const wire::QueueProgress& each) { return each.consumer_offset <= 0; }))
    view.check_exists();
  if (progress.empty()) {
    throw Error(Errc::invalid_argument, "no broker tells how far group '" + std::string(group) +
                                            "' is in topic '" + std::string(topic) +
                                            "': its running members do not subscribe to it");
  }
  std::vector<GroupQueue> queues;
  queues.reserve(progress.size());
  for (const wire::QueueProgress& each : progress) {
    GroupQueue queue;
    queue.broker_name = each.queue.broker_name;
    queue.queue_id = each.queue.queue_id;
    queue.committed_offset = std::max<std::int64_t>(each.consumer_offset, 0);
    queue.max_offset = each.broker_offset;
    if (each.last_timestamp > 0) queue.last_consumed_ms = each.last_timestamp;
    const auto& ids = owners[each.queue];
    queue.owners.assign(ids.begin(), ids.end());
    queues.push_back(std::move(queue));
  }
  return queues;
}

}  // namespace rocketmq
