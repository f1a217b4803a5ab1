#include "wire/message_id.h"

#include <algorithm>
#include <chrono>
#include <ctime>

namespace rocketmq::wire {

namespace {

constexpr char hex_digits[] = "0123456789ABCDEF";
constexpr std::int64_t longer_than_a_month_ms = std::int64_t{32} * 24 * 3600 * 1000;

void append_hex(std::string& out, ByteView bytes) {
  for (const std::uint8_t byte : bytes) {
    out += hex_digits[byte >> 4];
    out += hex_digits[byte & 0xFU];
  }
}

template <class Unsigned>
void append_hex(std::string& out, Unsigned value) {
  const std::uint64_t bits = value;
  for (int shift = static_cast<int>(sizeof(Unsigned) * 8) - 4; shift >= 0; shift -= 4) {
    out += hex_digits[(bits >> shift) & 0xFU];
  }
}

std::string make_prefix(const UniqueIdGenerator::Identity& identity) {
  std::string prefix;
  if (identity.ip.size() == 4 || identity.ip.size() == 16) {
    append_hex(prefix, ByteView(identity.ip));
  } else {
    prefix.append(8, '0');
  }
  append_hex(prefix, identity.pid);
  append_hex(prefix, identity.hash);
  return prefix;
}

}  // namespace

// Without mktime, which reads the time zone's file again at each call.
std::int64_t local_start_of_month_ms(std::int64_t now_ms) {
  using namespace std::chrono;
  const auto now = static_cast<std::time_t>(now_ms / 1000);
  std::tm local{};
  if (localtime_r(&now, &local) == nullptr) return now_ms;
  const sys_days first = year(local.tm_year + 1900) / month(static_cast<unsigned>(local.tm_mon) + 1) / 1;
  const std::int64_t midnight = duration_cast<seconds>(first.time_since_epoch()).count();  // As in UTC.
  // The month may have begun on the other side of a change of daylight saving time.
  const auto nearly = static_cast<std::time_t>(midnight - local.tm_gmtoff);
  if (localtime_r(&nearly, &local) == nullptr) return now_ms;
  return (midnight - local.tm_gmtoff) * 1000;
}

UniqueIdGenerator::UniqueIdGenerator(const Identity& identity, StartOfMonth start_of_month)
    : prefix_(make_prefix(identity)), start_of_month_(start_of_month) {}

UniqueIdGenerator::Run UniqueIdGenerator::take(std::size_t count, std::int64_t now_ms) {
  // Always one more than the last: within a millisecond the counter grows, beyond its 65,536 values the
  // millisecond does.
  std::int64_t last = last_.load(std::memory_order_relaxed);
  std::int64_t first = 0;
  do {
    first = std::max(last + 1, now_ms * 65'536);
  } while (!last_.compare_exchange_weak(last, first + static_cast<std::int64_t>(count) - 1,
                                        std::memory_order_relaxed));
  return Run(static_cast<std::uint64_t>(first - month_start_ms(first / 65'536) * 65'536));
}

// Asking the system takes up to a microsecond, so it is asked once per month. Both numbers are in one atomic,
// so that no thread reads the start of one month and the length of another.
std::int64_t UniqueIdGenerator::month_start_ms(std::int64_t now_ms) {
  constexpr int length_bits = 22;  // Of 32 days in seconds.
  const std::int64_t known = month_.load(std::memory_order_relaxed);
  const std::int64_t start = known >> length_bits;
  const std::int64_t since_start = now_ms / 1000 - start;
  if (since_start >= 0 && since_start < (known & ((1 << length_bits) - 1))) return start * 1000;
  const std::int64_t start_ms = start_of_month_(now_ms);
  const std::int64_t length_ms = start_of_month_(start_ms + longer_than_a_month_ms) - start_ms;
  month_.store(start_ms / 1000 << length_bits | length_ms / 1000, std::memory_order_relaxed);
  return start_ms;
}

void UniqueIdGenerator::Run::write_next(char* out) noexcept {
  std::uint64_t bits = next_++;
  for (std::size_t i = digits; i > 0; --i) {
    out[i - 1] = hex_digits[bits & 0xFU];
    bits >>= 4;
  }
}

std::string UniqueIdGenerator::next(std::int64_t now_ms) {
  std::string id = prefix_;
  id.resize(length());
  take(1, now_ms).write_next(id.data() + prefix_.size());
  return id;
}

std::string encode_offset_message_id(const HostAddress& store_host, std::int64_t commit_log_offset) {
  std::string id;
  append_hex(id, store_host.ip);
  append_hex(id, static_cast<std::uint32_t>(store_host.port));
  append_hex(id, static_cast<std::uint64_t>(commit_log_offset));
  return id;
}

}  // namespace rocketmq::wire
