// rmq topic
#include "rmq/commands.h"
#include "rmq/json_line.h"
#include "rmq/table.h"
#include "rocketmq/admin.h"

namespace rocketmq::rmq {

namespace {

std::string rights(bool readable, bool writable) {
  return std::string(readable ? "r" : "-") + (writable ? "w" : "-");
}

Table queue_table(const std::vector<TopicQueue>& queues) {
  Table table({{"brokerName", "BROKER"},
               {"queueId", "QUEUE"},
               {"minOffset", "FIRST"},
               {"maxOffset", "END"},
               {"messages", "MESSAGES"},
               {"lastStoreTimestamp", "LAST STORED"},
               {"rights", "RIGHTS"}});
  for (const TopicQueue& queue : queues) {
    table.add({queue.broker_name, std::int64_t{queue.queue_id}, queue.min_offset, queue.max_offset,
               queue.max_offset - queue.min_offset,
               queue.last_store_ms ? Cell(Moment{*queue.last_store_ms}) : Cell(),
               rights(queue.readable, queue.writable)});
  }
  return table;
}

Table route_table(const std::vector<TopicPart>& parts) {
  Table table({{"cluster", "CLUSTER"},
               {"brokerName", "BROKER"},
               {"brokerId", "ID"},
               {"address", "ADDRESS"},
               {"readQueues", "READ QUEUES"},
               {"writeQueues", "WRITE QUEUES"},
               {"rights", "RIGHTS"}});
  for (const TopicPart& part : parts) {
    for (const auto& [id, address] : part.broker.addresses) {
      table.add({part.broker.cluster, part.broker.broker_name, id, address, std::int64_t{part.read_queues},
                 std::int64_t{part.write_queues}, rights(part.readable, part.writable)});
    }
  }
  return table;
}

Table group_table(const std::vector<std::string>& groups) {
  Table table(std::vector<Table::Column>{{"group", "GROUP"}});
  for (const std::string& group : groups)
    table.add({group});
  return table;
}

/// All that is asked for in one object.
void print_json(Session& session, Admin& admin, const TopicOptions& options) {
  std::string& out = session.out.text();
  JsonObject object(out);
  object.text("topic", options.topic);
  route_table(admin.topic_parts(options.topic)).append_json(object.key("brokers"));
  queue_table(admin.topic_queues(options.topic)).append_json(object.key("queues"));
  if (options.groups) {
    std::string& array = object.key("groups");
    array += '[';
    bool first = true;
    for (const std::string& group : admin.topic_groups(options.topic)) {
      if (!first) array += ',';
      first = false;
      append_json_string(array, group);
    }
    array += ']';
  }
  object.end();
  out += '\n';
}

}  // namespace

void run(const TopicOptions& options, Session& session) {
  const auto admin = Admin::start(session.client);
  if (session.options.json) return print_json(session, *admin, options);
  if (options.route) return route_table(admin->topic_parts(options.topic)).print(session.out);
  if (options.groups) return group_table(admin->topic_groups(options.topic)).print(session.out);
  queue_table(admin->topic_queues(options.topic)).print(session.out);
}

}  // namespace rocketmq::rmq
