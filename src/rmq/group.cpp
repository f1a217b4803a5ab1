// rmq group
#include <vector>

#include "rmq/commands.h"
#include "rmq/group_lag.h"
#include "rmq/json_line.h"
#include "rmq/table.h"
#include "rocketmq/admin.h"

namespace rocketmq::rmq {

namespace {

Table member_table(const GroupMembers& group) {
  Table table(
      {{"clientId", "CLIENT"}, {"address", "ADDRESS"}, {"language", "LANGUAGE"}, {"version", "VERSION"}});
  for (const GroupMember& member : group.members)
    table.add({member.client_id, member.address, member.language, member.version});
  return table;
}

Table subscription_table(const GroupMembers& group) {
  Table table({{"topic", "TOPIC"}, {"expression", "EXPRESSION"}, {"expressionType", "TYPE"}});
  for (const GroupSubscription& wanted : group.subscriptions)
    table.add({wanted.topic, wanted.expression, wanted.expression_type});
  return table;
}

Table queue_table(const std::vector<GroupTopic>& topics) {
  Table table({{"topic", "TOPIC"},
               {"brokerName", "BROKER"},
               {"queueId", "QUEUE"},
               {"committedOffset", "COMMITTED"},
               {"maxOffset", "END"},
               {"lag", "LAG", true},
               {"lastConsumedTimestamp", "LAST CONSUMED"},
               {"owners", "OWNER"}});
  for (const GroupTopic& topic : topics) {
    for (const GroupQueue& queue : topic.queues) {
      table.add({topic.topic, queue.broker_name, std::int64_t{queue.queue_id},
                 cell_of(queue.committed_offset), queue.max_offset, cell_of(queue.lag()),
                 queue.last_consumed_ms ? Cell(Moment{*queue.last_consumed_ms}) : Cell(), queue.owners});
    }
  }
  return table;
}

void print_json(Session& session, const std::string& group, const GroupMembers& members,
                const std::vector<GroupTopic>& topics) {
  std::string& out = session.out.text();
  JsonObject object(out);
  object.text("group", group);
  const auto lag = lag_of(members, topics);
  lag ? object.number("lag", *lag) : object.null("lag");
  object.text("messageModel", members.message_model);
  object.text("consumeType", members.consume_type);
  object.text("consumeFromWhere", members.consume_from_where);
  member_table(members).append_json(object.key("members"));
  subscription_table(members).append_json(object.key("subscriptions"));
  queue_table(topics).append_json(object.key("queues"));
  object.end();
  out += '\n';
}

void print_all(Output& out, const GroupMembers& members, const std::vector<GroupTopic>& topics) {
  queue_table(topics).print(out);
  (out.text() += '\n') += out.bold();
  out.text() += "lag ";
  const auto lag = lag_of(members, topics);
  (out.text() += lag ? std::to_string(*lag) : "-") += out.plain();
  out.text() += ", " + std::to_string(members.members.size()) + " members";
  if (members.members.empty()) {
    out.text() += "\n";
    return;
  }
  out.text() +=
      ", " + members.message_model + ", " + members.consume_type + ", " + members.consume_from_where + "\n\n";
  member_table(members).print(out);
  out.text() += '\n';
  subscription_table(members).print(out);
}

}  // namespace

void run(const GroupOptions& options, Session& session) {
  const auto admin = Admin::start(session.client);
  const bool json = session.options.json;
  if (options.members && !json) {
    const GroupMembers members = admin->group_members(options.group);
    if (members.members.empty()) (void)admin->group_topics(options.group);  // Says if there is no such group.
    return member_table(members).print(session.out);
  }
  const std::vector<GroupTopic> topics = admin->group_topics(options.group);
  if (!json && !session.out.is_terminal()) return queue_table(topics).print(session.out);
  const GroupMembers members = admin->group_members(options.group);
  if (json) return print_json(session, options.group, members, topics);
  print_all(session.out, members, topics);
}

}  // namespace rocketmq::rmq
