// What the making of rows costs beside a walk of the same bodies that throws the values away.
#include <benchmark/benchmark.h>

#include <boost/json/basic_parser_impl.hpp>
#include <cstddef>
#include <stdexcept>
#include <string_view>

#include "micro/samples.h"
#include "rows/csv_rows.h"
#include "rows/json_rows.h"

namespace rocketmq::bench {
namespace {

constexpr std::size_t messages_a_table = 10'000;

/// Takes what the parser tells and does nothing with it.
struct Walker {
  using Error = boost::json::error_code;
  using Text = boost::json::string_view;

  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error&) { return true; }
  bool on_object_end(std::size_t, Error&) { return true; }
  bool on_array_begin(Error&) { return true; }
  bool on_array_end(std::size_t, Error&) { return true; }
  bool on_key_part(Text, std::size_t, Error&) { return true; }
  bool on_key(Text, std::size_t, Error&) { return true; }
  bool on_string_part(Text, std::size_t, Error&) { return true; }
  bool on_string(Text, std::size_t, Error&) { return true; }
  bool on_number_part(Text, Error&) { return true; }
  bool on_int64(long long, Text, Error&) { return true; }
  bool on_uint64(unsigned long long, Text, Error&) { return true; }
  bool on_double(double, Text, Error&) { return true; }
  bool on_bool(bool, Error&) { return true; }
  bool on_null(Error&) { return true; }
  bool on_comment_part(Text, Error&) { return true; }
  bool on_comment(Text, Error&) { return true; }
};

void count(benchmark::State& state, const BodyList& bodies) {
  std::size_t bytes = 0;
  for (const std::string_view body : bodies.views)
    bytes += body.size();
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(bodies.views.size()));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

void walk_json(benchmark::State& state) {
  const BodyList bodies(messages_a_table, BodyShape{BodyKind::json});
  boost::json::basic_parser<Walker> parser{boost::json::parse_options()};
  for (auto _ : state) {
    for (const std::string_view body : bodies.views) {
      boost::json::error_code error;
      parser.reset();
      parser.write_some(false, body.data(), body.size(), error);
      if (error) throw std::logic_error("a tick was not understood");
    }
  }
  count(state, bodies);
}
BENCHMARK(walk_json);

const rows::RowSchema& tick_schema() {
  using enum rows::ColumnType;
  static const rows::RowSchema schema{
      {"symbol", symbol, {"symbol"}},           {"bidPrice", float64, {"bidPrice"}},
      {"askPrice", float64, {"askPrice"}},      {"volume", integer, {"volume"}},
      {"sequence", long_integer, {"sequence"}}, {"time", timestamp, {"time"}}};
  return schema;
}

template <class Rows>
void make_rows(benchmark::State& state, Rows& rows, const BodyList& bodies) {
  rows::RowBuffer buffer(tick_schema());
  for (auto _ : state) {
    buffer.clear();
    for (const std::string_view body : bodies.views) {
      if (!rows.append(body, buffer).empty()) throw std::logic_error("a tick was not understood");
    }
    benchmark::DoNotOptimize(buffer.rows());
  }
  count(state, bodies);
}

void json_rows(benchmark::State& state) {
  rows::JsonRows rows(tick_schema());
  make_rows(state, rows, BodyList(messages_a_table, BodyShape{BodyKind::json}));
}
BENCHMARK(json_rows);

void csv_rows(benchmark::State& state) {
  rows::CsvRows rows(',');
  make_rows(state, rows, BodyList(messages_a_table, BodyShape{BodyKind::csv}));
}
BENCHMARK(csv_rows);

}  // namespace
}  // namespace rocketmq::bench
