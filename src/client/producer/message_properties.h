#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rocketmq/producer.h"

namespace rocketmq::client {

/// The properties that a send gives its messages: those that all share, encoded once, and those that each
/// message has for itself. The UNIQ_KEY is the encoder's. What the columns show must live as long.
class MessageProperties {
 public:
  /// Throws Error invalid_argument: a column of another length; a value that cannot be a property; more bytes
  /// than a message's properties may have; a delay level and a time for one message. It names the message.
  /// `reserved_bytes` is what the encoder adds to each message.
  MessageProperties(const OutgoingMessages& messages, std::size_t reserved_bytes);

  [[nodiscard]] const std::string& shared() const noexcept { return shared_; }
  /// How many bytes append_own adds to each message; empty if no message has any.
  [[nodiscard]] std::span<const std::uint16_t> own_bytes() const noexcept { return own_bytes_; }
  void append_own(std::string& out, std::size_t message) const;

  /// 1 for each message that must not be in a batch; empty if all may be.
  [[nodiscard]] std::span<const std::uint8_t> alone() const noexcept { return alone_; }
  [[nodiscard]] bool all_alone() const noexcept { return all_alone_; }
  [[nodiscard]] bool needs_timers() const noexcept { return needs_timers_; }

 private:
  /// A column with a value a message; one of the spans has it.
  struct Column {
    std::string_view label;  // In errors.
    std::string_view name;   // Empty: the texts are encoded properties.
    std::span<const std::string_view> texts{};
    std::span<const OrderKey> order_keys{};
    std::span<const int> levels{};
    std::span<const std::int64_t> times{};

    [[nodiscard]] std::size_t size() const noexcept {
      return texts.size() + order_keys.size() + levels.size() + times.size();
    }
  };
  using Digits = std::array<char, 24>;

  void add(const Column& column);
  void measure();
  void find_alone();
  [[nodiscard]] static std::string_view value_of(const Column& column, std::size_t index, Digits& digits);
  static void check(const Column& column, std::size_t index, std::string_view value);

  const OutgoingMessages messages_;
  const std::size_t reserved_bytes_;
  std::string shared_;
  std::vector<Column> own_;
  std::vector<std::uint16_t> own_bytes_;
  std::vector<std::uint8_t> alone_;
  bool all_alone_ = false;
  bool needs_timers_ = false;
};

}  // namespace rocketmq::client
