// What a process with jobs shows from outside: threads, memory, and what is left when it is killed.

#include <gtest/gtest.h>

#include <atomic>
#include <iostream>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "integration/process_fixture.h"
#include "integration/topic_reader.h"
#include "support/sanitizer_cost.h"

namespace rocketmq::test {
namespace {

class Process : public ProcessFixture {};

TEST_F(Process, PullMsgThreadPoolCountIsTheNumberOfNetworkThreadsAndACancelEndsThem) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 1);
  const auto process = host(R"(
share table(1:0, ["msg"], [BLOB]) as rows
topic = ")" + topic + R"("
job1 = RocketMQ::createSubJob(namesrv, "g1_" + topic, topic, appendData{rows})
job5 = RocketMQ::createSubJob(namesrv, "g5_" + topic, topic, appendData{rows}, "*", {pullMsgThreadPoolCount: 5, consumeThreadCount: 3})
print("both run")
waitForRows(rows, 2)
RocketMQ::cancelSubJob(job5)
print("one is cancelled")
waitForRows(rows, 3)
RocketMQ::cancelSubJob(job1)
print("none is left")
job1 = RocketMQ::createSubJob(namesrv, "g1_" + topic, topic, appendData{rows})
waitForRows(rows, 4)
)");
  const auto sender = producer();
  ASSERT_TRUE(process->says("both run", seconds(30))) << process->output();
  // A thread has its name once it runs.
  EXPECT_TRUE(eventually([&] { return process->threads("rocketmq-io") == 1U + 5U; }));
  const std::size_t with_both = process->threads();
  send(*sender, topic, {"go on"});
  ASSERT_TRUE(process->says("one is cancelled", seconds(30))) << process->output();
  EXPECT_TRUE(eventually([&] { return process->threads("rocketmq-io") == 1U; }));
  EXPECT_GE(with_both, process->threads() + 5 + 3) << "and the three threads of its handlers";
  send(*sender, topic, {"go on"});
  ASSERT_TRUE(process->says("none is left", seconds(30))) << process->output();
}

/// Hands what it receives on to the topic "out", slowly: what is there when the process is killed was
/// handled. Says how many queues it has whenever that changes.
std::string forwarding(const std::string& in, const std::string& out) {
  return R"(
def forward(producer, out, data){
    RocketMQ::send(producer, data.msg, out)
    sleep(20)
}
producer = RocketMQ::createProducer(namesrv, "forwarder")
job = RocketMQ::createSubJob(namesrv, "g_)" +
         in + R"(", ")" + in + R"(", forward{producer, ")" + out + R"("}, "*",
    {consumeFromWhere: "CONSUME_FROM_FIRST_OFFSET", asyncPull: true, batchSize: 20, throttle: 5, consumeThreadCount: 2})
print("running")
queues = 0
do{
    current = (exec queues from RocketMQ::getSubJobInfo(job))[0]
    if(current != queues) print("queues: " + string(current))
    queues = current
    sleep(20)
}while(true)
)";
}

/// Rows of the topic, and how many different ones.
std::pair<std::size_t, std::size_t> rows_of(const std::string& name_servers, const std::string& topic) {
  std::set<std::string> distinct;
  const auto rows = read_topic(name_servers, topic);
  for (const StoredRow& row : rows)
    distinct.insert(row.body);
  return {rows.size(), distinct.size()};
}

TEST_F(Process, AGroupOfThreeHostsGoesOnWhenOneIsKilledAndAgainWhenItIsBack) {
  const std::string in = name("in");
  const std::string out = name("out");
  cluster().create_topic(in, 6);
  cluster().create_topic(out, 4);
  constexpr std::size_t count = 10'000;  // So many that not all are handled before the kill.
  const auto sender = producer();
  std::vector<std::unique_ptr<HostProcess>> hosts;
  for (int i = 0; i < 3; ++i)
    hosts.push_back(host(forwarding(in, out)));
  for (const auto& each : hosts)
    ASSERT_TRUE(each->says("queues: 2", seconds(60))) << each->output();
  std::vector<std::string> bodies = numbered(3 * count);
  const auto part = [&](std::size_t n) {
    return std::vector<std::string>(bodies.begin() + static_cast<std::ptrdiff_t>(n * count),
                                    bodies.begin() + static_cast<std::ptrdiff_t>((n + 1) * count));
  };
  send(*sender, in, part(0));
  ASSERT_TRUE(eventually([&] { return rows_of(cluster().name_servers(), out).second >= 300; }));
  hosts[1]->kill();
  const std::size_t handled = rows_of(cluster().name_servers(), out).second;
  EXPECT_LT(handled, count) << "it was killed in the middle";
  send(*sender, in, part(1));
  for (const int survivor : {0, 2}) {
    const auto& each = hosts[static_cast<std::size_t>(survivor)];
    EXPECT_TRUE(each->says("queues: 3", seconds(60))) << each->output();
  }
  hosts[1] = host(forwarding(in, out));
  EXPECT_TRUE(hosts[1]->says("queues: 2", seconds(60))) << hosts[1]->output();
  send(*sender, in, part(2));
  EXPECT_TRUE(eventually([&] { return rows_of(cluster().name_servers(), out).second == bodies.size(); }))
      << rows_of(cluster().name_servers(), out).second << " of " << bodies.size();
  const auto [all, distinct] = rows_of(cluster().name_servers(), out);
  EXPECT_LE(all - distinct, handled) << "only what was handled before the kill may come twice";
}

TEST_F(Process, AJobSaysThatItIsRefusedAndByWhomUntilItMayReceiveAgain) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 1);
  const auto process = host(R"(
share table(1:0, ["msg"], [STRING]) as rows
topic = ")" + topic + R"("
job = RocketMQ::createSubJob(namesrv, "g_" + topic, topic, appendData{rows}, "*", {format: "STRING"})
shown = ""
do{
    info = RocketMQ::getSubJobInfo(job)
    state = info.state[0]
    if(state != shown) print("state: " + state + "; " + info.stateReason[0])
    shown = state
    sleep(20)
}while(true)
)");
  const auto permit = [&](const char* permission) {
    cluster().admin({"updateTopicPerm", "-c", "DefaultCluster", "-t", topic, "-p", permission});
  };
  const auto sender = producer();
  ASSERT_TRUE(process->says("state: RUNNING", seconds(60))) << process->output();
  permit("2");
  EXPECT_TRUE(process->says("state: REFUSED; ", seconds(60))) << process->output();
  const std::string output = process->output();
  const std::string reason = output.substr(output.find("state: REFUSED"));
  EXPECT_NE(reason.find(topic), std::string::npos) << reason;
  EXPECT_NE(reason.find("NO_PERMISSION"), std::string::npos) << reason;
  permit("6");
  send(*sender, topic, {"go on"});
  const auto runs_again = [&] {
    return process->output().find("state: RUNNING", output.size()) != std::string::npos;
  };
  EXPECT_TRUE(eventually(runs_again)) << process->output();
}

TEST_F(Process, WhatAKilledProcessHadNotHandledIsDeliveredToTheNextOne) {
  const std::string in = name("in");
  const std::string out = name("out");
  cluster().create_topic(in, 4);
  cluster().create_topic(out, 4);
  constexpr std::size_t count = 4000;
  const auto sender = producer();
  send(*sender, in, numbered(count));
  {
    const auto killed = host(forwarding(in, out));
    ASSERT_TRUE(eventually([&] { return read_topic(cluster().name_servers(), out).size() >= 400; }))
        << killed->output();
    killed->kill();
  }
  const std::size_t handled = read_topic(cluster().name_servers(), out).size();
  EXPECT_LT(handled, count) << "it was killed in the middle";
  const auto next = host(forwarding(in, out));
  EXPECT_TRUE(eventually([&] { return rows_of(cluster().name_servers(), out).second >= count; }))
      << next->output();
  const auto [all, distinct] = rows_of(cluster().name_servers(), out);
  EXPECT_EQ(distinct, count);
  EXPECT_LE(all, count + handled) << "only what was handled before the kill may come twice";
}

// Its last send must not be broken off after the broker has stored it, or the next process would send it
// again.
TEST_F(Process, ABridgeThatEndsInOrderAndStartsAgainHandlesNothingTwice) {
  const std::string in = name("in");
  const std::string out = name("out");
  cluster().create_topic(in, 4);
  cluster().create_topic(out, 4);
  const std::string script = R"(
def forward(producer, out, data){
    RocketMQ::send(producer, data.msg, out)
}
producer = RocketMQ::createProducer(namesrv, "bridge")
job = RocketMQ::createSubJob(namesrv, "g_)" +
                             in + R"(", ")" + in + R"(", forward{producer, ")" + out + R"("}, "*",
    {consumeFromWhere: "CONSUME_FROM_FIRST_OFFSET", consumeThreadCount: 4})
for(i in 0:1000){
    if(sum(exec processedMsgCount from RocketMQ::getSubJobStat()) >= 200) break
    sleep(10)
}
)";
  // While a process runs, there is always something to send.
  std::atomic<bool> stop{false};
  std::size_t sent = 0;
  std::thread feeder([&] {
    const auto sender = producer();
    for (; !stop; sent += 10) {
      std::vector<std::string> bodies;
      for (std::size_t i = sent; i < sent + 10; ++i)
        bodies.push_back("m" + std::to_string(i));
      send(*sender, in, bodies);
    }
  });
  constexpr int runs = 6;
  for (int run = 0; run < runs; ++run) {
    const auto process = host(script);
    EXPECT_EQ(process->wait(seconds(60)), 0) << process->output();
  }
  stop = true;
  feeder.join();
  const auto last = host(script + "sleep(600000)\n");
  std::set<std::string> distinct;
  std::size_t all = 0;
  EXPECT_TRUE(eventually(
      [&] {
        const auto rows = read_topic(cluster().name_servers(), out);
        all = rows.size();
        for (const StoredRow& row : rows)
          distinct.insert(row.body);
        return distinct.size() >= sent;
      },
      seconds(120)))
      << last->output();
  EXPECT_EQ(distinct.size(), sent);
  EXPECT_EQ(all, sent) << all - distinct.size() << " messages were handled twice in " << runs << " runs";
}

class ProcessFull : public ProcessFixture {};

TEST_F(ProcessFull, TwoHundredJobsReceiveAndEndAndCostLittle) {
  const std::string topic = name("t");
  cluster().create_topic(topic, 1);
  const auto process = host(R"(
topic = ")" + topic + R"("
share table(1:0, ["msg"], [BLOB]) as rows
print("loaded")
start = now()
jobs = array(STRING, 0)
for(i in 0:200) jobs = join(jobs, RocketMQ::createSubJob(namesrv, "g" + string(i) + topic, topic, appendData{rows}))
print("all run after " + string(now() - start) + " ms")
waitForRows(rows, 200)
print("all received")
waitForRows(rows, 400)
start = now()
for(id in jobs) RocketMQ::cancelSubJob(id)
print("all ended after " + string(now() - start) + " ms")
stat = RocketMQ::getSubJobStat()
print("rows " + string(size(stat)) + " counted " + string(sum(stat.processedMsgCount)))
share table(1:0, ["msg"], [BLOB]) as last
job = RocketMQ::createSubJob(namesrv, "last" + topic, topic, appendData{last})
waitForRows(last, 1)
)");
  const auto sender = producer();
  ASSERT_TRUE(process->says("loaded", seconds(30)));
  const std::size_t threads_before = process->threads();
  const std::size_t kib_before = process->resident_kib();
  ASSERT_TRUE(process->says("all run after", seconds(200))) << process->output();
  const std::size_t threads = process->threads() - threads_before;
  const std::size_t kib = process->resident_kib() - kib_before;
  std::cout << "200 jobs: " << threads << " threads, " << kib << " KiB\n";
  EXPECT_LE(threads, 200U * 2U) << "a network thread and a handler's thread each";
  EXPECT_LE(kib, bound_kib(200U * 1024U));
  send(*sender, topic, {"for everyone"});
  ASSERT_TRUE(process->says("all received", seconds(120))) << process->output();
  std::cout << "with a message each: " << process->resident_kib() - kib_before << " KiB\n";
  send(*sender, topic, {"once more"});
  ASSERT_TRUE(process->says("rows 200 counted 400", seconds(200))) << process->output();
  std::cout << process->output();
  EXPECT_LE(process->threads(), threads_before + 2) << "none is left but those of the last job";
}

TEST_F(ProcessFull, ASlowHandlerDoesNotMakeTheProcessGrow) {
  for (const std::string mode :
       {"{consumeFromWhere: \"CONSUME_FROM_FIRST_OFFSET\"}",
        "{consumeFromWhere: \"CONSUME_FROM_FIRST_OFFSET\", asyncPull: true, batchSize: 1000000, throttle: "
        "3600000}"}) {
    const bool async = mode.find("asyncPull") != std::string::npos;
    const std::string topic = name(async ? "async" : "sync");
    cluster().create_topic(topic, 8);
    const auto process = host(R"(
topic = ")" + topic + R"("
def hang(data){ sleep(600000) }
print("loaded")
job = RocketMQ::createSubJob(namesrv, "g_" + topic, topic, hang, "*", )" +
                              mode + R"()
print("running")
sleep(600000)
)");
    ASSERT_TRUE(process->says("running", seconds(30))) << process->output();
    const std::size_t before = process->resident_kib();
    const auto sender = producer();
    const std::vector<std::string> bodies(1000, std::string(4000, 'x'));
    const int sends = async ? 130 : 40;  // 520 MB and 160 MB.
    for (int i = 0; i < sends; ++i)
      send(*sender, topic, bodies);
    // It has come to rest when it has not grown for two seconds.
    std::size_t last = 0;
    EXPECT_TRUE(eventually([&] {
      const std::size_t now = process->resident_kib();
      std::this_thread::sleep_for(seconds(2));
      last = process->resident_kib();
      return last <= now + 1024;
    }));
    const std::size_t grown = process->peak_resident_kib() - before;
    std::cout << topic << ": " << grown << " KiB\n";
    EXPECT_LT(grown, bound_kib((async ? 450U : 130U) * 1024U));
  }
}

}  // namespace
}  // namespace rocketmq::test
