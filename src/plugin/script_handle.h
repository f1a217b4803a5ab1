#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// A kind of resources that scripts hold.
struct HandleKind {
  std::string_view prefix;    ///< How its descriptions begin.
  std::string_view argument;  ///< How functions call the argument, e.g. "producer".
  std::string_view maker;     ///< The function that makes them.
};

/// The server calls `close` with the resource when its last reference goes.
using CloseHandle = void (*)(Heap* heap, std::vector<ConstantSP>& arguments);

/// A resource that carries a number.
[[nodiscard]] ConstantSP make_handle(Heap* heap, long long number, const std::string& description,
                                     const char* closer_name, CloseHandle close);

/// The description of what a script gave. Throws ArgumentError if it is no resource of this kind.
[[nodiscard]] std::string description_of(const ConstantSP& handle, const HandleKind& kind);

/// Logs the exception that is being handled.
void log_failed_close(std::string_view subject) noexcept;

/// Runs `close` in the middle of freeing variables, which no exception may leave.
template <class Close>
void close_quietly(std::string_view subject, Close&& close) noexcept {
  try {
    close();
  } catch (...) {
    log_failed_close(subject);
  }
}

}  // namespace rocketmq::plugin
