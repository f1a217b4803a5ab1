#include "client/consumer/stray_reset.h"

#include <chrono>

#include "client/consumer/pull_result.h"
#include "client/core/topic_route.h"
#include "wire/reset_offset.h"

namespace rocketmq::client {

void pass_on_reset(const ConsumerContext& context, const MessageQueue& queue, std::int64_t offset,
                   const PullAnswer& answer) {
  constexpr std::chrono::milliseconds timeout{5000};
  const bool broadcasting = context.retry_topic.empty();
  if (answer.transport.failed() || broadcasting || answer.broker_id != master_id) return;
  const PullResult result = read_pull_answer(answer, offset, false);
  const std::int64_t next = result.outcome.next_begin;
  // An offset that the queue does not have is answered in the same way; that is no move.
  if (result.outcome.kind != PullOutcome::Kind::offset_moved || !result.has_bounds || next == offset ||
      offset < result.min_offset || offset > result.max_offset) {
    return;
  }
  context.core->log(LogLevel::info, "consumer of group '" + context.group + "' has let " + to_string(queue) +
                                        " go and passes on that it was moved to offset " +
                                        std::to_string(next));
  const auto request = wire::ResetOffsetRequest::of_queue(context.group, queue, next);
  context.core->request(answer.address, request.to_broker_command(), nullptr, timeout,
                        [core = context.core, at = answer.address, what = "moving " + to_string(queue)](
                            const Failure& transport, const wire::ReceivedCommand& reply) {
                          const Failure failure = failure_of(transport, reply, at, what);
                          if (failure.failed()) core->log(LogLevel::warning, to_string(failure));
                        });
}

}  // namespace rocketmq::client
