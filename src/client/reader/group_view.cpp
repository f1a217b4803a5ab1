#include "client/reader/group_view.h"

#include <algorithm>
#include <utility>

#include "wire/consumer_status.h"
#include "wire/group.h"
#include "wire/names.h"
#include "wire/response_code.h"

namespace rocketmq::client {

namespace {

/// As many members are asked for their queues.
constexpr std::size_t max_members = 1000;

}  // namespace

GroupView::GroupView(Questions& questions, std::string_view group, std::vector<std::string> brokers)
    : questions_(questions),
      group_(group),
      wire_group_(questions_.core()->wrap_name(group)),
      brokers_(std::move(brokers)) {}

std::vector<wire::QueueProgress> GroupView::progress(const std::string& wire_topic) {
  const std::string what = "the progress of group '" + group_ + "'";
  std::vector<wire::QueueProgress> all;
  const auto answers = ask_brokers(wire::GetConsumeStatsRequest{wire_group_, wire_topic}.to_command(), what);
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

GroupView::Owners GroupView::owners() {
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
    broadcasting_ = broadcasting_ || connection.message_model == "BROADCASTING";
  }
  members_ = members.size();
  return ask_members(members);
}

// Brokers tell 0 for every queue also of a group that there never was. A group has a topic for its retries
// from its first member on.
void GroupView::check_exists() {
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

std::vector<Questions::Answer> GroupView::ask_brokers(const wire::Command& command, const std::string& what) {
  std::vector<Questions::Question> asked;
  asked.reserve(brokers_.size());
  for (const std::string& address : brokers_)
    asked.push_back({address, command, what});
  return questions_.ask(std::move(asked));
}

GroupView::Owners GroupView::ask_members(const std::map<std::string, std::string>& members) {
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
    // Java clients with a namespace tell names without it.
    for (const wire::MessageQueue& queue : queues)
      owners[{questions_.core()->wrap_name(queue.topic), queue.broker_name, queue.queue_id}].insert(ids[i]);
  }
  return owners;
}

GroupQueue GroupView::queue_of(const wire::QueueProgress& progress, const Owners& owners) const {
  GroupQueue queue;
  queue.broker_name = progress.queue.broker_name;
  queue.queue_id = progress.queue.queue_id;
  // With broadcasting brokers tell 0 for every queue.
  if (!broadcasting_) queue.committed_offset = std::max<std::int64_t>(progress.consumer_offset, 0);
  queue.max_offset = progress.broker_offset;
  if (progress.last_timestamp > 0) queue.last_consumed_ms = progress.last_timestamp;
  if (const auto found = owners.find(progress.queue); found != owners.end())
    queue.owners.assign(found->second.begin(), found->second.end());
  return queue;
}

std::vector<std::string> servers_of(const TopicRoute& route) {
  std::vector<std::string> servers;
  for (const auto& [name, addresses] : route.brokers) {
    if (const auto* const server = route.readable(name, master_id); server != nullptr)
      servers.push_back(server->second);
  }
  return servers;
}

}  // namespace rocketmq::client
