#include "wire/message_id.h"

#include <algorithm>
#include <chrono>
#include <ctime>

#include "base/byte_reader.h"

namespace rocketmq::wire {

namespace {

constexpr char hex_digits[] = "0123456789ABCDEF";
constexpr std::int64_t shortest_month_ms = std::int64_t{28} * 24 * 3600 * 1000;

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

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
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
  const std::lock_guard lock(mutex_);
  // Always one more than the last: within a millisecond the counter grows, beyond its 65,536 values the
  // millisecond does.
  const std::int64_t first = std::max(last_ + 1, now_ms * 65'536);
  last_ = first + static_cast<std::int64_t>(count) - 1;
  const std::int64_t ms = first / 65'536;
  if (ms < month_start_ms_ || ms >= month_end_ms_) {
    month_start_ms_ = start_of_month_(ms);
    month_end_ms_ = std::max(month_start_ms_ + shortest_month_ms, ms + 1);
  }
  return Run(static_cast<std::uint64_t>(first - month_start_ms_ * 65'536));
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

Errc decode_offset_message_id(std::string_view text, OffsetMessageId& out) noexcept {
  constexpr std::size_t v4_characters = 32;
  constexpr std::size_t v6_characters = 56;
  if (text.size() != v4_characters && text.size() != v6_characters) return Errc::bad_field;
  std::array<std::uint8_t, v6_characters / 2> bytes{};
  for (std::size_t i = 0; i < text.size() / 2; ++i) {
    const int high = hex_value(text[2 * i]);
    const int low = hex_value(text[2 * i + 1]);
    if (high < 0 || low < 0) return Errc::bad_field;
    bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  ByteReader reader(ByteView(bytes.data(), text.size() / 2));
  OffsetMessageId id;
  id.ip_bytes = text.size() == v4_characters ? 4 : 16;
  ByteView ip;
  if (!reader.read_view(id.ip_bytes, ip) || !reader.read(id.port) || !reader.read(id.commit_log_offset)) {
    return Errc::bad_field;
  }
  std::copy(ip.begin(), ip.end(), id.ip.begin());
  out = id;
  return Errc::ok;
}

}  // namespace rocketmq::wire
