#include <algorithm>
#include <array>
#include <utility>

#include "client/admin/admin_impl.h"
#include "client/reader/group_view.h"
#include "client/reader/topic_queues.h"
#include "rocketmq/admin.h"
#include "wire/admin.h"
#include "wire/group.h"
#include "wire/names.h"
#include "wire/response_code.h"

namespace rocketmq {

namespace {

using client::Questions;

/// The name of an ordinal of MQVersion. From 4.0.0 on there are two for each version, its snapshot first, ten
/// patches per minor version and ten minor versions per major one. Older clients are told by their number.
std::string version_name(std::int32_t ordinal) {
  constexpr std::int32_t first = 212;  // V4_0_0_SNAPSHOT
  constexpr std::int32_t first_major = 4;
  if (ordinal < first) return std::to_string(ordinal);
  const std::int32_t number = (ordinal - first) / 2;
  return "V" + std::to_string(first_major + number / 100) + "_" + std::to_string(number / 10 % 10) + "_" +
         std::to_string(number % 10) + ((ordinal - first) % 2 == 0 ? "_SNAPSHOT" : "");
}

}  // namespace

std::vector<TopicQueue> Admin::topic_queues(std::string_view topic) {
  return client::topic_queues(impl_->questions, topic);
}

GroupMembers Admin::group_members(std::string_view group) {
  throw_if(wire::check_group(group));
  const std::string what = "the members of group '" + std::string(group) + "'";
  std::vector<Questions::Question> asked;
  for (const std::string& address : impl_->group_servers(group))
    asked.push_back({address, wire::GetConsumerConnectionListRequest{impl_->wrap(group)}.to_command(), what});
  std::map<std::string, GroupMember> members;
  std::map<std::string, GroupSubscription> subscriptions;
  GroupMembers found;
  const auto answers = impl_->questions.ask(asked);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto& server = answers[i].failure.server;
    if (server && server->code == wire::ResponseCode::consumer_not_online) continue;
    const auto body = client::body_of<wire::GroupConnections>(answers[i], asked[i].address, what);
    for (const wire::MemberConnection& member : body.members)
      members[member.client_id] = {member.client_id, member.client_address, member.language,
                                   version_name(member.version)};
    for (const wire::SubscriptionData& wanted : body.subscriptions) {
      const std::string topic = impl_->questions.core()->unwrap_name(wanted.topic);
      subscriptions[topic] = {topic, wanted.sub_string, wanted.expression_type};
    }
    found.message_model = body.message_model;
    found.consume_type = body.consume_type;
    found.consume_from_where = body.consume_from_where;
  }
  for (auto& [id, member] : members)
    found.members.push_back(std::move(member));
  for (auto& [topic, wanted] : subscriptions)
    found.subscriptions.push_back(std::move(wanted));
  return found;
}

std::vector<GroupTopic> Admin::group_topics(std::string_view group) {
  throw_if(wire::check_group(group));
  client::GroupView view(impl_->questions, group, impl_->group_servers(group));
  const auto progress = view.progress({});
  const client::GroupView::Owners owners = view.owners();
  if (progress.empty()) view.check_exists();
  std::vector<GroupTopic> topics;
  for (const wire::QueueProgress& each : progress) {  // By topic.
    const std::string topic = impl_->questions.core()->unwrap_name(each.queue.topic);
    if (topics.empty() || topics.back().topic != topic) topics.push_back({topic, {}});
    topics.back().queues.push_back(view.queue_of(each, owners));
  }
  return topics;
}

}  // namespace rocketmq
