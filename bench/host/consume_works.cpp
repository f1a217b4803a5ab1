#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "ScalarImp.h"
#include "Util.h"
#include "common/measurement.h"
#include "common/pace.h"
#include "host/native_handler.h"
#include "host/plugin_session.h"
#include "host/received_table.h"
#include "host/works.h"

namespace rocketmq::bench {

namespace {

using Clock = std::chrono::steady_clock;

/// How often the progress of a job is looked at: often enough for a run of a second, and too seldom to cost.
constexpr std::chrono::milliseconds poll_interval{1};
constexpr std::chrono::seconds patience{240};
constexpr std::chrono::seconds start_patience{30};

/// `table_entries`: what make_received_table returned.
std::vector<ConstantSP> create_jobs(PluginSession& session, const ConsumeWork& work,
                                    const FunctionDefSP& handler, const std::string& table_entries = {}) {
  std::string entries = "consumeFromWhere: \"CONSUME_FROM_FIRST_OFFSET\"";
  if (!table_entries.empty()) entries += ", " + table_entries;
  if (work.threads != 1) entries += ", consumeThreadCount: " + std::to_string(work.threads);
  if (!work.common.config.empty()) entries += ", " + work.common.config;
  session.run("config = {" + entries + "}");
  const PluginWork& common = work.common;
  std::vector<ConstantSP> jobs;
  for (std::size_t i = 0; i < work.jobs; ++i) {
    jobs.push_back(session.call("RocketMQ::createSubJob",
                                {new String(common.name_servers), new String(common.group),
                                 new String(common.topic), handler, new String("*"), session.get("config")}));
  }
  return jobs;
}

void cancel(PluginSession& session, const std::vector<ConstantSP>& jobs) {
  for (const ConstantSP& job : jobs)
    session.call("RocketMQ::cancelSubJob", {job});
}

/// Waits until `count` says `wanted`; returns what it said.
std::size_t wait_for(const std::function<std::size_t()>& count, std::size_t wanted,
                     std::chrono::seconds time) {
  const Clock::time_point deadline = Clock::now() + time;
  while (true) {
    const std::size_t now = count();
    if (now >= wanted) return now;
    if (Clock::now() >= deadline) {
      throw std::runtime_error("only " + std::to_string(now) + " of " + std::to_string(wanted) +
                               " messages arrived in time");
    }
    std::this_thread::sleep_for(poll_interval);
  }
}

void spin(std::chrono::nanoseconds time) {
  const Clock::time_point until = Clock::now() + time;
  while (Clock::now() < until) {
  }
}

/// Allocates what so many bodies take, uses it and gives it back to the allocator.
void use_memory(std::size_t bodies, std::size_t body_bytes) {
  std::vector<std::string> used;
  used.reserve(bodies);
  for (std::size_t i = 0; i < bodies; ++i)
    used.emplace_back(body_bytes, 'x');
}

}  // namespace

void consume_backlog(const ConsumeWork& work) {
  PluginSession session;
  if (work.used_memory) use_memory(work.common.messages, make_body(0, work.common.body).size());
  const std::string table_entries = make_received_table(session, work.table, work.common.body.kind);
  std::atomic<std::size_t> handled{0};
  FunctionDefSP handler;
  std::function<std::size_t()> count = [&handled] { return handled.load(); };
  if (work.busy_us == 0 && !work.drop) {
    handler = session.get("handler");
    const TableSP table = session.get("received");
    count = [table] { return static_cast<std::size_t>(table->size()); };
  } else {
    handler = new NativeHandler(
        [&handled, time = std::chrono::microseconds(work.busy_us)](Heap*, const ConstantSP& data) {
          const INDEX rows = data->rows();
          // A row at a time, as a handler that looks at each row is busy.
          for (INDEX i = 0; i < rows && time.count() > 0; ++i)
            spin(time);
          handled += static_cast<std::size_t>(rows);
        });
  }
  Measurement measurement;
  const std::int64_t base_kib = resident_kib();
  reset_peak_memory();
  const std::vector<ConstantSP> jobs = create_jobs(session, work, handler, table_entries);
  const std::size_t before = wait_for(count, std::max<std::size_t>(work.common.warmup, 1), start_patience);
  measurement.begin();
  const std::size_t after = wait_for(count, work.common.messages, patience);
  measurement.end();
  if (after <= before) throw std::runtime_error("the backlog was gone before the measurement began");
  cancel(session, jobs);
  if (work.table == TableKind::typed || work.table == TableKind::script) check_ticks(session);
  measurement.set("base_rss_kib", base_kib);
  measurement.print(after - before);
}

void end_to_end(const PluginWork& work, std::size_t interval_us) {
  PluginSession session;
  make_received_table(session, TableKind::msg, BodyKind::text);
  const FunctionDefSP append = session.get("handler");
  std::mutex mutex;
  std::vector<std::int64_t> latencies;
  const FunctionDefSP handler = new NativeHandler([&](Heap* heap, const ConstantSP& data) {
    vector<ConstantSP> arguments{data};
    append->call(heap, arguments);
    const std::int64_t now = Clock::now().time_since_epoch().count();
    const TableSP rows = data;
    const ConstantSP column = rows->getColumn(0);
    const std::lock_guard lock(mutex);
    for (INDEX i = 0; i < column->size(); ++i) {
      const std::string body = column->getString(i);
      std::int64_t sent = 0;
      std::from_chars(body.data(), body.data() + body.size(), sent);
      latencies.push_back(now - sent);
    }
  });
  ConsumeWork consume;
  consume.common = work;
  const std::vector<ConstantSP> jobs = create_jobs(session, consume, handler);
  session.run("producer = RocketMQ::createProducer(\"" + work.name_servers + "\", \"" + work.group + "\")");
  const ConstantSP producer = session.get("producer");
  const auto send = [&] {
    std::string body = std::to_string(Clock::now().time_since_epoch().count()) + ' ';
    body.resize(std::max(body.size(), work.body.bytes), 'x');
    session.call("RocketMQ::send", {producer, new String(body), new String(work.topic)});
  };
  const auto count = [&] {
    const std::lock_guard lock(mutex);
    return latencies.size();
  };
  Measurement measurement;
  Pace pace(interval_us);
  for (std::size_t i = 0; i < work.warmup + work.messages; ++i) {
    if (i == work.warmup) {
      // The first messages also wait for the job to find its queues.
      wait_for(count, work.warmup, start_patience);
      const std::lock_guard lock(mutex);
      latencies.clear();
      measurement.begin();
      pace = Pace(interval_us);
    }
    pace.wait();
    send();
  }
  wait_for(count, work.messages, patience);
  measurement.end();
  cancel(session, jobs);
  measurement.set_latencies(latencies);
  measurement.print(work.messages);
}

void idle_job(const PluginWork& work, std::size_t seconds) {
  PluginSession session;
  make_received_table(session, TableKind::msg, BodyKind::text);
  ConsumeWork consume;
  consume.common = work;
  const std::vector<ConstantSP> jobs = create_jobs(session, consume, session.get("handler"));
  // What a job does at its start is no idling.
  std::this_thread::sleep_for(std::chrono::seconds(3));
  Measurement measurement;
  measurement.begin();
  std::this_thread::sleep_for(std::chrono::seconds(seconds));
  measurement.end();
  cancel(session, jobs);
  measurement.print(0);
}

}  // namespace rocketmq::bench
