#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <string>

namespace rocketmq::bench {

enum class BodyKind { text, json, csv };

/// What bodies look like. Text: the body's number first, then letters up to `bytes`; shorter than its number,
/// it is cut. JSON and CSV: a tick, of 120 and 58 bytes.
struct BodyShape {
  BodyKind kind = BodyKind::text;
  std::size_t bytes = 100;  ///< Of a text.
};

/// The options --bytes and --body.
void add_body_options(CLI::App& app, BodyShape& shape);

/// Six fields of market data. Each number has as many digits for every index.
struct Tick {
  std::string symbol;
  double bid_price = 0;
  double ask_price = 0;
  int volume = 0;
  long long sequence = 0;
  long long time_ms = 0;
};

[[nodiscard]] Tick make_tick(std::size_t index);

/// Of which index a tick is.
[[nodiscard]] std::size_t index_of_tick(long long sequence);

/// Body number `index`. Bodies differ from each other, and all clients make the same ones.
[[nodiscard]] std::string make_body(std::size_t index, const BodyShape& shape);

}  // namespace rocketmq::bench
