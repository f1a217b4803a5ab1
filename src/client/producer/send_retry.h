#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/backoff.h"
#include "client/producer/send_queues.h"
#include "rocketmq/errc.h"

namespace rocketmq::client {

/// How one try of a send request ended.
struct SendResult {
  Errc failure = Errc::ok;   ///< What the transport said; ok if a reply came.
  std::int32_t code = 0;     ///< The reply's response code.
  std::string_view remark;   ///< The reply's words.
  std::size_t messages = 1;  ///< In the request.
};

enum class SendStep {
  stored,       ///< Done: the broker has the messages.
  retry_same,   ///< The same queue again, after a pause: this client is busy.
  retry_other,  ///< Another broker's queue at once if there is one, else the same queue after a pause.
  split,        ///< The batch is too large for this broker: send its halves. No try is used up.
  fail,         ///< Final.
};

struct SendDecision {
  SendStep step = SendStep::fail;
  bool possibly_stored = false;  ///< This try may have been stored although no answer says so.
  bool refresh_route = false;    ///< The route proved wrong.
};

/// Decides what follows from the result of try number `attempt` (the first is 1) of `max_attempts`.
/// Pure. Sources: SendMessageProcessor's and RemotingSysResponseCode's codes; DefaultMQProducerImpl's retry
/// set.
///
/// A failure whose meaning is unclear (1 SYSTEM_ERROR) is tried `max_unclear_attempts` times at most, because
/// it mostly stands for something that another try does not mend.
[[nodiscard]] SendDecision decide_send(const SendResult& result, int attempt, int max_attempts) noexcept;

inline constexpr int max_unclear_attempts = 3;

/// Pauses before another try at a broker that refused connections: with the default of five tries they
/// add up to 7 to 9 s, so that the restart of a broker is survived.
inline constexpr Backoff::Options unreachable_pauses{std::chrono::milliseconds{400},
                                                     std::chrono::milliseconds{5000}, 2.5, 0.2};

/// Pauses before another try at a broker that answers but is busy: it sheds load for some 100 ms.
inline constexpr Backoff::Options busy_pauses{std::chrono::milliseconds{50}, std::chrono::milliseconds{2000},
                                              2.5, 0.5};

/// Whether a broker that answered so is alive: decides between busy_pauses and unreachable_pauses.
[[nodiscard]] inline bool broker_answered(const SendResult& result) noexcept {
  return result.failure == Errc::ok || result.failure == Errc::too_many_requests;
}

/// What the result tells about the broker's health and load.
[[nodiscard]] SendQueues::Outcome permit_outcome(const SendResult& result) noexcept;

}  // namespace rocketmq::client
