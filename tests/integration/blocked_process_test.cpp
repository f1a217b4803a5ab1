// Processes whose handlers fail with onError="BLOCK".

#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "integration/process_fixture.h"
#include "integration/topic_reader.h"
#include "rocketmq/topic_view.h"
#include "support/sanitizer_cost.h"

namespace rocketmq::test {
namespace {

class BlockedProcess : public ProcessFixture {};

/// Hands what it receives on to the topic "out", queue for queue, until it has handed on `limit` rows; from
/// then on it fails.
std::string forwarding_until(const std::string& in, const std::string& out, int limit) {
  return R"(
share table(1:0, ["n"], [INT]) as handedOn
def forward(producer, out, limit, handedOn, data){
    if(sum(exec n from handedOn) >= limit) throw "the database is away"
    RocketMQ::send(producer, data.msg, out)
    tableInsert(handedOn, size(data))
}
producer = RocketMQ::createProducer(namesrv, "forwarder")
job = RocketMQ::createSubJob(namesrv, "g_)" +
         in + R"(", ")" + in + R"(", forward{producer, ")" + out + R"(", )" + std::to_string(limit) +
         R"(, handedOn}, "*",
    {consumeFromWhere: "CONSUME_FROM_FIRST_OFFSET", onError: "BLOCK", retryInterval: 100, asyncPull: true, batchSize: 20, throttle: 5})
for(i in 0:6000){
    if(size(exec jobId from RocketMQ::getSubJobStat() where lastErrMsg != "") > 0) break
    sleep(10)
}
print("running or blocked")
)";
}

TEST_F(BlockedProcess, AKillWhileQueuesWaitLosesNothing) {
  const std::string in = name("in");
  const std::string out = name("out");
  cluster().create_topic(in, 4);
  cluster().create_topic(out, 1);
  constexpr int count = 4000;
  const auto sender = producer();
  send(*sender, in, numbered(count));
  {
    const auto killed = host(forwarding_until(in, out, 400) + "sleep(600000)\n");
    ASSERT_TRUE(killed->says("running or blocked", seconds(60))) << killed->output();
    // What it has handed on is committed by then, and what waits would be, too, if it counted as done.
    std::this_thread::sleep_for(seconds(3));
    EXPECT_TRUE(eventually([&] {
      std::int64_t committed = 0;
      for (const GroupQueue& queue : group_progress(client_of(cluster()), "g_" + in, in))
        committed += queue.committed_offset.value();
      return committed > 0 &&
             committed == std::int64_t(read_topic(cluster().name_servers(), out, 400).size());
    }));
    killed->kill();
  }
  const std::size_t handled = read_topic(cluster().name_servers(), out, 400).size();
  ASSERT_LT(handled, static_cast<std::size_t>(count));
  const auto next = host(forwarding_until(in, out, 1'000'000) + "sleep(600000)\n");
  std::vector<StoredRow> rows;
  EXPECT_TRUE(eventually(
      [&] {
        rows = read_topic(cluster().name_servers(), out);
        return rows.size() >= static_cast<std::size_t>(count);
      },
      seconds(120)))
      << next->output();
  std::set<std::string> distinct;
  for (const StoredRow& row : rows)
    distinct.insert(row.body);
  EXPECT_EQ(distinct.size(), static_cast<std::size_t>(count));
  EXPECT_EQ(rows.size(), static_cast<std::size_t>(count))
      << "what was handed on was committed, and comes once";
}

TEST_F(BlockedProcess, AnExitInOrderWaitsForNoPause) {
  const std::string in = name("in");
  cluster().create_topic(in, 4);
  send(*producer(), in, numbered(100));
  const auto process = host(R"(
def fail(data){ throw "the database is away" }
job = RocketMQ::createSubJob(namesrv, "g_)" +
                            in + R"(", ")" + in + R"(", fail, "*",
    {consumeFromWhere: "CONSUME_FROM_FIRST_OFFSET", onError: "BLOCK", retryInterval: 600000})
for(i in 0:6000){
    if(size(exec jobId from RocketMQ::getSubJobStat() where lastErrMsg != "") > 0) break
    sleep(10)
}
print("blocked")
)");
  ASSERT_TRUE(process->says("blocked", seconds(60))) << process->output();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(process->wait(seconds(60)), 0) << process->output();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(30) * time_factor);
}

class BlockedProcessFull : public ProcessFixture {};

TEST_F(BlockedProcessFull, QueuesThatWaitDoNotMakeTheProcessGrow) {
  for (const std::string mode : {"", ", asyncPull: true, batchSize: 1000, throttle: 50"}) {
    const bool async = !mode.empty();
    const std::string topic = name(async ? "async" : "sync");
    cluster().create_topic(topic, 8);
    // Seven queues fail one after another, and each may have filled the buffer until then.
    const auto process = host(R"(
topic = ")" + topic + R"("
def refuse(start, data){
    if(sum(data.queueId < (now() - start) / 1000) > 0) throw "the database is away"
}
print("loaded")
job = RocketMQ::createSubJob(namesrv, "g_" + topic, topic, refuse{now()}, "*", {consumeFromWhere: "CONSUME_FROM_FIRST_OFFSET", onError: "BLOCK", columns: ["msg", "queueId"])" +
                              mode + R"(})
print("running")
sleep(600000)
)");
    ASSERT_TRUE(process->says("running", seconds(30))) << process->output();
    const std::size_t before = process->resident_kib();
    const auto sender = producer();
    const std::vector<std::string> bodies(1000, std::string(4000, 'x'));
    const int sends = async ? 250 : 60;  // 1 GB and 240 MB.
    for (int i = 0; i < sends; ++i) {
      send(*sender, topic, bodies);
      std::this_thread::sleep_for(std::chrono::milliseconds(40));
    }
    std::this_thread::sleep_for(seconds(5));
    const std::size_t grown = process->peak_resident_kib() - before;
    std::cout << topic << ": " << grown << " KiB\n";
    EXPECT_LT(grown, bound_kib((async ? 600U : 130U) * 1024U)) << "twice the buffer at most";
  }
}

}  // namespace
}  // namespace rocketmq::test
