#pragma once

#include <cstdint>
#include <string>

#include "client/consumer/process_queue.h"
#include "client/consumer/pull_pipeline.h"
#include "rocketmq/bytes.h"
#include "wire/frame.h"

namespace rocketmq::client {

/// What a broker's answer to a pull means.
struct PullResult {
  PullOutcome outcome;
  bool has_segment = false;  ///< Then `segment` is to be cached before the outcome is reported.
  Segment segment;
  /// The offset is before the queue's first message: those in between were deleted, but what was received
  /// stays valid.
  bool deleted = false;
  std::int64_t suggested_broker_id = 0;
  bool topic_missing = false;  ///< The broker says that there is no such topic.
  bool has_bounds = false;     ///< Whether it told the queue's offsets, which are in the next two.
  std::int64_t min_offset = 0;
  std::int64_t max_offset = 0;
  std::int64_t first_found = -1;   ///< The offset of the first message; -1 if there is none.
  std::int64_t store_time_ms = 0;  ///< Of the last message; 0 if there is none.
  std::string problem;             ///< What to log; empty if all is well.
  bool lasting = false;            ///< The problem does not pass by itself.
  std::int64_t given_up = 0;       ///< Messages that are skipped, because they cannot be read.
  std::int64_t span = 0;  ///< Over how many offsets an answer reached that was too large; 0 if not known.
};

/// Reads the answer to a pull at `offset`. `asked_before` says that the answer to the same pull could not be
/// read before: then what cannot be read is skipped, because it would block the queue for ever. `from_slave`:
/// a slave may lack what its master has, the newest messages as well as the oldest, so it neither moves the
/// queue nor skips anything that it does not hold. Pure.
[[nodiscard]] PullResult read_pull_reply(const wire::ReceivedCommand& reply, std::int64_t offset,
                                         bool asked_before, bool from_slave = false);

/// The same for an answer that may not have come, or be a refusal: the problem says what there is to do.
[[nodiscard]] PullResult read_pull_answer(const PullAnswer& answer, std::int64_t offset, bool asked_before);

/// The queue was recreated: it is received from its first message on.
void begin_at_first(PullResult& result);

// What to say of an offset that a broker has moved on its own, of messages that it no longer has, and of one
// that cannot be received because of `problem`.
[[nodiscard]] std::string describe_move(std::int64_t from, std::int64_t to);
[[nodiscard]] std::string describe_gap(std::int64_t from, std::int64_t to);
[[nodiscard]] std::string describe_too_large(std::int64_t offset, const std::string& problem);

}  // namespace rocketmq::client
