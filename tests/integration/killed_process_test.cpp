// Processes that are killed after their handler has written rows and before these are committed.

#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "integration/process_fixture.h"

namespace rocketmq::test {
namespace {

class KilledProcess : public ProcessFixture {};

/// What the script's writeLog writes is in the output, too.
const std::vector<std::string> with_log{"--log-level", "info"};

/// The handler writes a line per row: brokerName, queueId, queueOffset and the body. Once it has written
/// `limit` rows, it does not return any more.
std::string writing_until(const std::string& topic, int limit) {
  return R"(
share table(1:0, ["n"], [INT]) as written
def write(limit, written, data){
    for(i in 0:size(data)) writeLog("row\t" + data.brokerName[i] + " " + string(data.queueId[i]) + " " + string(data.queueOffset[i]) + "\t" + data.msg[i] + "\t")
    tableInsert(written, size(data))
    if(sum(exec n from written) >= limit){
        writeLog("written, not committed")
        sleep(600000)
    }
    sleep(20)
}
job = RocketMQ::createSubJob(namesrv, "g_)" +
         topic + R"(", ")" + topic + R"(", write{)" + std::to_string(limit) + R"(, written}, "*",
    {consumeFromWhere: "CONSUME_FROM_FIRST_OFFSET", columns: ["brokerName", "queueId", "queueOffset", "msg"], format: "STRING",
    asyncPull: true, batchSize: 20, throttle: 5, consumeThreadCount: 2})
sleep(600000)
)";
}

/// What the handlers of all processes have written.
struct Written {
  std::size_t rows = 0;
  std::map<std::string, std::set<std::string>> bodies;  ///< Of each (brokerName, queueId, queueOffset).

  void add(const std::string& output) {
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) {
      const std::size_t start = line.find("row\t");
      if (start == std::string::npos || line.back() != '\t') continue;
      std::istringstream cells(line.substr(start + 4));
      std::string key;
      std::string body;
      std::getline(cells, key, '\t');
      std::getline(cells, body, '\t');
      ++rows;
      bodies[key].insert(body);
    }
  }
};

TEST_F(KilledProcess, WritesRowsAgainAndTheirPlaceTellsThatTheyAreTheSame) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 4);
  constexpr std::size_t count = 6000;
  constexpr int kills = 4;
  send(*producer(), topic, numbered(count));
  Written written;
  for (int i = 0; i < kills; ++i) {
    const auto killed = host(writing_until(topic, 1000), with_log);
    ASSERT_TRUE(killed->says("written, not committed", seconds(60))) << killed->output();
    killed->kill();
    const std::size_t before = written.rows;
    written.add(killed->output());
    EXPECT_GE(written.rows, before + 1000);
  }
  const auto last = host(writing_until(topic, 1'000'000), with_log);
  Written all;
  EXPECT_TRUE(eventually(
      [&] {
        all = written;
        all.add(last->output());
        return all.bodies.size() >= count;
      },
      seconds(120)))
      << last->output();
  std::cout << all.rows << " rows were written of " << count << " messages\n";
  EXPECT_GT(all.rows, count) << "a call that was not committed is repeated";
  EXPECT_EQ(all.bodies.size(), count) << "a keyed table has each message once";
  std::set<std::string> bodies;
  for (const auto& [key, same] : all.bodies) {
    EXPECT_EQ(same.size(), 1U) << "two messages are at " << key;
    bodies.insert(same.begin(), same.end());
  }
  EXPECT_EQ(bodies.size(), count);
}

/// Polls and writes a line per row; commits after each second poll, and says so. After `polls` polls, an odd
/// number, it goes no further.
std::string polling(const std::string& topic, int rows_per_poll, int polls) {
  return R"(
consumer = RocketMQ::createConsumer(namesrv, "g_)" +
         topic + R"(", ")" + topic + R"(", "*",
    {consumeFromWhere: "CONSUME_FROM_FIRST_OFFSET", columns: ["brokerName", "queueId", "queueOffset", "msg"], format: "STRING"})
polls = 0
do{
    data = RocketMQ::poll(consumer, )" +
         std::to_string(rows_per_poll) + R"(, 5000)
    text = ""
    for(i in 0:size(data)) text += "row\t" + data.brokerName[i] + " " + string(data.queueId[i]) + " " + string(data.queueOffset[i]) + "\t" + data.msg[i] + "\t\n"
    writeLog("polled\n" + text)
    polls += 1
    if(polls == )" +
         std::to_string(polls) + R"(){
        writeLog("polled, not committed")
        sleep(600000)
    }
    if(polls % 2 == 0){
        RocketMQ::commit(consumer)
        writeLog("committed " + string(polls) + ".")
    }
}while(size(data) > 0)
)";
}

/// What was polled before each commit, and all that was polled.
struct Polled {
  std::set<std::string> committed;
  std::set<std::string> all;
  std::size_t rows = 0;
  std::size_t twice = 0;  // Polled although they were committed before.

  void add(const std::string& output) {
    std::set<std::string> open;
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) {
      if (line.find("committed ") != std::string::npos && line.back() == '.') committed.merge(open);
      if (!line.starts_with("row\t") || line.back() != '\t') continue;
      ++rows;
      if (committed.contains(line)) ++twice;
      all.insert(line);
      open.insert(line);
    }
  }
};

TEST_F(KilledProcess, ThatPolledIsGivenAgainWhatItHadNotCommittedAndNothingElse) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 4);
  constexpr std::size_t count = 6000;
  send(*producer(), topic, numbered(count));
  Polled polled;
  for (int i = 0; i < 3; ++i) {
    const auto killed = host(polling(topic, 100, 9), with_log);
    ASSERT_TRUE(killed->says("polled, not committed", seconds(60))) << killed->output();
    killed->kill();
    polled.add(killed->output());
  }
  EXPECT_LT(polled.all.size(), count);
  const auto last = host(polling(topic, 1000, 1001), with_log);
  EXPECT_EQ(last->wait(seconds(120)), 0);
  polled.add(last->output());
  std::cout << polled.rows << " rows were polled of " << count << " messages\n";
  EXPECT_GT(polled.rows, count) << "what was not committed comes again";
  EXPECT_EQ(polled.all.size(), count) << "nothing is lost";
  EXPECT_EQ(polled.twice, 0U) << "what was committed does not come again";
}

}  // namespace
}  // namespace rocketmq::test
