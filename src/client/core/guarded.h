#pragma once

#include <exception>

namespace rocketmq::client {

/// Runs `function`; what it throws is told to `note` in words, which must not throw. False where it threw.
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

}  // namespace rocketmq::client
