#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "transport/remoting_options.h"
#include "transport/request.h"
#include "transport/server_request.h"
#include "wire/command.h"

namespace rocketmq::transport {

class EventLoop;

/// The connections of one client, one per address, made on first use and again after they broke. To be used
/// on its loop only. Addresses are `host:port` or `[ipv6]:port`.
class RemotingClient {
 public:
  RemotingClient() = default;
  virtual ~RemotingClient() = default;
  RemotingClient(const RemotingClient&) = delete;
  RemotingClient& operator=(const RemotingClient&) = delete;

  /// Sends a request and reports its outcome to `handler`, later.
  ///
  /// `timeout` bounds the time from now to the reply, connecting included; connecting is bounded by
  /// connect_timeout as well. While the address is in its pause after a failed connect, the request fails at
  /// once with that connect's failure, so that the caller can try another broker. An address whose
  /// connections break again and again soon after they were made is in such a pause as well.
  /// Failures: invalid_address, resolve_failed, connect_failed, connect_timeout, tls_failed,
  /// connection_closed, request_timeout, frame_too_large, too_many_requests, message_too_large, closed. A
  /// failure other than connection_closed, request_timeout, frame_too_large and closed means that nothing
  /// reached the server.
  ///
  /// A server that sends bytes that are not a frame is disconnected: connection_closed, and the text says
  /// what was wrong. An answer above the limit of a frame is not a reason for that: its body is passed over,
  /// and its request alone fails with frame_too_large. A server that answers GO_AWAY (1500) is asked once
  /// more over a new connection; a second such answer is given to the handler.
  virtual void request(const std::string& address, wire::Command command, RequestBody body,
                       std::chrono::milliseconds timeout, ReplyHandler handler) = 0;

  /// Sends a request that has no reply. Failures are logged, no more.
  virtual void send_one_way(const std::string& address, wire::Command command, RequestBody body) = 0;

  /// Closes the connection to an address that is in no route any more; pending requests fail with
  /// connection_closed.
  virtual void forget(const std::string& address) = 0;

  /// Fails everything that is pending with `closed`, later; closes every connection and refuses further
  /// requests. Idempotent.
  virtual void close() = 0;

  /// To be set before the first request.
  void set_request_handler(RequestHandler handler) { request_handler_ = std::move(handler); }

  /// Called with the address whenever an established connection is lost, or given up because the server
  /// said GO_AWAY; not for those that forget(), close() or idleness closed. To be set before the first
  /// request.
  void set_disconnect_handler(std::function<void(const std::string& address)> handler) {
    disconnect_handler_ = std::move(handler);
  }

 protected:
  RequestHandler request_handler_;
  std::function<void(const std::string& address)> disconnect_handler_;
};

/// One that has real connections. `loop` must outlive it.
[[nodiscard]] std::shared_ptr<RemotingClient> make_remoting_client(EventLoop& loop, RemotingOptions options);

}  // namespace rocketmq::transport
