// What follows from each answer to a pull: parts of PullLoop.

#include <algorithm>
#include <utility>

#include "client/consumer/offset_query.h"
#include "client/consumer/pull_loop.h"
#include "client/consumer/pull_reply.h"
#include "client/core/access_refusal.h"
#include "client/core/route_table.h"
#include "wire/pull.h"
#include "wire/response_code.h"

namespace rocketmq::client {

namespace {

std::string describe_move(std::int64_t from, std::int64_t to) {
  return "from offset " + std::to_string(from) + " to " + std::to_string(to);
}

// Deleted by age, lost with a disk, or compacted away: the queue tells nothing of it.
std::string describe_gap(std::int64_t from, std::int64_t to) {
  return "goes on " + describe_move(from, to) + ": the broker no longer has the messages in between";
}

bool is_refusal(PullOutcome::Kind kind) {
  using Kind = PullOutcome::Kind;
  return kind == Kind::refused || kind == Kind::moved_away || kind == Kind::not_subscribed;
}

/// What somebody has to do where a pull is refused with this code; empty where that may pass by itself.
const char* remedy_for(std::int32_t code) {
  using wire::ResponseCode;
  if (code == ResponseCode::no_permission) {
    return "; allow the topic to be read (mqadmin updateTopicPerm -p 6) and the group to consume (mqadmin "
           "updateSubGroup -s true)";
  }
  if (code == ResponseCode::subscription_group_not_exist)
    return "; create the group (mqadmin updateSubGroup)";
  if (code == ResponseCode::subscription_parse_failed) return "; correct subExpression";
  return "";
}

}  // namespace

void PullLoop::on_answer(std::uint64_t ticket, std::int64_t offset, const PullAnswer& answer) {
  // A late answer must not touch what was asked for ahead since: the queue may be waiting for that.
  if (!puller_.awaits(ticket)) return;
  if (answer.transport.code == Errc::closed) return;
  PullVerdict verdict;
  const bool from_slave = answer.broker_id != master_id;
  if (answer.transport.code == Errc::frame_too_large) {
    verdict = judge_too_large(offset, answer);
  } else if (answer.transport.failed()) {
    verdict = judge_failure(answer);
  } else {
    verdict = judge_pull_reply(answer.reply, offset, unreadable_at_ == offset, from_slave);
    if (from_slave) verdict.topic_missing = false;  // It may be too young for the slave.
    if (is_refusal(verdict.outcome.kind) && verdict.problem.empty()) {
      const Failure failure = failure_of(answer.transport, answer.reply, answer.address, "a pull");
      const bool access = is_access_refusal(failure);
      const std::string remedy = access ? "" : remedy_for(answer.reply.header.code);
      verdict.problem = to_string(failure) + remedy;
      verdict.lasting = access || !remedy.empty();
    }
  }
  const auto now = std::chrono::steady_clock::now();
  // Its master suggests it again and again all the same.
  if (from_slave && answer.transport.code != Errc::frame_too_large && is_refusal(verdict.outcome.kind))
    slave_from_ = now + slave_pause;
  const std::int64_t suggested = now < slave_from_ ? master_id : verdict.suggested_broker_id;
  if (broker_id_ != suggested) forget_ahead();
  broker_id_ = suggested;
  verdict.outcome.took = answer.took;
  take_verdict(ticket, offset, std::move(verdict));
}

PullVerdict PullLoop::judge_failure(const PullAnswer& answer) {
  if (answer.transport.code == Errc::request_timeout) {
    if (ahead_.expected_messages() > 0)
      forbid_ahead(answer.address + " did not answer all of several pulls in time");
    (void)size_.shrink(0);  // The line may be too slow for such an answer.
  }
  PullVerdict verdict;
  verdict.outcome.kind = PullOutcome::Kind::moved_away;
  verdict.problem = to_string(answer.transport);
  return verdict;
}

PullVerdict PullLoop::judge_too_large(std::int64_t offset, const PullAnswer& answer) {
  PullVerdict verdict;
  verdict.suggested_broker_id = broker_id_;
  wire::PullMessageReply fields;
  const bool known = wire::PullMessageReply::decode(answer.reply.header, fields) == Errc::ok;
  if (size_.shrink(known ? fields.next_begin_offset - offset : 0)) {
    verdict.problem = to_string(answer.transport) + "; from now on it is asked for " +
                      std::to_string(size_.messages()) + " messages at a time";
    return verdict;
  }
  verdict.outcome.kind = PullOutcome::Kind::too_large;
  verdict.lasting = true;
  verdict.problem = "the message at offset " + std::to_string(offset) +
                    " cannot be received: " + to_string(answer.transport) +
                    ". It holds up its queue until it is gone, or until the "
                    "group is moved past it (mqadmin resetOffsetByTime, or skipAccumulatedMessage where all "
                    "may be skipped). Keep such messages out with maxMessageSize at the brokers";
  return verdict;
}

void PullLoop::take_verdict(std::uint64_t ticket, std::int64_t offset, PullVerdict verdict) {
  if (!puller_.awaits(ticket)) return;
  renewal_.topic_vanished = renewal_.topic_vanished || verdict.topic_missing;
  if (verdict.has_bounds && renewal_.is_suspected(offset, verdict.min_offset, verdict.max_offset)) {
    find_out_whether_renewed(ticket, offset, std::move(verdict));
  } else {
    renewal_.topic_vanished = renewal_.topic_vanished && !verdict.has_bounds;
    apply_verdict(ticket, offset, std::move(verdict));
  }
}

// Until that is known, the pull counts as being under way.
void PullLoop::find_out_whether_renewed(std::uint64_t ticket, std::int64_t offset, PullVerdict verdict) {
  const RoutePtr route = context_.core->routes().cached(queue_->queue.topic);
  const std::string* master =
      route == nullptr ? nullptr : route->master_address(route->holder(queue_->queue));
  if (master == nullptr) {
    take_first_time(ticket, offset, std::move(verdict),
                    {Errc::connect_failed, "no master of its broker is known", std::nullopt}, std::nullopt);
    return;
  }
  query_earliest_store_time(*context_.core, *master, queue_->queue,
                            [weak = weak_from_this(), ticket, offset, verdict = std::move(verdict)](
                                const Failure& failure, std::optional<std::int64_t> earliest) mutable {
                              const auto self = weak.lock();
                              if (self)
                                self->take_first_time(ticket, offset, std::move(verdict), failure, earliest);
                            });
}

void PullLoop::take_first_time(std::uint64_t ticket, std::int64_t offset, PullVerdict verdict,
                               const Failure& failure, std::optional<std::int64_t> earliest) {
  if (!puller_.awaits(ticket) || failure.code == Errc::closed) return;
  std::chrono::milliseconds pause{0};
  if (failure.failed() && renewal_.asks_again(failure, context_.core->random(), pause)) {
    note_trouble("whether it was deleted and made anew is not known yet: " + to_string(failure));
    context_.core->routes().mark_stale(queue_->queue.topic);
    timer_.start(pause, [weak = weak_from_this(), ticket, offset, verdict = std::move(verdict)]() mutable {
      const auto self = weak.lock();
      if (!self || !self->puller_.awaits(ticket)) return;
      self->find_out_whether_renewed(ticket, offset, std::move(verdict));
    });
    return;
  }
  if (renewal_.is_renewed(earliest, verdict.min_offset)) {
    verdict.outcome.kind = PullOutcome::Kind::offset_moved;
    verdict.outcome.next_begin = verdict.min_offset;
    verdict.deleted = false;
    verdict.has_segment = false;
    verdict.problem = "the queue was deleted and made anew: it is received from its first message on";
    renewal_ = {};
  }
  renewal_.end_suspicion();
  apply_verdict(ticket, offset, std::move(verdict));
}

void PullLoop::apply_verdict(std::uint64_t ticket, std::int64_t offset, PullVerdict verdict) {
  renewal_.newest_received_ms = std::max(renewal_.newest_received_ms, verdict.store_time_ms);
  const bool gets_on = verdict.outcome.next_begin > offset ||
                       verdict.outcome.kind == PullOutcome::Kind::offset_moved ||
                       (verdict.outcome.kind == PullOutcome::Kind::nothing_new && verdict.problem.empty());
  if (gets_on) context_.troubles.end(to_string(queue_->queue));
  if (verdict.given_up > 0) {
    context_.notify({verdict.given_up, to_string(queue_->queue) + ": " + verdict.problem});
  } else if (!verdict.problem.empty() && gets_on) {
    log_.warn(verdict.problem);
  } else if (!verdict.problem.empty()) {
    note_trouble(verdict.problem, verdict.lasting ? Troubles::Kind::lasting : Troubles::Kind::may_pass);
  } else if (verdict.first_found > offset && queue_->subscription->is_everything()) {
    log_.warn(describe_gap(offset, verdict.first_found));
  }
  if (verdict.outcome.kind == PullOutcome::Kind::unreadable) unreadable_at_ = offset;
  if (verdict.outcome.kind == PullOutcome::Kind::offset_moved) move_offset(offset, verdict);
  const std::size_t bytes = verdict.segment.bytes();
  if (verdict.segment.messages > 0) {
    context_.meter(queue_->is_retry)
        .pulled(verdict.segment.messages, verdict.outcome.took, std::chrono::steady_clock::now());
  }
  if (verdict.outcome.kind == PullOutcome::Kind::received) size_.fitted(verdict.segment.messages, bytes);
  if (verdict.has_segment) {
    const auto result = context_.ready->add(queue_, std::move(verdict.segment));
    if (result == ProcessQueue::AddResult::out_of_line) {
      forget_ahead();
      execute(puller_.restart(context_.ready->next_offset(queue_), room()));
      return;
    }
  }
  const bool has_room = room();
  std::vector<PullAhead::Ask> asks;
  // Where a filter is at work, replies differ in length and guesses would be wrong.
  if (verdict.outcome.kind == PullOutcome::Kind::received && queue_->subscription->is_everything() &&
      !is_behind_a_proxy()) {
    asks = ahead_.on_received(offset, verdict.outcome.next_begin, verdict.max_offset, bytes, has_room);
    expect_ahead();
  } else {
    forget_ahead();
  }
  execute(puller_.on_pull(ticket, verdict.outcome, has_room));
  for (const PullAhead::Ask& ask : asks)
    ask_ahead(ask);
}

void PullLoop::move_offset(std::int64_t offset, PullVerdict& verdict) {
  const std::int64_t next = verdict.outcome.next_begin;
  // An operator's reset may lead to where the next pull begins anyway, and still be ahead of what waits here.
  if (next == offset && context_.ready->commit_offset(queue_) == next) return;
  if (verdict.deleted) {
    log_.warn(describe_gap(offset, next));
    verdict.outcome.kind = PullOutcome::Kind::nothing_passed;
    verdict.has_segment = true;
    verdict.segment.begin = offset;
    verdict.segment.next_begin = next;
    return;
  }
  log_.warn("the broker moved it " + describe_move(offset, next) +
            ", because it has no such offset or the group was reset");
  context_.ready->reset(queue_, next);
  commits_->restart();
  // Not at once: the reply that moved us is still being dealt with.
  context_.core->post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->commits_->commit([] {});
  });
}

}  // namespace rocketmq::client
