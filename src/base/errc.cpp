#include "rocketmq/errc.h"

#include <string>

namespace rocketmq {

const char* describe(Errc code) noexcept {
  switch (code) {
    case Errc::ok:
      return "no error";
    case Errc::invalid_argument:
      return "an argument or configuration value is out of its range";
    case Errc::invalid_address:
      return "an address is not host:port or [ipv6]:port";
    case Errc::invalid_name:
      return "a topic or group name breaks RocketMQ's rules";
    case Errc::message_too_large:
      return "a message body is larger than maxMessageSize";
    case Errc::empty_message:
      return "a message has no body";
    case Errc::truncated:
      return "the bytes end before the value does";
    case Errc::frame_too_large:
      return "a frame announces more than the allowed size";
    case Errc::bad_frame:
      return "a frame's lengths contradict each other";
    case Errc::bad_serialize_type:
      return "a command header is neither JSON nor binary";
    case Errc::bad_header:
      return "a command header cannot be read";
    case Errc::bad_json:
      return "a JSON text cannot be read";
    case Errc::missing_field:
      return "a reply lacks a field that it must have";
    case Errc::bad_field:
      return "a field of a reply is not a number or is out of its range";
    case Errc::bad_magic:
      return "a stored message has an unknown magic number";
    case Errc::bad_crc:
      return "a stored body's checksum differs";
    case Errc::bad_properties:
      return "message properties cannot be read";
    case Errc::unknown_compression:
      return "a body is compressed by an unknown method";
    case Errc::bad_compression:
      return "a compressed body cannot be decompressed";
    case Errc::too_large:
      return "a list, a nesting or a decompressed body exceeds its limit";
    case Errc::resolve_failed:
      return "a host name has no address";
    case Errc::connect_failed:
      return "the connection was refused or the host is unreachable";
    case Errc::connect_timeout:
      return "no connection within the connect time-out";
    case Errc::tls_failed:
      return "the TLS handshake failed";
    case Errc::connection_closed:
      return "the connection closed before the reply";
    case Errc::request_timeout:
      return "no reply within the request's time-out";
    case Errc::too_many_requests:
      return "too many requests or bytes are pending on the connection";
    case Errc::closed:
      return "the client is closed";
    case Errc::client_failed:
      return "the client broke off its work after an exception inside";
    case Errc::no_name_server:
      return "no name server answered";
    case Errc::topic_not_found:
      return "the topic does not exist";
    case Errc::no_queue:
      return "the topic has no queue that may be used";
    case Errc::server_refused:
      return "the server answered with an error";
    case Errc::send_failed:
      return "not all messages were stored";
    case Errc::deadline_exceeded:
      return "the operation's deadline passed";
    case Errc::cancelled:
      return "it was cancelled";
  }
  return "an unknown error";
}

namespace {

class Category final : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "rocketmq"; }
  [[nodiscard]] std::string message(int value) const override { return describe(static_cast<Errc>(value)); }
};

}  // namespace

const std::error_category& rocketmq_category() noexcept {
  static const Category category;
  return category;
}

std::error_code make_error_code(Errc code) noexcept {
  return {static_cast<int>(code), rocketmq_category()};
}

}  // namespace rocketmq
