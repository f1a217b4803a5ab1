// Frames, headers and stored messages; bytes/s are those of the input, to be read beside memcpy's.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "micro/samples.h"
#include "rocketmq/bytes.h"
#include "wire/frame.h"
#include "wire/stored_message.h"

namespace rocketmq::bench {
namespace {

constexpr std::size_t small_body = 100;
constexpr std::size_t large_body = 1024;
constexpr std::size_t messages_a_pull = 32;
constexpr std::size_t messages_a_batch = 1500;

void count_bytes(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(bytes));
}

void count_messages(benchmark::State& state, std::size_t messages) {
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(messages));
}

void copy_memory(benchmark::State& state) {
  const auto bytes = static_cast<std::size_t>(state.range(0));
  const std::vector<char> source(bytes, 'x');
  std::vector<char> target(bytes);
  for (auto _ : state) {
    std::memcpy(target.data(), source.data(), bytes);
    benchmark::DoNotOptimize(target.data());
    benchmark::ClobberMemory();
  }
  count_bytes(state, bytes);
}
BENCHMARK(copy_memory)->Name("memcpy")->Arg(8 << 10)->Arg(256 << 10)->Arg(4 << 20);

std::string frame(const wire::Command& command, wire::SerializeType type, const std::string& body) {
  std::string bytes;
  wire::append_frame_head(bytes, command, type, body.size());
  return bytes + body;
}

void split_frames(benchmark::State& state, wire::SerializeType type) {
  const std::string body = stored_messages(messages_a_pull, static_cast<std::size_t>(state.range(0)));
  std::string stream;
  for (int i = 0; i < 16; ++i)
    stream += frame(pull_reply(), type, body);
  for (auto _ : state) {
    wire::FrameSplitter splitter;
    for (std::size_t at = 0; at < stream.size();) {
      const auto room = splitter.prepare();
      const std::size_t count = std::min(room.size(), stream.size() - at);
      std::memcpy(room.data(), stream.data() + at, count);
      splitter.commit(count);
      at += count;
      wire::ReceivedCommand command;
      bool found = true;
      while (found) {
        if (splitter.next(command, found) != Errc::ok) throw std::logic_error("a frame was not understood");
        benchmark::DoNotOptimize(command.body.view.data());
      }
    }
  }
  count_bytes(state, stream.size());
}
BENCHMARK_CAPTURE(split_frames, json, wire::SerializeType::json)->Arg(small_body)->Arg(large_body);
BENCHMARK_CAPTURE(split_frames, binary, wire::SerializeType::binary)->Arg(small_body)->Arg(large_body);

void encode_header(benchmark::State& state, wire::SerializeType type) {
  const wire::Command command = send_header();
  std::string bytes;
  for (auto _ : state) {
    bytes.clear();
    wire::append_header(bytes, command, type);
    benchmark::DoNotOptimize(bytes.data());
  }
  count_bytes(state, bytes.size());
}
BENCHMARK_CAPTURE(encode_header, json, wire::SerializeType::json);
BENCHMARK_CAPTURE(encode_header, binary, wire::SerializeType::binary);

void decode_header_of(benchmark::State& state, const wire::Command& command, wire::SerializeType type) {
  std::string bytes;
  wire::append_header(bytes, command, type);
  for (auto _ : state) {
    wire::Command decoded;
    if (wire::decode_header(as_bytes(bytes), type, decoded) != Errc::ok) {
      throw std::logic_error("a header was not understood");
    }
    benchmark::DoNotOptimize(decoded);
  }
  count_bytes(state, bytes.size());
}
BENCHMARK_CAPTURE(decode_header_of, pull_reply_json, pull_reply(), wire::SerializeType::json);
BENCHMARK_CAPTURE(decode_header_of, pull_reply_binary, pull_reply(), wire::SerializeType::binary);
BENCHMARK_CAPTURE(decode_header_of, batch_reply_json, send_reply(messages_a_batch),
                  wire::SerializeType::json);
BENCHMARK_CAPTURE(decode_header_of, batch_reply_binary, send_reply(messages_a_batch),
                  wire::SerializeType::binary);

void scan_stored(benchmark::State& state) {
  const std::string bytes = stored_messages(messages_a_pull, static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    wire::MessageScan scan;
    if (wire::scan_stored_messages(as_bytes(bytes), scan) != Errc::ok) throw std::logic_error("no scan");
    benchmark::DoNotOptimize(scan);
  }
  count_bytes(state, bytes.size());
  count_messages(state, messages_a_pull);
}
BENCHMARK(scan_stored)->Arg(small_body)->Arg(large_body);

void decode_stored(benchmark::State& state, wire::CrcCheck crc) {
  const std::string bytes = stored_messages(messages_a_pull, static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    wire::StoredMessageReader reader(as_bytes(bytes), crc);
    wire::StoredMessageView message;
    bool found = true;
    while (found) {
      if (reader.next(message, found) != Errc::ok) throw std::logic_error("a message was not understood");
      benchmark::DoNotOptimize(message);
    }
  }
  count_bytes(state, bytes.size());
  count_messages(state, messages_a_pull);
}
BENCHMARK_CAPTURE(decode_stored, with_crc, wire::CrcCheck::check)->Arg(small_body)->Arg(large_body);
BENCHMARK_CAPTURE(decode_stored, without_crc, wire::CrcCheck::skip)->Arg(small_body)->Arg(large_body);

}  // namespace
}  // namespace rocketmq::bench
