#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rocketmq::rmq {

enum class ColorChoice { automatic, always, never };

/// The standard output: buffered, and checked. For one thread.
class Output {
 public:
  explicit Output(ColorChoice choice);

  /// What is appended here is written by written() and flush().
  [[nodiscard]] std::string& text() noexcept { return text_; }
  /// To be called after each record: writes when there is enough.
  void written() {
    if (text_.size() >= flush_bytes) flush();
  }
  /// Throws CommandError if it cannot be written. A reader that has gone ends the process, as SIGPIPE does.
  void flush();

  [[nodiscard]] bool is_terminal() const noexcept { return terminal_; }

  // Empty without colours.
  [[nodiscard]] std::string_view bold() const noexcept { return colors_ ? "\x1b[1m" : ""; }
  [[nodiscard]] std::string_view yellow() const noexcept { return colors_ ? "\x1b[33m" : ""; }
  [[nodiscard]] std::string_view dim() const noexcept { return colors_ ? "\x1b[2m" : ""; }
  [[nodiscard]] std::string_view plain() const noexcept { return colors_ ? "\x1b[0m" : ""; }

 private:
  static constexpr std::size_t flush_bytes = std::size_t{128} * 1024;

  std::string text_;
  bool terminal_;
  bool colors_;
};

}  // namespace rocketmq::rmq
