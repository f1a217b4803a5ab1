#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace rocketmq::rmq {

/// A line on the terminal that says how many messages were dealt with; only if standard error is a terminal,
/// and standard output is none.
class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Cheap enough for every message.
  void show(std::int64_t count) {
    if (active_ && (count & 0xFFF) == 0) update(count);
  }
  void update(std::int64_t count);

 private:
  const std::string what_;
  const bool active_;
  bool shown_ = false;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point last_ = start_;
};

}  // namespace rocketmq::rmq
