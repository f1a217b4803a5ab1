#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "client/consumer/consumer_context.h"
#include "client/consumer/pull_pipeline.h"
#include "client/consumer/pull_result.h"

namespace rocketmq::client {

/// Where a queue ends at its master, so that a consumer can tell how far it is behind. Replies to pulls tell
/// it; while there is no room for more, none come, and it is asked for now and then. All functions: loop.
class QueueEnd : public std::enable_shared_from_this<QueueEnd> {
 public:
  /// How old what is known may become while nothing is received.
  static constexpr std::chrono::seconds interval{5};

  QueueEnd(ConsumerContext& context, MessageQueue queue) : context_(context), queue_(std::move(queue)) {}

  /// The answer to a pull, if it has come.
  void hear(const PullAnswer& answer, const PullResult& result);
  /// Asks the master, if nothing was heard for an interval.
  void look();

  /// One past the last message; empty if it is not known yet.
  [[nodiscard]] std::optional<std::int64_t> offset() const noexcept { return offset_; }
  /// Since the epoch; 0 if there was none.
  [[nodiscard]] std::int64_t last_reply_ms() const noexcept { return last_reply_ms_; }

 private:
  void on_reply();

  ConsumerContext& context_;
  const MessageQueue queue_;
  std::optional<std::int64_t> offset_;
  std::int64_t last_reply_ms_ = 0;
  std::chrono::steady_clock::time_point heard_{};
  bool asking_ = false;
  bool refused_ = false;  // By a server that does not tell; replies to pulls do.
};

}  // namespace rocketmq::client
