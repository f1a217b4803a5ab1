#include "plugin/message_reading.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "plugin/argument_error.h"
#include "plugin/caller.h"
#include "plugin/plugin_log.h"
#include "plugin/read_table.h"
#include "rocketmq/reader.h"

namespace rocketmq::plugin {

namespace {

/// Without a limit no more is read.
constexpr std::int64_t max_range_messages = 10'000'000;
constexpr std::size_t max_bytes = std::size_t{4} << 30;

std::string in_gib(std::size_t bytes) {
  const std::size_t tenths = bytes / ((std::size_t{1} << 30) / 10);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GiB";
}

[[noreturn]] void refuse_size(const std::string& size) {
  throw ArgumentError(
      "the range holds " + size +
      "; without `limit` at most 10 million messages and 4 GiB are read. Read it in parts, by "
      "begin and end or by `queues`, or give `limit`.");
}

class Reading {
 public:
  Reading(const ReadConfig& config, const IsCancelled& is_cancelled)
      : config_(config),
        is_cancelled_(is_cancelled),
        subject_("readMessages of topic " + config.reader.topic),
        reader_(start(config.reader, is_cancelled)),
        rows_(config.table, reader_->ranges().size(), config.limit || config.by_store_time) {}

  TableSP run() {
    if (!config_.limit) check_size();
    while (!reader_->finished()) {
      const Delivery part = reader_->read(next_look());
      check_cancelled();
      if (part.empty()) continue;
      take(part);
      if (has_enough()) break;
    }
    ReadTable::Options options;
    options.by_time = config_.by_store_time;
    if (config_.limit) options.limit = static_cast<std::size_t>(*config_.limit);
    const ReadTable::Result result = rows_.finish(options);
    tell_left_out(result);
    return result.table;
  }

 private:
  static std::unique_ptr<Reader> start(ReaderConfig config, const IsCancelled& is_cancelled) {
    config.is_cancelled = is_cancelled;
    return Reader::start(std::move(config));
  }

  static std::chrono::steady_clock::time_point next_look() {
    return std::chrono::steady_clock::now() + look_for_cancel;
  }

  void check_cancelled() const {
    if (is_cancelled_()) throw std::runtime_error("cancelled; nothing was changed");
  }

  void check_size() {
    if (reader_->messages() > max_range_messages)
      refuse_size(std::to_string(reader_->messages()) + " messages");
    std::optional<std::size_t> bytes;
    while (!bytes) {
      bytes = reader_->estimated_bytes(next_look());
      check_cancelled();
    }
    if (*bytes > max_bytes) {
      refuse_size("about " + in_gib(*bytes) + " in " + std::to_string(reader_->messages()) + " messages");
    }
  }

  void take(const Delivery& part) {
    const std::string warning = rows_.add(index_of(part[0]), part.messages());
    if (!warning.empty()) write_log(LogLevel::warning, subject_, warning);
    bytes_ += part.bytes();
    // The estimate was of compressed bodies, or of other messages than the most.
    if (!config_.limit && bytes_ > max_bytes) refuse_size("more than 4 GiB of bodies");
  }

  [[nodiscard]] std::size_t index_of(const ReceivedMessage& message) const {
    const std::vector<QueueRange>& ranges = reader_->ranges();
    const auto found = std::find_if(ranges.begin(), ranges.end(), [&message](const QueueRange& range) {
      return range.broker_name == message.broker_name && range.queue_id == message.queue_id;
    });
    return static_cast<std::size_t>(found - ranges.begin());
  }

  /// Whether what comes cannot be among the oldest rows.
  [[nodiscard]] bool has_enough() {
    if (!config_.limit) return false;
    const auto to_come = reader_->oldest_to_come_ms();
    return to_come && rows_.rows_before(*to_come) >= static_cast<std::size_t>(*config_.limit);
  }

  void tell_left_out(const ReadTable::Result& result) const {
    const std::int64_t left_out = reader_->messages() - static_cast<std::int64_t>(result.messages);
    if (!config_.limit || result.table->size() < *config_.limit || left_out == 0) return;
    std::string line = "limit=" + std::to_string(*config_.limit) + ": " + std::to_string(left_out) +
                       " of the range's " + std::to_string(reader_->messages()) + " messages are left out";
    if (config_.reader.sub_expression != "*") line += ", with those that subExpression does not match";
    write_log(LogLevel::info, subject_, line);
  }

  const ReadConfig& config_;
  const IsCancelled& is_cancelled_;
  const std::string subject_;
  std::unique_ptr<Reader> reader_;
  ReadTable rows_;
  std::size_t bytes_ = 0;  // Of the bodies so far.
};

}  // namespace

TableSP read_messages(const ReadConfig& config, const IsCancelled& is_cancelled) {
  return Reading(config, is_cancelled).run();
}

}  // namespace rocketmq::plugin
