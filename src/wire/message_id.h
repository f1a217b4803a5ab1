#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "rocketmq/bytes.h"
#include "wire/host_address.h"

namespace rocketmq::wire {

/// Milliseconds since the epoch at which the local month of `now_ms` begins.
[[nodiscard]] std::int64_t local_start_of_month_ms(std::int64_t now_ms);

/// Makes UNIQ_KEYs: upper-case hex of ip (4 or 16 bytes) | pid u16 | hash u32 | milliseconds since the start
/// of the month u32 | counter u16. Tools read the sender's address and the time out of them.
/// Source: MessageClientIDSetter.
///
/// Thread-safe: the threads that send share one. Ids of one generator never repeat: if a millisecond's 65,536
/// ids are used up, or the clock is set back, the following milliseconds are used.
class UniqueIdGenerator {
 public:
  struct Identity {
    Bytes ip;                ///< 4 or 16 bytes; of another length: taken as 4 zeros.
    std::uint16_t pid = 0;   ///< The low bits of the process id.
    std::uint32_t hash = 0;  ///< Random: tells generators of one process apart.
  };
  using StartOfMonth = std::int64_t (*)(std::int64_t now_ms);

  explicit UniqueIdGenerator(const Identity& identity,
                             StartOfMonth start_of_month = &local_start_of_month_ms);

  /// Ids that nobody else gets. The first part of each is the generator's prefix().
  class Run {
   public:
    static constexpr std::size_t digits = 12;
    /// Writes the rest of the next id; to be called as often as there are ids.
    void write_next(char* out) noexcept;

   private:
    friend class UniqueIdGenerator;
    explicit Run(std::uint64_t next) noexcept : next_(next) {}
    std::uint64_t next_;  // Milliseconds since the start of the month << 16 | counter.
  };

  /// Takes `count` ids at once. `now_ms` is the time in milliseconds since the epoch.
  [[nodiscard]] Run take(std::size_t count, std::int64_t now_ms);
  [[nodiscard]] std::string next(std::int64_t now_ms);

  [[nodiscard]] const std::string& prefix() const noexcept { return prefix_; }
  /// Characters of an id: 32, or 56 with an IPv6 address.
  [[nodiscard]] std::size_t length() const noexcept { return prefix_.size() + Run::digits; }

 private:
  [[nodiscard]] std::int64_t month_start_ms(std::int64_t now_ms);

  const std::string prefix_;
  const StartOfMonth start_of_month_;
  std::atomic<std::int64_t> last_ = 0;   // The last id's milliseconds << 16 | counter.
  std::atomic<std::int64_t> month_ = 0;  // When the month began and how long it is, in seconds.
};

/// Upper-case hex of storeHost's ip | port i32 | commit-log offset i64: 32 or 56 characters.
[[nodiscard]] std::string encode_offset_message_id(const HostAddress& store_host,
                                                   std::int64_t commit_log_offset);

}  // namespace rocketmq::wire
