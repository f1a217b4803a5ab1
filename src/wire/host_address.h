#pragma once

#include <cstdint>
#include <string>

#include "rocketmq/bytes.h"

namespace rocketmq::wire {

/// A host as stored messages carry it: 4 or 16 address bytes and a port.
struct HostAddress {
  ByteView ip;            ///< A view; 4 or 16 bytes, or empty if nothing was read.
  std::int32_t port = 0;  ///< 32 bits on the wire.
};

/// `1.2.3.4:80` or `[::1]:80`; empty for an empty address.
[[nodiscard]] std::string to_string(const HostAddress& host);

/// The address alone as Java's InetAddress writes it: `1.2.3.4`, or `0:0:0:0:0:0:0:1` without an
/// abbreviation. An IPv4 address that is mapped into IPv6 is written as IPv4. Empty unless there are 4 or 16
/// bytes.
[[nodiscard]] std::string java_ip_text(ByteView ip);

}  // namespace rocketmq::wire
