// What the producer does with a vector, and the plugin with a delivery; bytes/s are those of the bodies.
#include <benchmark/benchmark.h>

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "client/producer/batch_packing.h"
#include "client/producer/message_encoder.h"
#include "micro/samples.h"
#include "plugin/message_table.h"
#include "support/fake_client.h"
#include "wire/message_id.h"

namespace rocketmq::bench {
namespace {

constexpr std::size_t small_body = 100;
constexpr std::size_t large_body = 1024;
constexpr std::size_t rows = 10'000;

void count(benchmark::State& state, std::size_t body_bytes) {
  const std::int64_t messages = state.iterations() * static_cast<std::int64_t>(rows);
  state.SetItemsProcessed(messages);
  state.SetBytesProcessed(messages * static_cast<std::int64_t>(body_bytes));
}

void pack(benchmark::State& state) {
  const BodyList bodies(rows, small_body);
  client::PackingOptions options;
  options.properties_bytes = 53;
  options.compress_over_bytes = 4096;
  for (auto _ : state)
    benchmark::DoNotOptimize(client::pack_batches(bodies.views, 0, rows, options));
  count(state, small_body);
}
BENCHMARK(pack)->Name("pack_batches");

void encode(benchmark::State& state) {
  const auto body_bytes = static_cast<std::size_t>(state.range(0));
  const BodyList bodies(rows, body_bytes);
  wire::UniqueIdGenerator ids({{127, 0, 0, 1}, 4711, 42});
  client::PackingOptions options;
  options.compress_over_bytes = 4096;
  for (auto _ : state) {
    client::MessageEncoder encoder(ids, {}, 4);
    options.properties_bytes = encoder.properties_bytes();
    for (const client::BatchRange& range : client::pack_batches(bodies.views, 0, rows, options))
      benchmark::DoNotOptimize(encoder.encode(bodies.views, range));
  }
  count(state, body_bytes);
}
BENCHMARK(encode)->Name("encode_batches")->Arg(small_body)->Arg(large_body);

void build_table(benchmark::State& state) {
  const auto body_bytes = static_cast<std::size_t>(state.range(0));
  fake::Client::instance().reset();
  fake::Client::instance().deliver(BodyList(rows, body_bytes).texts);
  ConsumerConfig config;
  config.group = "bench";
  config.subscriptions = {{"bench"}};
  const auto consumer = Consumer::start(config);
  PollLimits limits;
  limits.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  const Delivery delivery = consumer->poll(limits);
  if (delivery.size() != rows) {
    state.SkipWithError("the delivery is too small");
    return;
  }
  const plugin::MessageTableFormat format;
  plugin::MessageTableMaker maker(format);
  for (auto _ : state)
    benchmark::DoNotOptimize(maker.make(delivery.messages()));
  count(state, body_bytes);
}
BENCHMARK(build_table)->Arg(small_body)->Arg(large_body);

}  // namespace
}  // namespace rocketmq::bench
