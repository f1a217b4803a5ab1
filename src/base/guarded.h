#pragma once

#include <exception>
#include <optional>
#include <string>

namespace rocketmq {

/// Runs `function`. If it throws, `note` is told what, in words; `note` must not throw. False if it threw.
template <class Function, class Note>
bool guarded(const Function& function, const Note& note) noexcept {
  try {
    function();
    return true;
  } catch (const std::exception& error) {
    note(error.what());
  } catch (...) {
    note("an unknown exception");
  }
  return false;
}

/// Runs `function` and gives what it throws, in words.
template <class Function>
std::optional<std::string> thrown_by(const Function& function) {
  try {
    function();
    return std::nullopt;
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an unknown exception";
  }
}

}  // namespace rocketmq
