#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace rocketmq::rows {

/// Where in a body of JSON a parser is. It hears of the tokens that the parser shows, keys, texts and
/// numbers, and finds the others in the body.
class JsonPlace {
 public:
  /// A little more than error texts show, so that they say that something is cut off.
  static constexpr std::size_t shown_bytes = 100;

  void start(std::string_view body, std::size_t begin) {
    body_ = body;
    last_ = begin;
  }

  /// The byte after the last token.
  [[nodiscard]] std::size_t last() const noexcept { return last_; }

  [[nodiscard]] bool within(std::string_view text) const {
    return std::greater_equal<>()(text.data(), body_.data()) &&
           std::less_equal<>()(text.data() + text.size(), body_.data() + body_.size());
  }
  [[nodiscard]] std::size_t byte_of(std::string_view text) const {
    return static_cast<std::size_t>(text.data() - body_.data());
  }

  /// A token that the parser has shown.
  void saw(std::string_view text) {
    if (within(text)) last_ = byte_of(text) + text.size();
  }
  /// A token of `size` bytes that it has not; returns where it begins.
  std::size_t take_hidden(std::size_t size) {
    const std::size_t byte = next();
    last_ = byte + size;
    return byte;
  }

  /// Where the next value begins.
  [[nodiscard]] std::size_t next() const { return value_after(last_); }
  /// The same after another token: after the blanks and marks that follow the token that ends at `from`.
  [[nodiscard]] std::size_t value_after(std::size_t from) const {
    if (from < body_.size() && body_[from] == '"') ++from;  // Of the last token.
    return std::min(body_.find_first_not_of(" \t\r\n:,]}", from), body_.size());
  }
  /// What stands there, if it is no text.
  [[nodiscard]] std::string shown_at(std::size_t byte) const {
    if (byte >= body_.size()) return "nothing";
    if (body_[byte] == '{') return "an object";
    if (body_[byte] == '[') return "an array";
    return std::string(
        body_.substr(byte, std::min(body_.find_first_of(" \t\r\n,]}", byte) - byte, shown_bytes)));
  }

 private:
  std::string_view body_;
  std::size_t last_ = 0;
};

}  // namespace rocketmq::rows
