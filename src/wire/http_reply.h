#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "rocketmq/error.h"

namespace rocketmq::wire {

/// How to ask an HTTP server for the addresses of name servers; text only, no socket.
struct NameServerQuery {
  std::string host;     ///< To connect to; an IPv6 address without brackets.
  std::string port;     ///< Decimal.
  std::string request;  ///< The whole GET request.
  std::string url;      ///< For messages.
};

/// Makes the query of a domain: a bare `domain` means `http://domain:8080/rocketmq/nsaddr`, `host:port` means
/// `http://host:port/rocketmq/nsaddr`, a full `http://` URL is taken as it is. A unit name is appended as
/// `-unit?nofix=1`. Fails with invalid_address (no host, bad port, another scheme, blanks or control
/// characters). Source: MixAll.getWSAddr, DefaultTopAddressing.
[[nodiscard]] Failure make_name_server_query(std::string_view domain, std::string_view unit_name,
                                             NameServerQuery& out);

/// More bytes than this in a reply are refused.
inline constexpr std::size_t max_http_reply_bytes = std::size_t{64} * 1024;

struct HttpReply {
  int status = 0;
  std::string body;
};

/// Whether `bytes` hold a whole reply already, by its own Content-Length or chunks. A reply without either
/// ends with the connection; then this stays false. Also true for what can never become a reply, so that
/// no more of it is waited for.
[[nodiscard]] bool http_reply_complete(std::string_view bytes);

/// Reads a reply of HTTP/1.0 or 1.1, body by Content-Length, by chunks, or up to the end. Errors: truncated,
/// bad_header, too_large.
[[nodiscard]] Errc parse_http_reply(std::string_view bytes, HttpReply& out);

/// Reads the answer to a query: only status 200 counts; the first line of the body, trimmed, is a list of
/// addresses. Failures name `url` and what was wrong.
[[nodiscard]] Failure parse_name_server_reply(std::string_view bytes, std::string_view url,
                                              std::vector<Address>& out);

}  // namespace rocketmq::wire
