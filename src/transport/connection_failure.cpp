#include "transport/connection_failure.h"

#include "wire/frame.h"

namespace rocketmq::transport {
namespace {

std::string in_ms(std::chrono::milliseconds time) {
  return std::to_string(time.count()) + " ms";
}

}  // namespace

Failure ended_failure(const std::string& address, const std::string& reason, bool heard, bool encrypted) {
  const std::string what =
      address + (reason.empty() ? " closed the connection" : " broke the connection (" + reason + ")");
  // That is how a RocketMQ server that demands TLS ends a plain connection.
  if (!heard && !encrypted) {
    return {Errc::connection_closed,
            what +
                " without a word; the server may demand TLS (then set useTLS), have stopped, or refuse this "
                "client",
            std::nullopt};
  }
  return {Errc::connection_closed, what + "; the server may have stopped or refused this client",
          std::nullopt};
}

Failure write_failure(const std::string& address, const std::string& reason) {
  return {
      Errc::connection_closed,
      "the connection to " + address + " broke while writing (" + reason + "); the server may have stopped",
      std::nullopt};
}

Failure frame_failure(const std::string& address, Errc problem) {
  return {Errc::connection_closed,
          "closed the connection to " + address + ": what it sent is not a RocketMQ frame (" +
              describe(problem) + "); check that the address is a RocketMQ server's",
          std::nullopt};
}

Failure silence_failure(const std::string& address, std::chrono::milliseconds limit) {
  return {Errc::connection_closed,
          "closed the connection to " + address + ": not a byte came for " + in_ms(limit) +
              " although a reply is due; the server or the network hangs",
          std::nullopt};
}

Failure large_reply_failure(const std::string& address, const Request& request, std::size_t bytes) {
  return {Errc::frame_too_large,
          address + " answered request " + std::to_string(request.code) + " with " + std::to_string(bytes) +
              " bytes; a frame has at most " + std::to_string(wire::max_frame_bytes),
          std::nullopt};
}

Failure timeout_failure(const std::string& address, const Request& request, bool connected) {
  if (!connected) {
    return {Errc::connect_timeout,
            "cannot connect to " + address + " within " + in_ms(request.timeout) +
                "; check the address and that the server runs",
            std::nullopt};
  }
  return {Errc::request_timeout,
          "no reply from " + address + " within " + in_ms(request.timeout) + " to request " +
              std::to_string(request.code) + "; the server may be overloaded or gone",
          std::nullopt};
}

}  // namespace rocketmq::transport
