#pragma once

#include <charconv>
#include <string_view>
#include <system_error>

namespace rocketmq::wire {

/// Reads a number that fills the whole text. `out` is untouched if there is none, or one outside of its
/// range.
template <class Number, class... Base>
[[nodiscard]] bool read_number(std::string_view text, Number& out, Base... base) noexcept {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number, base...);
  if (error != std::errc() || stopped != end) return false;
  out = number;
  return true;
}

}  // namespace rocketmq::wire
