// rmq topics
#include <algorithm>
#include <set>

#include "rmq/commands.h"
#include "rmq/table.h"
#include "rocketmq/admin.h"

namespace rocketmq::rmq {

namespace {

constexpr const char* own_topics[] = {"TBW102",
                                      "SELF_TEST_TOPIC",
                                      "BenchmarkTest",
                                      "OFFSET_MOVED_EVENT",
                                      "SCHEDULE_TOPIC_XXXX",
                                      "TRANS_CHECK_MAX_TIME_TOPIC"};
constexpr const char* own_prefixes[] = {"%RETRY%", "%DLQ%", "rmq_sys_", "RMQ_SYS_", "%SYS%", "CID_RMQ_SYS_"};

/// Brokers make topics of their own names, and of their cluster's.
std::set<std::string> names_of_brokers(Admin& admin) {
  std::set<std::string> names;
  for (const BrokerServers& broker : admin.brokers()) {
    names.insert(broker.cluster);
    names.insert(broker.broker_name);
    names.insert(broker.cluster + "_REPLY_TOPIC");
  }
  return names;
}

bool is_own(const std::string& topic, const std::set<std::string>& brokers) {
  return brokers.contains(topic) ||
         std::find(std::begin(own_topics), std::end(own_topics), topic) != std::end(own_topics) ||
         std::any_of(std::begin(own_prefixes), std::end(own_prefixes),
                     [&](const char* prefix) { return topic.starts_with(prefix); });
}

/// A topic may be deleted while they are asked for; it is then left out.
void add_details(Table& table, Admin& admin, const std::string& topic) {
  std::vector<TopicQueue> queues;
  try {
    queues = admin.topic_queues(topic);
  } catch (const Error& error) {
    if (error.code() != Errc::topic_not_found) throw;
    return;
  }
  std::set<std::string> brokers;
  std::int64_t messages = 0;
  std::int64_t last_ms = 0;
  for (const TopicQueue& queue : queues) {
    brokers.insert(queue.broker_name);
    messages += queue.max_offset - queue.min_offset;
    last_ms = std::max(last_ms, queue.last_store_ms.value_or(0));
  }
  table.add({topic, static_cast<std::int64_t>(queues.size()), messages,
             last_ms > 0 ? Cell(Moment{last_ms}) : Cell(),
             std::vector<std::string>(brokers.begin(), brokers.end())});
}

}  // namespace

void run(const TopicsOptions& options, Session& session) {
  const auto admin = Admin::start(session.client);
  std::vector<std::string> topics = admin->topics();
  if (!options.all) {
    const std::set<std::string> brokers = names_of_brokers(*admin);
    std::erase_if(topics, [&](const std::string& topic) { return is_own(topic, brokers); });
  }
  std::vector<Table::Column> columns{{"topic", "TOPIC"}};
  if (options.details) {
    columns.insert(columns.end(), {{"queues", "QUEUES"},
                                   {"messages", "MESSAGES"},
                                   {"lastStoreTimestamp", "LAST STORED"},
                                   {"brokers", "BROKERS"}});
  }
  Table table(std::move(columns));
  for (const std::string& topic : topics) {
    if (options.details) {
      add_details(table, *admin, topic);
    } else {
      table.add({topic});
    }
  }
  session.options.json ? table.print_json(session.out) : table.print(session.out);
}

}  // namespace rocketmq::rmq
