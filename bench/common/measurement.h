#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <nlohmann/json.hpp>

namespace rocketmq::bench {

/// What one run of a driver measured. The span from begin() to end() counts; warm-up and preparation are
/// outside. begin() tells bench/run by a line on standard output that the span has begun, print() gives
/// the result as the last line; both are JSON.
class Measurement {
 public:
  void begin();
  void end();

  /// Adds a value of the driver's own to the result.
  void set(const char* name, nlohmann::json value) { extra_[name] = std::move(value); }

  /// Adds p50_us, p99_us and max_us. Empty samples are a fault of the driver.
  void set_latencies(std::vector<std::int64_t> nanoseconds);

  /// Prints the result of `messages` messages within the span.
  void print(std::size_t messages) const;

  [[nodiscard]] double seconds() const;

 private:
  std::chrono::steady_clock::time_point began_;
  std::chrono::steady_clock::time_point ended_;
  double cpu_began_ = 0;
  double cpu_ended_ = 0;
  nlohmann::json extra_ = nlohmann::json::object();
};

/// User and system time of this process so far, in seconds.
[[nodiscard]] double process_cpu_seconds();

/// Resident memory now, and its highest value since the start or the last reset_peak_memory(); in KiB.
[[nodiscard]] std::int64_t resident_kib();
[[nodiscard]] std::int64_t peak_resident_kib();
void reset_peak_memory();

}  // namespace rocketmq::bench
