#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

#include "rocketmq/bytes.h"
#include "rocketmq/log.h"
#include "wire/command.h"

namespace rocketmq::transport {

class HostLookup;
class TlsContext;

/// How a RemotingClient makes and keeps its connections.
struct RemotingOptions {
  /// Host look-up, TCP connect and TLS handshake together.
  std::chrono::milliseconds connect_timeout{3000};
  std::chrono::milliseconds reconnect_first{50};  ///< First pause after a failed connect.
  std::chrono::milliseconds reconnect_cap{500};   ///< Longest pause between connects.
  std::size_t max_pending_requests = 65'536;      ///< Per connection; beyond it: too_many_requests.
  std::size_t max_pending_bytes = 256U << 20;     ///< Bytes that wait to be written, per connection.
  /// A connection with pending requests that receives no byte for this time is half-dead and closed. Must be
  /// longer than a long poll is held (15 s to 20 s).
  std::chrono::milliseconds silence_limit{40'000};
  std::chrono::milliseconds idle_limit{120'000};  ///< An unused connection is closed after this time.
  wire::SerializeType serialize_type = wire::SerializeType::json;
  /// Adds the fields of access control to a request; called for every request, within request().
  std::function<void(wire::Command& command, ByteView body)> sign;
  /// Encrypts all connections. Null: none is encrypted.
  std::shared_ptr<TlsContext> tls;
  /// Looks up host names. Null: the system's resolver does.
  std::shared_ptr<HostLookup> host_lookup;
  LogSink log;
};

}  // namespace rocketmq::transport
