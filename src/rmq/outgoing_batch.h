#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rmq/input.h"
#include "rmq/json_message.h"
#include "rmq/options.h"
#include "rocketmq/producer.h"

namespace rocketmq::rmq {

/// What the lines of a batch become as messages, column by column. What the command line says counts for all
/// messages that do not say it themselves.
class OutgoingBatch {
 public:
  /// Throws UsageError for an option that is wrong.
  OutgoingBatch(const SendOptions& options, bool json);

  /// Throws CommandError that names the line, and then the batch has those before it.
  void set(const std::vector<InputLine>& lines, const std::string& file);

  [[nodiscard]] std::size_t size() const noexcept { return bodies_.size(); }
  /// Of a message.
  [[nodiscard]] std::uint64_t line(std::size_t index) const { return lines_[index]; }

  /// The messages from `first` on that go in one send: all of them have an order key, or none has.
  [[nodiscard]] std::size_t run_end(std::size_t first) const;
  [[nodiscard]] OutgoingMessages messages(std::size_t first, std::size_t end) const;

 private:
  void add_json(const InputLine& line);

  const bool json_;
  const bool skip_empty_;
  JsonMessage common_;
  std::vector<std::string_view> bodies_;
  std::vector<std::uint64_t> lines_;
  // Of JSON, which has more than bodies; the texts are in the messages.
  std::vector<JsonMessage> texts_;
  std::vector<std::string_view> tags_;
  std::vector<std::string_view> keys_;
  std::vector<std::string_view> properties_;
  std::vector<OrderKey> order_keys_;
  std::vector<bool> has_order_key_;
  std::vector<int> delay_levels_;
  std::vector<std::int64_t> deliver_times_ms_;
};

}  // namespace rocketmq::rmq
