#pragma once

#include <exception>
#include <string>

#include "plugin/argument_error.h"
#include "plugin/plugin_log.h"
#include "plugin/sdk.h"
#include "rocketmq/error.h"

namespace rocketmq::plugin {

/// Name and usage of a script function, for its error messages.
struct Usage {
  const char* function;
  const char* syntax;
};

[[noreturn]] inline void throw_argument_error(const Usage& usage, const std::string& text) {
  throw IllegalArgumentException(usage.function,
                                 std::string(message_prefix) + "Usage: " + usage.syntax + ". " + text);
}

/// Runs the body of an entry and turns whatever it throws into the server's exceptions: nothing else may
/// leave a plugin function. Errors in what the script gave start with the usage.
template <class Body>
auto guarded(const Usage& usage, Body&& body) -> decltype(body()) {
  const std::string prefix = std::string(message_prefix) + usage.function + ": ";
  try {
    return body();
  } catch (const ArgumentError& error) {
    throw_argument_error(usage, error.what());
  } catch (const Error& error) {
    switch (error.code()) {
      case Errc::invalid_argument:
      case Errc::invalid_address:
      case Errc::invalid_name:
      case Errc::empty_message:
      case Errc::message_too_large:
        throw_argument_error(usage, error.what());
      default:
        throw RuntimeException(prefix + error.what());
    }
  } catch (const std::exception& error) {
    throw RuntimeException(prefix + error.what());
  } catch (...) {
    throw RuntimeException(prefix + "an unknown error");
  }
}

}  // namespace rocketmq::plugin
