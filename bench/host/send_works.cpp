#include <algorithm>
#include <chrono>
#include <future>
#include <utility>
#include <vector>

#include "ScalarImp.h"
#include "common/bodies.h"
#include "common/measurement.h"
#include "common/pace.h"
#include "host/plugin_session.h"
#include "host/works.h"

namespace rocketmq::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* send_function = "RocketMQ::send";

ConstantSP create_producer(PluginSession& session, const PluginWork& work) {
  session.run("producer = RocketMQ::createProducer(\"" + work.name_servers + "\", \"" + work.group + "\", {" +
              work.config + "})");
  return session.get("producer");
}

ConstantSP text(const std::string& value) {
  return new String(value);
}

void send_rows(PluginSession& session, const PluginWork& work, const ConstantSP& producer,
               const std::vector<ConstantSP>& vectors) {
  for (const ConstantSP& rows : vectors)
    session.call(send_function, {producer, rows, text(work.topic)});
}

std::vector<ConstantSP> make_vectors(std::size_t messages, std::size_t rows, const BodyShape& shape) {
  std::vector<ConstantSP> vectors;
  for (std::size_t done = 0; done < messages; done += rows)
    vectors.push_back(make_bodies(done, std::min(rows, messages - done), shape));
  return vectors;
}

std::int64_t nanoseconds_since(Clock::time_point began) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - began).count();
}

/// Sends `count` scalars and returns how long each call took.
std::vector<std::int64_t> send_loop(Session& session, const PluginWork& work, const ConstantSP& producer,
                                    std::size_t count) {
  std::vector<std::int64_t> latencies;
  latencies.reserve(count);
  const ConstantSP topic = text(work.topic);
  for (std::size_t i = 0; i < count; ++i) {
    const ConstantSP body = text(make_body(i, work.body));
    const Clock::time_point began = Clock::now();
    call_in(session, send_function, {producer, body, topic});
    latencies.push_back(nanoseconds_since(began));
  }
  return latencies;
}

}  // namespace

void send_vectors(const PluginWork& work, std::size_t vector_rows) {
  PluginSession session;
  const ConstantSP producer = create_producer(session, work);
  const std::size_t rows = vector_rows == 0 ? work.messages : std::min(vector_rows, work.messages);
  if (work.warmup > 0) {
    send_rows(session, work, producer, make_vectors(work.warmup, std::min(rows, work.warmup), work.body));
  }
  const std::int64_t before_data = resident_kib();
  const std::vector<ConstantSP> vectors = make_vectors(work.messages, rows, work.body);
  const std::int64_t data_kib = resident_kib() - before_data;
  reset_peak_memory();
  Measurement measurement;
  measurement.begin();
  send_rows(session, work, producer, vectors);
  measurement.end();
  measurement.set("data_kib", data_kib);
  measurement.print(work.messages);
}

void send_scalars(const PluginWork& work, std::size_t threads) {
  PluginSession session;
  const ConstantSP producer = create_producer(session, work);
  std::vector<SessionSP> sessions;
  for (std::size_t i = 0; i < threads; ++i)
    sessions.push_back(session.copy());
  const auto run = [&](std::size_t messages) {
    std::vector<std::future<std::vector<std::int64_t>>> running;
    running.reserve(threads);
    for (const SessionSP& mine : sessions) {
      running.push_back(std::async(std::launch::async, [&work, &producer, mine, count = messages / threads] {
        return send_loop(*mine, work, producer, count);
      }));
    }
    std::vector<std::int64_t> latencies;
    for (auto& thread : running) {
      const std::vector<std::int64_t> some = thread.get();
      latencies.insert(latencies.end(), some.begin(), some.end());
    }
    return latencies;
  };
  run(work.warmup);
  Measurement measurement;
  measurement.begin();
  std::vector<std::int64_t> latencies = run(work.messages);
  measurement.end();
  const std::size_t sent = latencies.size();
  measurement.set_latencies(std::move(latencies));
  measurement.print(sent);
}

void send_paced(const PluginWork& work, std::size_t interval_us) {
  PluginSession session;
  const ConstantSP producer = create_producer(session, work);
  const ConstantSP topic = text(work.topic);
  std::vector<std::int64_t> latencies;
  latencies.reserve(work.messages);
  send_loop(*session.copy(), work, producer, work.warmup);
  Measurement measurement;
  measurement.begin();
  Pace pace(interval_us);
  for (std::size_t i = 0; i < work.messages; ++i) {
    const ConstantSP body = text(make_body(i, work.body));
    pace.wait();
    const Clock::time_point began = Clock::now();
    session.call(send_function, {producer, body, topic});
    latencies.push_back(nanoseconds_since(began));
  }
  measurement.end();
  measurement.set_latencies(std::move(latencies));
  measurement.print(work.messages);
}

}  // namespace rocketmq::bench
