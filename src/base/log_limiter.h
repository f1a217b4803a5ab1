#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rocketmq {

/// Keeps repeated lines from flooding the log. Lines are of one kind if they differ only in numbers that
/// stand alone ("offset 12", unlike "127.0.0.1:9876"). The first line of a kind passes, then one line per
/// `interval`, which says how many were left out. A success in between does not reset this, because failures
/// and successes may alternate.
///
/// It remembers `max_kinds` kinds. While all of them are younger than the interval, lines of further kinds
/// are left out. So lines that never repeat are limited as well. It uses no clock; not thread-safe.
class LogLimiter {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds interval{10};
  static constexpr std::size_t max_kinds = 8;

  /// Whether to log `line` now. If so, append `left_out` to it.
  [[nodiscard]] bool pass(TimePoint now, std::string_view line, std::string& left_out) {
    const std::uint64_t hash = hash_of(line);
    Kind* oldest = &kinds_.front();
    for (Kind& kind : kinds_) {
      if (kind.known && kind.hash == hash) return pass(now, kind, left_out);
      if (oldest->known && (!kind.known || kind.last < oldest->last)) oldest = &kind;
    }
    if (oldest->known && now - oldest->last < interval) {
      ++oldest->skipped;
      return false;
    }
    *oldest = {hash, true, 0, now - interval};
    return pass(now, *oldest, left_out);
  }

 private:
  struct Kind {
    std::uint64_t hash = 0;
    bool known = false;
    std::size_t skipped = 0;
    TimePoint last{};
  };

  [[nodiscard]] static bool pass(TimePoint now, Kind& kind, std::string& left_out) {
    if (now - kind.last < interval) {
      ++kind.skipped;
      return false;
    }
    left_out =
        kind.skipped == 0 ? "" : " (" + std::to_string(kind.skipped) + " lines like this were left out)";
    kind.skipped = 0;
    kind.last = now;
    return true;
  }

  // FNV-1a over everything but the numbers. Two kinds with the same hash share their limit; that is harmless.
  [[nodiscard]] static std::uint64_t hash_of(std::string_view line) noexcept {
    std::uint64_t hash = 0xCBF2'9CE4'8422'2325U;
    bool in_number = true;  // The previous character allows a number here, or belongs to one.
    for (const char c : line) {
      if (in_number && c >= '0' && c <= '9') continue;
      in_number = c == ' ' || c == '(';
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100'0000'01B3U;
    }
    return hash;
  }

  std::array<Kind, max_kinds> kinds_;
};

}  // namespace rocketmq
