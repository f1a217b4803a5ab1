#include "common/bodies.h"

#include <map>

namespace rocketmq::bench {

namespace {

constexpr long long first_sequence = 1'000'000'000'000;
constexpr long long first_time_ms = 1'750'000'000'000;

/// "1234.05" of 123405.
std::string with_point(int hundredths) {
  std::string digits = std::to_string(hundredths);
  return digits.insert(digits.size() - 2, 1, '.');
}

int bid_hundredths(std::size_t index) {
  return 123'400 + static_cast<int>(index % 10'000);
}

int ask_hundredths(std::size_t index) {
  return bid_hundredths(index) + 1 + static_cast<int>(index % 7);
}

std::string make_tick_body(std::size_t index, BodyKind kind) {
  const Tick tick = make_tick(index);
  const std::string bid = with_point(bid_hundredths(index));
  const std::string ask = with_point(ask_hundredths(index));
  const std::string volume = std::to_string(tick.volume);
  const std::string sequence = std::to_string(tick.sequence);
  const std::string time = std::to_string(tick.time_ms);
  if (kind == BodyKind::csv)
    return tick.symbol + ',' + bid + ',' + ask + ',' + volume + ',' + sequence + ',' + time;
  return R"({"symbol":")" + tick.symbol + R"(","bidPrice":)" + bid + R"(,"askPrice":)" + ask +
         R"(,"volume":)" + volume + R"(,"sequence":)" + sequence + R"(,"time":)" + time + '}';
}

}  // namespace

void add_body_options(CLI::App& app, BodyShape& shape) {
  app.add_option("--bytes", shape.bytes, "of a text body")->check(CLI::Range(1, 4'000'000));
  const std::map<std::string, BodyKind> kinds{
      {"text", BodyKind::text}, {"json", BodyKind::json}, {"csv", BodyKind::csv}};
  app.add_option("--body", shape.kind, "a text, or a tick in JSON or CSV")
      ->transform(CLI::CheckedTransformer(kinds));
}

Tick make_tick(std::size_t index) {
  Tick tick;
  tick.symbol = std::to_string(600'000 + index % 1000) + ".SH";
  tick.bid_price = bid_hundredths(index) / 100.0;
  tick.ask_price = ask_hundredths(index) / 100.0;
  tick.volume = 1000 + static_cast<int>(index % 9000);
  tick.sequence = first_sequence + static_cast<long long>(index);
  tick.time_ms = first_time_ms + static_cast<long long>(index);
  return tick;
}

std::size_t index_of_tick(long long sequence) {
  return static_cast<std::size_t>(sequence - first_sequence);
}

std::string make_body(std::size_t index, const BodyShape& shape) {
  if (shape.kind != BodyKind::text) return make_tick_body(index, shape.kind);
  std::string body = std::to_string(index) + ' ';
  body.resize(shape.bytes, 'x');
  return body;
}

}  // namespace rocketmq::bench
