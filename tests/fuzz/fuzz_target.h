#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "rocketmq/bytes.h"

/// What every fuzz target defines: decodes `size` bytes that a hostile peer may have sent. Called by
/// libFuzzer, or by replay.cpp with the files of the corpus.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace rocketmq::fuzz {

/// A promise of a decoder that must hold whatever the bytes are. A broken one ends the process, which
/// libFuzzer and replay.cpp report together with the input.
inline void require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

/// The input as a buffer of exactly its size, so that AddressSanitizer sees every read beyond it.
inline SharedBytes shared(ByteView bytes) {
  auto storage = std::make_shared<const Bytes>(bytes.begin(), bytes.end());
  const ByteView view(*storage);
  return {std::move(storage), view};
}

/// Whether a view that a decoder returned lies within its input.
inline bool within(ByteView part, ByteView whole) {
  if (part.empty()) return true;
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

/// Cuts numbers and pieces off the front of an input, for targets that need more than one of them. Yields
/// zeros once it is used up.
class Input {
 public:
  explicit Input(ByteView bytes) : rest_(bytes) {}

  [[nodiscard]] std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const std::uint8_t value = rest_.front();
    rest_ = rest_.subspan(1);
    return value;
  }
  [[nodiscard]] std::uint16_t word() {
    const std::uint16_t high = byte();
    return static_cast<std::uint16_t>(high << 8U | byte());
  }
  [[nodiscard]] std::int64_t number() {
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i)
      value = value << 8U | byte();
    return static_cast<std::int64_t>(value);
  }
  [[nodiscard]] ByteView bytes(std::size_t count) {
    const ByteView piece = rest_.first(count < rest_.size() ? count : rest_.size());
    rest_ = rest_.subspan(piece.size());
    return piece;
  }
  [[nodiscard]] ByteView rest() const { return rest_; }
  [[nodiscard]] bool empty() const { return rest_.empty(); }

 private:
  ByteView rest_;
};

}  // namespace rocketmq::fuzz
