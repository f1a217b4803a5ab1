#pragma once

#include <asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/error.h"
#include "base/log.h"
#include "transport/host_lookup.h"
#include "transport/request.h"
#include "wire/command.h"
#include "wire/frame.h"

namespace rocketmq::transport {

class TlsContext;

/// What we answer to a request that a server sent us.
struct Answer {
  wire::Command header;  ///< code, remark and ext fields; opaque and flags are filled in by the transport.
  RequestBody body;
};

/// Sends an answer to one request of a server; may be called later and from any thread, at most once.
using Responder = std::function<void(Answer answer)>;

/// Handles requests that servers send us. Called on an I/O thread; must not block. `respond` is empty
/// for one-way requests. Where no handler is set, REQUEST_CODE_NOT_SUPPORTED (3) is answered.
using RequestHandler =
    std::function<void(const std::string& address, wire::ReceivedCommand&& request, Responder respond)>;

struct DirectoryOptions {
  /// Host look-up, TCP connect and TLS handshake together.
  std::chrono::milliseconds connect_timeout{3000};
  std::chrono::milliseconds reconnect_first{50};  ///< First pause after a failed connect.
  std::chrono::milliseconds reconnect_cap{500};   ///< Longest pause between connects.
  std::size_t max_pending_requests = 65'536;      ///< A connection; beyond it: too_many_requests.
  std::size_t max_pending_bytes = 256U << 20;     ///< Bytes queued for writing on a connection.
  /// A connection with requests pending and not a byte received for so long is taken for half-dead and
  /// closed. Must be longer than a long poll is held (15 s to 20 s).
  std::chrono::milliseconds silence_limit{40'000};
  std::chrono::milliseconds idle_limit{120'000};  ///< An unused connection is closed after it.
  /// Who asks on an I/O thread writes at once instead of soon after, together with what else is asked for by
  /// then: quicker where one request follows another, dearer where there are many at a time.
  bool write_at_once = false;
  wire::SerializeType serialize_type = wire::SerializeType::json;
  /// Adds the fields of access control to a request; called for every request, on the caller's thread.
  std::function<void(wire::Command& command, ByteView body)> sign;
  /// Encrypts all connections; null: none is encrypted.
  std::shared_ptr<TlsContext> tls;
  /// Who looks up host names; null for the system's resolver.
  std::shared_ptr<HostLookup> host_lookup;
  LogSink log;
};

/// The connections of one client, one an address, made on first use and again after they broke.
///
/// Thread-safe. The io_context must be run by its owner's threads until `close()` has been called and the
/// context has run dry. Addresses are `host:port` or `[ipv6]:port`.
class Directory {
 public:
  Directory(asio::io_context& context, DirectoryOptions options);
  ~Directory();
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  /// Sends a request and reports its outcome to `handler`.
  ///
  /// `timeout` bounds the time from now to the reply, connecting included; connecting is bounded by
  /// connect_timeout as well. While the address is in its pause after a failed connect, the request fails at
  /// once with that connect's failure, so that the caller can try another broker.
  /// Failures: invalid_address, resolve_failed, connect_failed, connect_timeout, tls_failed,
  /// connection_closed, request_timeout, frame_too_large, too_many_requests, message_too_large, closed. A
  /// failure other than connection_closed, request_timeout, frame_too_large and closed means that nothing
  /// reached the server. A server that sends bytes which are no frame is disconnected: connection_closed, and
  /// the text says what was wrong. An answer above the limit of a frame is no reason for that: its body is
  /// passed over, and its request alone fails with frame_too_large. A server that answers GO_AWAY (1500) is
  /// asked once more over a new connection; a second such answer is given to the handler.
  ///
  /// A server whose connections break again and again soon after they were made is in a pause as well, as
  /// after a failed connect.
  void request(const std::string& address, wire::Command command, RequestBody body,
               std::chrono::milliseconds timeout, ReplyHandler handler);

  /// Sends a request that has no reply. Failures are logged, no more.
  void send_one_way(const std::string& address, wire::Command command, RequestBody body);

  /// To be set before the first request.
  void set_request_handler(RequestHandler handler);

  /// Called with the address whenever an established connection is lost, or given up because the server
  /// said GO_AWAY; not for those that forget(), close() or idleness closed. On an I/O thread; must not block.
  /// To be set before the first request.
  void set_disconnect_handler(std::function<void(const std::string& address)> handler);

  /// Closes the connection to an address that is no longer in any route; pending requests fail with
  /// connection_closed.
  void forget(const std::string& address);

  /// Fails everything that is pending with `closed`, closes every connection and refuses further
  /// requests. Idempotent, from any thread; returns at once.
  void close();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace rocketmq::transport
