#include "client/consumer/pull_loop.h"

#include <utility>

#include "client/consumer/pull_reply.h"
#include "client/core/heartbeat.h"
#include "client/core/route_table.h"
#include "wire/offsets.h"
#include "wire/pull.h"
#include "wire/response_code.h"
#include "wire/sys_flag.h"

namespace rocketmq::client {

using std::chrono::steady_clock;

PullLoop::PullLoop(ConsumerContext& context, AssignedQueuePtr queue, StartFrom start_from,
                   std::function<void()> on_started)
    : context_(context),
      queue_(std::move(queue)),
      puller_(start_from, [&core = *context.core] { return core.random(); }),
      timer_(context.core->context(), context.core->strand()),
      on_started_(std::move(on_started)) {}

void PullLoop::start(std::chrono::milliseconds delay) {
  timer_.start(delay, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->execute(self->puller_.start());
  });
}

void PullLoop::stop() {
  puller_.stop();
  timer_.cancel();
  report_started();
}

void PullLoop::on_room() {
  if (puller_.state() == PullState::full && room()) execute(puller_.on_room());
}

void PullLoop::hurry() {
  if (puller_.state() == PullState::waiting) execute(puller_.hurry(room()));
}

void PullLoop::reset(std::int64_t offset) {
  if (puller_.state() == PullState::stopped) return;
  in_queue_ = true;
  context_.ready->reset(queue_, offset);
  commits_.reset();
  unreadable_at_.reset();
  execute(puller_.restart(offset, true));
  report_started();
  commit([] {});
}

void PullLoop::rewind(std::int64_t offset) {
  // Whatever happened since the taker asked, the process queue knows where it wants to go on.
  if (puller_.state() == PullState::stopped) return;
  const std::int64_t next = context_.ready->next_offset(queue_);
  if (next == offset) {
    unreadable_at_ = offset;
    warn("a message at or after offset " + std::to_string(offset) +
         " cannot be read; it is pulled once more");
  }
  execute(puller_.restart(next, room()));
}

void PullLoop::execute(const PullAction& action) {
  if (action.refresh_route) context_.core->routes().mark_stale(queue_->queue.topic);
  if (action.heartbeat) {
    if (const auto target = address()) {
      context_.core->heartbeats().send_to(*target, [weak = weak_from_this()](const Failure& failure) {
        const auto self = weak.lock();
        if (self && !failure.failed()) self->hurry();
      });
    }
  }
  switch (action.kind) {
    case PullAction::Kind::none:
      break;
    case PullAction::Kind::query_committed:
      query_committed(action.ticket);
      break;
    case PullAction::Kind::query_start:
      query_start(action.ticket);
      break;
    case PullAction::Kind::store_start:
      store_start(action.ticket, action.offset);
      break;
    case PullAction::Kind::pull:
      pull(action.ticket, action.offset);
      break;
    case PullAction::Kind::wait:
      timer_.start(action.delay, [weak = weak_from_this(), ticket = action.ticket] {
        if (const auto self = weak.lock()) self->execute(self->puller_.on_wait_over(ticket, self->room()));
      });
      break;
  }
}

void PullLoop::query_committed(std::uint64_t ticket) {
  context_.store->load(queue_->queue, [weak = weak_from_this(), ticket](const Failure& failure,
                                                                        std::optional<std::int64_t> offset) {
    const auto self = weak.lock();
    if (!self) return;
    if (failure.failed()) self->warn(to_string(failure));
    Puller::Committed committed;
    committed.known = !failure.failed();
    committed.offset = offset;
    const PullAction action = self->puller_.on_committed(ticket, committed, true);
    self->enter_queue_if_started();
    self->execute(action);
    if (failure.failed()) self->report_started();
  });
}

void PullLoop::query_start(std::uint64_t ticket) {
  const auto target = address();
  if (!target) {
    context_.core->post([weak = weak_from_this(), ticket] {
      if (const auto self = weak.lock()) self->execute(self->puller_.on_start(ticket, std::nullopt));
    });
    return;
  }
  wire::Command command;
  if (puller_.start_from() == StartFrom::end) {
    wire::GetMaxOffsetRequest request;
    request.topic = queue_->queue.topic;
    request.queue_id = queue_->queue.queue_id;
    request.broker_name = queue_->queue.broker_name;
    command = request.to_command();
  } else {
    wire::GetMinOffsetRequest request;
    request.topic = queue_->queue.topic;
    request.queue_id = queue_->queue.queue_id;
    request.broker_name = queue_->queue.broker_name;
    command = request.to_command();
  }
  context_.core->request(
      *target, std::move(command), nullptr, query_timeout,
      [weak = weak_from_this(), ticket, target = *target](const Failure& transport,
                                                          const wire::ReceivedCommand& reply) {
        const auto self = weak.lock();
        if (!self) return;
        Failure failure =
            failure_of(transport, reply, target, "where " + to_string(self->queue_->queue) + " starts");
        wire::OffsetReply offset;
        if (!failure.failed()) {
          const Errc error = wire::OffsetReply::decode(reply.header, offset);
          if (error != Errc::ok || offset.offset < 0) {
            failure = {error == Errc::ok ? Errc::bad_field : error,
                       target + " answered without a usable offset",
                       {}};
          }
        }
        if (failure.failed()) self->warn(to_string(failure));
        self->execute(self->puller_.on_start(
            ticket, failure.failed() ? std::nullopt : std::optional<std::int64_t>(offset.offset)));
        if (failure.failed()) self->report_started();
      });
}

void PullLoop::store_start(std::uint64_t ticket, std::int64_t offset) {
  context_.store->store(queue_->queue, offset, [weak = weak_from_this(), ticket](const Failure& failure) {
    const auto self = weak.lock();
    if (!self) return;
    if (failure.failed()) self->warn(to_string(failure));
    const PullAction action = self->puller_.on_start_stored(ticket, !failure.failed(), true);
    self->enter_queue_if_started();
    self->execute(action);
    if (failure.failed()) self->report_started();
  });
}

// The first offset is known: before the first pull goes out, the process queue must expect its reply.
void PullLoop::enter_queue_if_started() {
  if (in_queue_ || !puller_.has_offset() || puller_.state() == PullState::stopped) return;
  in_queue_ = true;
  context_.ready->reset(queue_, puller_.offset());
  commits_.set_committed(puller_.offset());
  limiter_.reset();
  report_started();
}

void PullLoop::report_started() {
  if (const auto report = std::exchange(on_started_, nullptr)) report();
}

std::optional<std::string> PullLoop::address() const {
  const RoutePtr route = context_.core->routes().cached(queue_->queue.topic);
  if (route == nullptr) return std::nullopt;
  const std::string* found = route->readable_address(queue_->queue.broker_name, broker_id_);
  return found == nullptr ? std::nullopt : std::optional<std::string>(*found);
}

void PullLoop::pull(std::uint64_t ticket, std::int64_t offset) {
  last_pull_ = std::chrono::system_clock::now();
  const auto target = address();
  if (!target) {
    context_.core->post([weak = weak_from_this(), ticket, offset] {
      const auto self = weak.lock();
      if (!self) return;
      PullVerdict verdict;
      verdict.outcome.kind = PullOutcome::Kind::moved_away;
      verdict.problem = "no address of its broker is known";
      self->take_verdict(ticket, offset, std::move(verdict));
    });
    return;
  }
  wire::PullMessageRequest request;
  request.consumer_group = context_.group;
  request.topic = queue_->queue.topic;
  request.queue_id = queue_->queue.queue_id;
  request.queue_offset = offset;
  request.max_msg_nums = max_messages;
  request.max_msg_bytes = max_bytes;
  // No offset is committed along the way: commits of one queue must not overtake each other.
  request.sys_flag = wire::pull_flag::suspend;
  request.suspend_timeout_millis = suspend.count();
  request.sub_version = queue_->subscription->sub_version;
  request.expression_type = queue_->subscription->expression_type;
  request.broker_name = queue_->queue.broker_name;
  context_.core->request(
      *target, request.to_command(), nullptr, pull_timeout,
      [weak = weak_from_this(), ticket, offset, target = *target, asked = steady_clock::now()](
          const Failure& transport, const wire::ReceivedCommand& reply) {
        const auto self = weak.lock();
        if (!self) return;
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - asked);
        self->on_pull_reply(ticket, offset, target, took, transport, reply);
      });
}

void PullLoop::on_pull_reply(std::uint64_t ticket, std::int64_t offset, const std::string& address,
                             std::chrono::milliseconds took, const Failure& transport,
                             const wire::ReceivedCommand& reply) {
  PullVerdict verdict;
  if (transport.failed()) {
    if (transport.code == Errc::closed) return;
    verdict.outcome.kind = PullOutcome::Kind::moved_away;
    verdict.problem = to_string(transport);
    broker_id_ = master_id;
  } else {
    verdict = judge_pull_reply(reply, offset, unreadable_at_ == offset);
    broker_id_ = verdict.suggested_broker_id;
    using Kind = PullOutcome::Kind;
    const Kind kind = verdict.outcome.kind;
    if (verdict.problem.empty() &&
        (kind == Kind::refused || kind == Kind::moved_away || kind == Kind::not_subscribed)) {
      verdict.problem = to_string(failure_of(transport, reply, address, "a pull"));
    }
  }
  verdict.outcome.took = took;
  take_verdict(ticket, offset, std::move(verdict));
}

void PullLoop::take_verdict(std::uint64_t ticket, std::int64_t offset, PullVerdict verdict) {
  if (!puller_.awaits(ticket)) return;
  if (!verdict.problem.empty()) {
    warn(verdict.problem);
  } else if (verdict.outcome.kind != PullOutcome::Kind::offset_moved) {
    limiter_.reset();
  }
  if (verdict.outcome.kind == PullOutcome::Kind::unreadable) unreadable_at_ = offset;
  if (verdict.outcome.kind == PullOutcome::Kind::offset_moved) move_offset(offset, verdict);
  if (verdict.has_segment) {
    const auto result = context_.ready->add(queue_, std::move(verdict.segment));
    if (result == ProcessQueue::AddResult::out_of_line) {
      execute(puller_.restart(context_.ready->next_offset(queue_), room()));
      return;
    }
  }
  execute(puller_.on_pull(ticket, verdict.outcome, room()));
}

void PullLoop::move_offset(std::int64_t offset, PullVerdict& verdict) {
  const std::int64_t next = verdict.outcome.next_begin;
  if (next == offset) return;
  const std::string from_to = "from offset " + std::to_string(offset) + " to " + std::to_string(next);
  if (verdict.deleted) {
    warn("goes on " + from_to + ": the broker has deleted the messages in between");
    verdict.outcome.kind = PullOutcome::Kind::nothing_passed;
    verdict.has_segment = true;
    verdict.segment.begin = offset;
    verdict.segment.next_begin = next;
    return;
  }
  warn("the broker moved it " + from_to + ", because it has no such offset or the group was reset");
  context_.ready->reset(queue_, next);
  commits_.reset();
  // Not at once: the reply that moved us is still being dealt with.
  context_.core->post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->commit([] {});
  });
}

void PullLoop::commit(std::function<void()> done) {
  if (!in_queue_) {
    done();
    return;
  }
  if (commits_.in_flight()) {
    waiting_commits_.push_back(std::move(done));
    return;
  }
  const auto offset = commits_.begin(context_.ready->commit_offset(queue_));
  if (!offset) {
    done();
    return;
  }
  context_.store->store(
      queue_->queue, *offset,
      [self = shared_from_this(), offset = *offset, done = std::move(done)](const Failure& failure) {
        self->commits_.stored(!failure.failed());
        if (failure.failed()) self->warn("offset " + std::to_string(offset) + ": " + to_string(failure));
        done();
        for (auto& waiting : std::exchange(self->waiting_commits_, {}))
          self->commit(std::move(waiting));
      });
}

void PullLoop::commit_after_drop(std::function<void()> done) {
  if (!in_queue_) {
    done();
    return;
  }
  context_.store->load(queue_->queue,
                       [self = shared_from_this(), done = std::move(done)](
                           const Failure& failure, std::optional<std::int64_t> offset) mutable {
                         // The new owner may have gone further already; a commit would take it back.
                         if (failure.failed() || (offset && self->commits_.committed() != offset)) {
                           done();
                           return;
                         }
                         self->commit(std::move(done));
                       });
}

void PullLoop::warn(const std::string& what) {
  std::string left_out;
  if (!limiter_.pass(steady_clock::now(), left_out)) return;
  context_.core->log(LogLevel::warning, "consumer of group '" + context_.group + "', " +
                                            to_string(queue_->queue) + ": " + what + left_out);
}

}  // namespace rocketmq::client
