#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rocketmq {

/// Keeps what repeats from flooding the log. Lines that differ only in numbers which stand alone ("offset
/// 12", unlike "127.0.0.1:9876") are of one kind; of a kind it passes the first line, then one every
/// `interval`, which says how many were left out. No success in between makes a line news again, because what
/// fails may take turns with what does not.
///
/// It knows `max_kinds` kinds. While all of them are younger than the interval, lines of further kinds are
/// left out, so that lines which never repeat are limited as well. Pure; not thread-safe.
class LogLimiter {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds interval{10};
  static constexpr std::size_t max_kinds = 8;

  /// Whether to log `line` now; then `left_out` is what to append to it.
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

  // FNV-1a over everything but the numbers. Two kinds with one hash share their limit, which does no harm.
  [[nodiscard]] static std::uint64_t hash_of(std::string_view line) noexcept {
    std::uint64_t hash = 0xCBF2'9CE4'8422'2325U;
    bool in_number = true;  // What precedes allows a number here, or is one.
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
