#include "client/producer/send_retry.h"

#include <algorithm>
#include <array>

#include "client/core/access_refusal.h"
#include "wire/response_code.h"

namespace rocketmq::client {
namespace {

using wire::ResponseCode;

bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) noexcept {
  return std::any_of(words.begin(), words.end(),
                     [text](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

/// A batch above the broker's maxMessageSize makes the store throw, which arrives as SYSTEM_ERROR.
bool is_size_refusal(std::string_view remark) noexcept {
  return contains_any(remark, {"size exceeded", "message size", "body size", "body length"});
}

SendDecision decide_reply(const SendResult& result, int attempt) noexcept {
  SendDecision decision;
  switch (static_cast<ResponseCode>(result.code)) {
    case ResponseCode::success:
    case ResponseCode::flush_disk_timeout:
    case ResponseCode::slave_not_available:
    case ResponseCode::flush_slave_timeout:
      decision.step = SendStep::stored;
      break;
    case ResponseCode::system_busy:
    case ResponseCode::flow_control:
    case ResponseCode::go_away:
    case ResponseCode::service_not_available:
    case ResponseCode::no_buyer_id:
    case ResponseCode::not_in_current_unit:
      decision.step = SendStep::retry_other;
      break;
    case ResponseCode::topic_not_exist:
    case ResponseCode::not_leader_for_queue:
      decision.step = SendStep::retry_other;
      decision.refresh_route = true;
      break;
    case ResponseCode::no_permission:
      if (is_access_refusal(result.code, result.remark)) break;
      decision.step = SendStep::retry_other;
      decision.refresh_route = true;
      break;
    case ResponseCode::system_error:
      if (is_access_refusal(result.code, result.remark)) break;
      if (is_size_refusal(result.remark)) {
        decision.step = result.messages > 1 ? SendStep::split : SendStep::fail;
      } else if (attempt < max_unclear_attempts) {
        decision.step = SendStep::retry_other;
      }
      break;
    case ResponseCode::message_illegal:
      if (result.messages > 1) decision.step = SendStep::split;
      break;
    case ResponseCode::invalid_parameter:
      // The topic has fewer queues by now than our route says.
      if (!contains_any(result.remark, {"queueId"})) break;
      decision.step = SendStep::retry_other;
      decision.refresh_route = true;
      break;
    default:
      break;
  }
  return decision;
}

SendDecision decide_failure(Errc failure, int attempt) noexcept {
  SendDecision decision;
  switch (failure) {
    case Errc::closed:
      decision.possibly_stored = true;  // The client was closed before an answer came.
      break;
    case Errc::invalid_argument:
    case Errc::message_too_large:
      break;
    case Errc::too_many_requests:
      decision.step = SendStep::retry_same;
      break;
    case Errc::invalid_address:
    case Errc::resolve_failed:
    case Errc::connect_failed:
    case Errc::connect_timeout:
      decision.step = SendStep::retry_other;
      decision.refresh_route = true;
      break;
    case Errc::tls_failed:
      // Nothing reached the server. Certificates do not mend themselves within seconds.
      if (attempt < max_unclear_attempts) decision.step = SendStep::retry_other;
      decision.refresh_route = true;
      break;
    case Errc::connection_closed:
    case Errc::request_timeout:
    default:
      // Also a reply that cannot be read: the request itself arrived.
      decision.step = SendStep::retry_other;
      decision.possibly_stored = true;
      decision.refresh_route = true;
      break;
  }
  return decision;
}

}  // namespace

SendDecision decide_send(const SendResult& result, int attempt, int max_attempts) noexcept {
  SendDecision decision =
      result.failure == Errc::ok ? decide_reply(result, attempt) : decide_failure(result.failure, attempt);
  const bool again = decision.step == SendStep::retry_same || decision.step == SendStep::retry_other;
  if (again && attempt >= max_attempts) decision.step = SendStep::fail;
  return decision;
}

SendQueues::Outcome permit_outcome(const SendResult& result) noexcept {
  if (result.failure == Errc::too_many_requests) return SendQueues::Outcome::not_sent;
  if (result.failure != Errc::ok) return SendQueues::Outcome::unanswered;
  const bool busy = result.code == ResponseCode::system_busy || result.code == ResponseCode::flow_control;
  return busy ? SendQueues::Outcome::busy : SendQueues::Outcome::answered;
}

}  // namespace rocketmq::client
