// The columns of the handler's table, beside what RocketMQ's own Java client says about the same messages.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "integration/client_of.h"
#include "rocketmq/producer.h"
#include "support/host_process.h"
#include "support/ipv6_broker.h"
#include "support/java_client.h"
#include "support/real_broker.h"
#include "support/sha256.h"
#include "wire/json_reader.h"

namespace rocketmq::test {
namespace {

/// The name of a column and its value.
using Columns = std::map<std::string, std::string>;
/// By body and reconsumeTimes, because a message that is sent back is stored a second time.
using Messages = std::map<std::pair<std::string, std::string>, Columns>;

constexpr std::array<const char*, 13> names{"msg",           "topic",          "tag",      "keys",
                                            "msgId",         "brokerName",     "queueId",  "queueOffset",
                                            "bornTimestamp", "storeTimestamp", "bornHost", "reconsumeTimes",
                                            "properties"};

/// Eight hours ahead of UTC, so that a time that is not local is seen.
constexpr const char* time_zone = "CST-8";
constexpr std::int64_t ahead_ms = 8LL * 3600 * 1000;

void add(Messages& messages, const Columns& columns) {
  messages[{columns.at("msg"), columns.at("reconsumeTimes")}] = columns;
}

/// A line of the Java client.
Columns from_java(const JavaColumns& line) {
  const auto text = [&](std::size_t at) { return line.at(at) == "-" ? std::string() : line.at(at); };
  const auto local = [&](std::size_t at) { return std::to_string(std::stoll(line.at(at)) + ahead_ms); };
  std::string properties;
  for (std::size_t i = 14; i < line.size(); ++i)
    properties += line[i] + '\n';
  return {{"msg", line.at(0)},
          {"topic", line.at(9)},
          {"tag", text(2)},
          {"keys", text(3)},
          {"msgId", line.at(6)},
          {"brokerName", line.at(13)},
          {"queueId", line.at(4)},
          {"queueOffset", line.at(5)},
          {"bornTimestamp", local(10)},
          {"storeTimestamp", local(11)},
          {"bornHost", line.at(12)},
          {"reconsumeTimes", line.at(7)},
          {"properties", properties}};
}

/// The JSON object as the Java client's columns are put together: without what that client notes in messages
/// that it receives. It stores that with a message of an inner batch that it sends back.
std::string sorted_properties(const std::string& json) {
  wire::JsonValue value;
  EXPECT_EQ(wire::read_json(json, value), Errc::ok) << json;
  std::map<std::string, std::string> sorted;
  if (value.object() != nullptr) {
    for (const auto& member : *value.object())
      sorted[*member.key.text()] = *member.value.text();
  }
  for (const char* name : {"CONSUME_START_TIME", "MAX_OFFSET", "MIN_OFFSET"})
    sorted.erase(name);
  std::string text;
  for (const auto& [name, property] : sorted)
    text.append(name).append("=").append(property).append("\n");
  return text;
}

/// What the script below prints.
Messages from_script(const std::string& output) {
  Messages messages;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("row\t")) continue;
    std::istringstream cells(line.substr(4));
    Columns columns;
    for (const std::string name : names)
      std::getline(cells, columns[name], '\t');
    columns["msg"] = sha256_hex(columns["msg"]);
    columns["properties"] = sorted_properties(columns["properties"]);
    add(messages, columns);
  }
  return messages;
}

/// Two jobs: one of a group of its own gets the messages as they were sent, the other one those that the Java
/// client's group has sent back.
std::string script(const std::string& topic, const std::string& group, const std::string& name_space,
                   std::size_t count) {
  return R"(
loadPlugin("RocketMQ")
go
names = ["msg", "topic", "tag", "keys", "msgId", "brokerName", "queueId", "queueOffset", "bornTimestamp", "storeTimestamp", "bornHost", "reconsumeTimes", "properties"]
types = [STRING, STRING, STRING, STRING, STRING, STRING, INT, LONG, TIMESTAMP, TIMESTAMP, STRING, INT, STRING]
share table(1:0, names, types) as rows
config = {consumeFromWhere: "CONSUME_FROM_FIRST_OFFSET", columns: names, format: "STRING", maxReconsumeTimes: 16)" +
         (name_space.empty() ? "" : ", nameSpace: \"" + name_space + "\"") + R"(}
jobs = array(STRING, 0)
for(group in ["own_)" +
         group + R"(", ")" + group +
         R"("]) jobs.append!(RocketMQ::createSubJob(getEnv("ROCKETMQ_NAMESRV"), group, ")" + topic +
         R"(", tableInsert{rows}, "*", config))
for(i in 0:2000){
    if(size(rows) >= )" +
         std::to_string(2 * count) + R"() break
    sleep(20)
}
for(job in jobs) RocketMQ::cancelSubJob(job)
t = select * from rows
for(i in 0:size(t)){
    print("row\t" + t.msg[i] + "\t" + t.topic[i] + "\t" + t.tag[i] + "\t" + t.keys[i] + "\t" + t.msgId[i] + "\t" + t.brokerName[i] + "\t" +
        string(t.queueId[i]) + "\t" + string(t.queueOffset[i]) + "\t" + string(long(t.bornTimestamp[i])) + "\t" +
        string(long(t.storeTimestamp[i])) + "\t" + t.bornHost[i] + "\t" + string(t.reconsumeTimes[i]) + "\t" + t.properties[i])
}
)";
}

class JavaColumnsTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    // Before there are threads.
    ::setenv("TZ", time_zone, 1);  // NOLINT(concurrency-mt-unsafe)
    cluster_ = start_cluster();
  }
  static void TearDownTestSuite() { cluster_.reset(); }
  static RealBroker& cluster() { return *cluster_; }

  static std::unique_ptr<RealBroker> start_cluster(const std::vector<std::string>& extra = {}) {
    RealBroker::Options options{.extra = {"--set", "messageDelayLevel=1s 1s 1s 1s 1s 1s"}};
    options.extra.insert(options.extra.end(), extra.begin(), extra.end());
    return std::make_unique<RealBroker>(options);
  }

  /// Sends every kind of message, receives each twice with both clients and compares. Gives what both have.
  static Messages compare(RealBroker& cluster, const std::string& name_space = "",
                          const std::string& topic = "columns") {
    const std::string group = "java_group_" + topic;
    cluster.create_topic((name_space.empty() ? "" : name_space + '%') + topic, 2);
    const auto java = [&](std::vector<std::string> words, const std::vector<std::string>& more) {
      words.insert(words.end(), {"--namesrv", cluster.name_servers(), "--topic", topic});
      if (!name_space.empty()) words.insert(words.end(), {"--namespace", name_space});
      words.insert(words.end(), more.begin(), more.end());
      return run_java_client(words);
    };
    std::map<std::string, std::string> sent_ids;
    const auto java_sends = [&](const std::vector<std::string>& options) {
      for (const JavaColumns& line : java({"send"}, options))
        sent_ids[line.at(0)] = line.at(2);
    };
    java_sends({"--tag", "tagJ", "--key", "k1 k2", "--index-property", "region", "--prefix", "alone-",
                "--count", "3"});
    java_sends({"--batch", "--tag", "b", "--prefix", "batch-", "--count", "3"});
    java_sends({"--compress", "zlib", "--size", "20000", "--prefix", "long-"});
    java({"send"}, {"--no-unique-key", "--prefix", "nameless-alone-"});
    java({"send"}, {"--no-unique-key", "--batch", "--prefix", "nameless-batch-", "--count", "3"});
    ProducerConfig config;
    config.client = client_of(cluster);
    config.client.name_space = name_space;
    config.group = "our_producer";
    const auto producer = Producer::start(std::move(config));
    producer->send(topic, "tagO", std::vector<std::string_view>{"ours"});
    producer->send(topic, "", std::vector<std::string_view>{"ours together 1", "ours together 2"});
    constexpr std::size_t count = 3 + 3 + 1 + 1 + 3 + 3;

    Messages expected;
    for (const JavaColumns& line :
         java({"receive"}, {"--group", group, "--count", std::to_string(2 * count), "--timeout-s", "180",
                            "--from", "first", "--fail-once"}))
      add(expected, from_java(line));
    // Older brokers put the UNIQ_KEY of a batch behind those of its messages. The Java client then says the
    // batch's for all of them, but the sender was told each message's own.
    if (!RealBroker::is_at_least(5, 2)) {
      for (const auto& [hash, id] : sent_ids)
        expected.at({hash, "0"}).at("msgId") = id;
    }
    EXPECT_EQ(expected.size(), 2 * count) << "each one and each one again";
    HostProcess host(ROCKETMQ_HOST, cluster.name_servers(), script(topic, group, name_space, count));
    EXPECT_EQ(host.wait(std::chrono::seconds(90)), 0) << host.output();
    const Messages ours = from_script(host.output());
    for (const auto& [hash, id] : sent_ids)
      EXPECT_EQ(ours.at({hash, "0"}).at("msgId"), id);
    EXPECT_EQ(ours.size(), expected.size()) << host.output();
    for (const auto& [key, columns] : expected) {
      const auto found = ours.find(key);
      if (found == ours.end()) {
        ADD_FAILURE() << "missing: " << testing::PrintToString(columns);
        continue;
      }
      EXPECT_EQ(found->second, columns);
    }
    return expected;
  }

  static const Columns& find(const Messages& messages, const std::string& body, int reconsume_times) {
    return messages.at({sha256_hex(body), std::to_string(reconsume_times)});
  }

  /// The broker gives single messages of clients without UNIQ_KEY one, those of batches not.
  static void expect_offset_id(const Messages& messages, std::size_t length) {
    for (int i = 0; i < 3; ++i) {
      const std::string body = "nameless-batch-" + std::to_string(i);
      const Columns& first = find(messages, body, 0);
      EXPECT_EQ(first.at("properties").find("UNIQ_KEY="), std::string::npos);
      EXPECT_EQ(first.at("msgId").size(), length);
      EXPECT_NE(first.at("msgId"), find(messages, body, 1).at("msgId")) << "it is stored in another place";
    }
    const Columns& named = find(messages, "alone-0", 0);
    EXPECT_NE(named.at("properties").find("UNIQ_KEY=" + named.at("msgId")), std::string::npos);
    EXPECT_EQ(named.at("msgId"), find(messages, "alone-0", 1).at("msgId"));
  }

 private:
  static inline std::unique_ptr<RealBroker> cluster_;
};

TEST_F(JavaColumnsTest, AreTheJavaClients) {
  const Messages messages = compare(cluster());
  expect_offset_id(messages, 32);
  EXPECT_EQ(find(messages, "alone-1", 1).at("topic"), "columns");
}

TEST_F(JavaColumnsTest, AreTheJavaClientsInANamespace) {
  const Messages messages = compare(cluster(), "nsJ");
  expect_offset_id(messages, 32);
  for (const auto& [key, columns] : messages)
    EXPECT_EQ(columns.at("topic"), "columns");
  EXPECT_NE(find(messages, "alone-1", 1).at("properties").find("RETRY_TOPIC=nsJ%columns\n"),
            std::string::npos);
}

// There a batch is stored as one record.
TEST_F(JavaColumnsTest, AreTheJavaClientsInABatchCqTopic) {
  if (!RealBroker::is_at_least(5, 0)) GTEST_SKIP() << "such topics came with 5.0";
  const std::string topic = "batch_cq";
  cluster().admin({"updateTopic", "-t", topic, "-c", "DefaultCluster", "-r", "2", "-w", "2", "-a",
                   "+queue.type=BatchCQ"});
  const Messages messages = compare(cluster(), "", topic);
  for (const auto& [key, columns] : messages)
    EXPECT_EQ(columns.at("topic"), topic);
}

TEST_F(JavaColumnsTest, AreTheJavaClientsWithIpv6Hosts) {
  if (!has_ipv6_loopback()) GTEST_SKIP() << "this machine has no IPv6 loopback address";
  const auto broker = start_cluster(ipv6_broker_arguments());
  const Messages messages = compare(*broker);
  expect_offset_id(messages, 56);
  for (const auto& [key, columns] : messages)
    EXPECT_EQ(columns.at("bornHost"), "0:0:0:0:0:0:0:1");
}

}  // namespace
}  // namespace rocketmq::test
