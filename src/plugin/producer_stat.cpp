#include "plugin/producer_stat.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "base/text.h"

namespace rocketmq::plugin {

namespace {

constexpr std::chrono::seconds half_minute{30};
constexpr std::size_t parts_each = 8;

}  // namespace

std::size_t histogram_part(std::chrono::nanoseconds took) noexcept {
  const auto us = static_cast<std::uint64_t>(
      std::max<long long>(std::chrono::duration_cast<std::chrono::microseconds>(took).count(), 1));
  const auto power = static_cast<std::size_t>(std::bit_width(us)) - 1;
  const std::size_t within = power >= 3 ? (us >> (power - 3)) & 7U : (us << (3 - power)) & 7U;
  return std::min<std::size_t>(power * parts_each + within, 255);
}

double histogram_ms(std::size_t part) noexcept {
  const std::size_t exponent = part / parts_each;
  const double power = std::exp2(static_cast<double>(exponent));
  return power * (1 + static_cast<double>(part % parts_each + 1) / parts_each) / 1000;
}

void ProducerStat::begin_half(std::chrono::steady_clock::time_point now) {
  if (now - half_began_ < half_minute) return;
  took_[1] = now - half_began_ < 2 * half_minute ? took_[0] : Histogram{};
  took_[0] = {};
  half_began_ = now;
}

void ProducerStat::sent(std::size_t stored, std::size_t stored_bytes, std::size_t failed,
                        const std::string& error, std::chrono::nanoseconds took, EpochNanos now) {
  const auto steady_now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  row_.sent_count += static_cast<long long>(stored);
  row_.sent_bytes += static_cast<long long>(stored_bytes);
  row_.failed_count += static_cast<long long>(failed);
  last_minute_.add({static_cast<long long>(stored), 1, took}, steady_now);
  begin_half(steady_now);
  ++took_[0][histogram_part(took)];
  if (error.empty()) return;
  row_.last_error = first_bytes(error, max_error_bytes);
  row_.last_error_time = now;
}

ProducerStatRow ProducerStat::snapshot() const {
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  ProducerStatRow row = row_;
  row.description = description_;
  const Sums sums = last_minute_.sums(now);
  row.messages_per_second = static_cast<double>(sums.messages) / last_minute_.span_s(now);
  if (sums.calls == 0) return row;
  row.average_ms =
      std::chrono::duration<double, std::milli>(sums.sending).count() / static_cast<double>(sums.calls);
  std::uint64_t calls = 0;
  for (const Histogram& half : took_) {
    for (const std::uint32_t count : half)
      calls += count;
  }
  // The smallest time that 99 of 100 calls did not exceed.
  const std::uint64_t wanted = calls - calls / 100;
  std::uint64_t seen = 0;
  for (std::size_t part = 0; part < took_[0].size(); ++part) {
    seen += took_[0][part] + took_[1][part];
    if (seen < wanted) continue;
    row.p99_ms = histogram_ms(part);
    break;
  }
  return row;
}

}  // namespace rocketmq::plugin
