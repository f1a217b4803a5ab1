#pragma once

#include <system_error>

namespace rocketmq {

/// All errors on the client's side.
/// For errors that a server answered see ServerReply in "rocketmq/error.h".
enum class Errc : int {
  ok = 0,

  // Wrong arguments of the caller.
  invalid_argument,   ///< An argument or a configuration value is out of its range.
  invalid_address,    ///< An address is not `host:port` or `[ipv6]:port`.
  invalid_name,       ///< A topic or group name breaks RocketMQ's rules.
  message_too_large,  ///< A body is larger than maxMessageSize.
  empty_message,      ///< RocketMQ stores no message without a body.

  // Unreadable data from the network.
  truncated,            ///< The bytes end before the value does.
  frame_too_large,      ///< A frame's announced size is above the limit.
  bad_frame,            ///< A frame's lengths contradict each other.
  bad_serialize_type,   ///< A header is neither JSON (0) nor binary (1).
  bad_header,           ///< A command header cannot be read.
  bad_json,             ///< A JSON text cannot be read.
  missing_field,        ///< A reply lacks a required field.
  bad_field,            ///< A field is not a number, or out of its range.
  bad_magic,            ///< A stored message has an unknown magic number.
  bad_crc,              ///< A stored body's checksum differs.
  bad_properties,       ///< Message properties are not `name 0x01 value 0x02` pairs.
  unknown_compression,  ///< A body is compressed by an unknown method.
  bad_compression,      ///< A compressed body cannot be decompressed.
  too_large,            ///< A list, a nesting or a decompressed body exceeds its limit.

  // Connections.
  resolve_failed,     ///< A host name has no address.
  connect_failed,     ///< A connection was refused or the host is unreachable.
  connect_timeout,    ///< No connection within the connect time-out.
  tls_failed,         ///< The TLS handshake failed: certificates, or no TLS at the other end.
  connection_closed,  ///< The peer closed, or the connection broke, before the reply.
  request_timeout,    ///< No reply within the request's time-out.
  too_many_requests,  ///< The bounded table of pending requests or bytes is full.
  closed,             ///< The client was closed.
  client_failed,      ///< The client stopped after an exception inside, usually because memory ran out.

  // Client logic.
  no_name_server,     ///< No name server answered.
  topic_not_found,    ///< The name server has no route of the topic, and the topic may not be created.
  no_queue,           ///< The topic has no writable (or readable) queue.
  server_refused,     ///< A server answered with an error; see ServerReply.
  send_failed,        ///< Some messages of a send were not stored; see SendError.
  deadline_exceeded,  ///< An operation's own deadline passed.
  cancelled,          ///< The caller cancelled it; see IsCancelled.
};

/// The category behind `make_error_code(Errc)`; its messages are short English phrases.
[[nodiscard]] const std::error_category& rocketmq_category() noexcept;
[[nodiscard]] std::error_code make_error_code(Errc code) noexcept;

/// The short English phrase of a code, e.g. "no reply within the request's time-out".
[[nodiscard]] const char* describe(Errc code) noexcept;

}  // namespace rocketmq

template <>
struct std::is_error_code_enum<rocketmq::Errc> : std::true_type {};
