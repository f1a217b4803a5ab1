#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "reference/broker_address.h"
#include "rocketmq/bytes.h"

namespace rocketmq::bench {

/// A TCP connection of the reference. Errors and an end of the stream throw std::runtime_error.
class Socket {
 public:
  explicit Socket(const BrokerAddress& broker);
  ~Socket();
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&&) = delete;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

  /// Writes what the kernel takes at once; returns how much that was.
  [[nodiscard]] std::size_t write_some(std::string_view bytes) const;
  /// Reads what is there; 0 where nothing is.
  [[nodiscard]] std::size_t read_some(std::span<std::uint8_t> room) const;

  /// Wait until all is written, or something can be read.
  void write_all(std::string_view bytes) const;
  void wait_readable() const;

 private:
  void wait_for(short events) const;

  int descriptor_;
};

/// How long the reference waits for a broker at most, at any point.
inline constexpr std::chrono::seconds socket_patience{30};

}  // namespace rocketmq::bench
