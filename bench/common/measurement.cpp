#include "common/measurement.h"

#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

namespace rocketmq::bench {

namespace {

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

std::int64_t status_kib(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::int64_t value = 0;
    if (word == key && status >> value) return value;
  }
  throw std::runtime_error("/proc/self/status has no " + key);
}

// The nearest-rank percentile of sorted samples, in microseconds.
double percentile_us(const std::vector<std::int64_t>& sorted, std::size_t percent) {
  const std::size_t rank = (sorted.size() * percent + 99) / 100;
  return static_cast<double>(sorted[std::max<std::size_t>(rank, 1) - 1]) / 1e3;
}

}  // namespace

double process_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

std::int64_t resident_kib() {
  return status_kib("VmRSS:");
}

std::int64_t peak_resident_kib() {
  return status_kib("VmHWM:");
}

void reset_peak_memory() {
  std::ofstream("/proc/self/clear_refs") << "5";
}

void Measurement::begin() {
  std::cout << R"({"event": "begin"})" << std::endl;
  cpu_began_ = process_cpu_seconds();
  began_ = std::chrono::steady_clock::now();
}

void Measurement::end() {
  ended_ = std::chrono::steady_clock::now();
  cpu_ended_ = process_cpu_seconds();
}

double Measurement::seconds() const {
  return std::chrono::duration<double>(ended_ - began_).count();
}

void Measurement::set_latencies(std::vector<std::int64_t> nanoseconds) {
  if (nanoseconds.empty()) throw std::runtime_error("no latency was measured");
  std::sort(nanoseconds.begin(), nanoseconds.end());
  set("p50_us", percentile_us(nanoseconds, 50));
  set("p99_us", percentile_us(nanoseconds, 99));
  set("max_us", percentile_us(nanoseconds, 100));
}

void Measurement::print(std::size_t messages) const {
  nlohmann::json result = extra_;
  result["event"] = "result";
  result["messages"] = messages;
  result["seconds"] = seconds();
  result["cpu_seconds"] = cpu_ended_ - cpu_began_;
  result["peak_rss_kib"] = peak_resident_kib();
  std::cout << result.dump() << std::endl;
}

}  // namespace rocketmq::bench
