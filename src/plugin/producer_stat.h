#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "plugin/job_stat.h"
#include "plugin/last_minute.h"

namespace rocketmq::plugin {

/// What createProducer was told.
struct ProducerDescription {
  std::string group;
  std::string name_servers;
  std::string client_id;
  std::string user;
  EpochNanos create_time = 0;
};

/// What a producer has done. What has not happened yet is empty.
struct ProducerStatRow {
  std::string id;
  ProducerDescription description;
  long long sent_count = 0;  ///< Messages that a broker has acknowledged.
  long long sent_bytes = 0;  ///< Of their bodies.
  long long failed_count = 0;
  long long retries = 0;
  double messages_per_second = 0;    ///< This and the next two are of the last minute.
  std::optional<double> average_ms;  ///< Of a call of send.
  std::optional<double> p99_ms;      ///< To within an eighth.
  std::string last_error;
  std::optional<EpochNanos> last_error_time;
};

/// The numbers of a producer. Thread-safe under a mutex of its own, held for a few assignments only.
class ProducerStat {
 public:
  explicit ProducerStat(ProducerDescription description) : description_(std::move(description)) {}

  /// A call of send has ended. `error` is empty if all messages are stored.
  void sent(std::size_t stored, std::size_t stored_bytes, std::size_t failed, const std::string& error,
            std::chrono::nanoseconds took, EpochNanos now);
  /// Without id and retries.
  [[nodiscard]] ProducerStatRow snapshot() const;

 private:
  static constexpr std::size_t max_error_bytes = 4096;
  /// How many calls took how long, by powers of two of microseconds, each in eight parts.
  using Histogram = std::array<std::uint32_t, 256>;
  struct Sums {
    long long messages = 0;
    long long calls = 0;
    std::chrono::nanoseconds sending{0};

    Sums& operator+=(const Sums& more) noexcept {
      messages += more.messages;
      calls += more.calls;
      sending += more.sending;
      return *this;
    }
  };

  const ProducerDescription description_;
  mutable std::mutex mutex_;  // Threads that send and scripts that ask meet here.
  ProducerStatRow row_;
  LastMinute<Sums> last_minute_{std::chrono::steady_clock::now()};
  // Of the present half minute and the one before, so that old calls are forgotten.
  std::array<Histogram, 2> took_{};
  std::chrono::steady_clock::time_point half_began_ = std::chrono::steady_clock::now();
  void begin_half(std::chrono::steady_clock::time_point now);
};

/// The part of the histogram that a time falls into, and the longest time of a part. Pure.
[[nodiscard]] std::size_t histogram_part(std::chrono::nanoseconds took) noexcept;
[[nodiscard]] double histogram_ms(std::size_t part) noexcept;

}  // namespace rocketmq::plugin
