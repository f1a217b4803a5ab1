#include "client/consumer/pull_loop.h"

#include <algorithm>
#include <utility>

#include "client/consumer/offset_query.h"
#include "client/consumer/pull_reply.h"
#include "client/core/access_refusal.h"
#include "client/core/heartbeat.h"
#include "client/core/name_servers.h"
#include "client/core/route_table.h"
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
      commits_(std::make_shared<OffsetCommitter>(context, queue_)),
      timer_(context.core->context(), context.core->strand()),
      on_started_(std::move(on_started)),
      log_(context, queue_->queue) {}

void PullLoop::start(std::chrono::milliseconds delay) {
  timer_.start(delay, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->execute(self->puller_.start());
  });
}

void PullLoop::stop() {
  puller_.stop();
  forget_ahead();
  context_.troubles.end(to_string(queue_->queue));
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
  forget_ahead();
  context_.ready->reset(queue_, offset);
  commits_->restart();
  unreadable_at_.reset();
  execute(puller_.restart(offset, true));
  report_started();
  commits_->commit([] {});
}

void PullLoop::rewind(std::int64_t offset) {
  // Whatever happened since the taker asked, the process queue knows where it wants to go on.
  if (puller_.state() == PullState::stopped) return;
  forget_ahead();
  const std::int64_t next = context_.ready->next_offset(queue_);
  if (next == offset) {
    unreadable_at_ = offset;
    log_.warn("a message at or after offset " + std::to_string(offset) +
              " cannot be read; it is pulled once more");
  }
  execute(puller_.restart(next, room()));
}

void PullLoop::execute(const PullAction& action) {
  if (action.refresh_route) context_.core->routes().mark_stale(queue_->queue.topic);
  if (action.heartbeat) {
    if (const auto* const target = server()) {
      context_.core->heartbeats().send_to(target->second, [weak = weak_from_this()](const Failure& failure) {
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
    if (failure.failed()) self->note_failure(failure);
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
  const auto* const target = server();
  if (target == nullptr) {
    context_.core->post([weak = weak_from_this(), ticket] {
      if (const auto self = weak.lock()) self->execute(self->puller_.on_start(ticket, std::nullopt));
    });
    return;
  }
  const MessageQueue& queue = queue_->queue;
  const bool from_end = puller_.start_from() == StartFrom::end;
  query_offset(*context_.core, target->second, from_end ? end_request(queue) : first_request(queue),
               std::string("the ") + (from_end ? "end" : "first offset") + " of " + to_string(queue),
               [weak = weak_from_this(), ticket, target = target->second](const Failure& failure,
                                                                          std::int64_t offset) {
                 const auto self = weak.lock();
                 if (!self) return;
                 if (is_access_refusal(failure)) {
                   self->query_start_by_pull(ticket, target);
                 } else {
                   self->take_start(ticket, failure, offset);
                 }
               });
}

// Access control 2.0 counts the questions for the ends of a queue as GET, a right that who may subscribe need
// not have. A pull is allowed, and its reply names both ends as well.
void PullLoop::query_start_by_pull(std::uint64_t ticket, const std::string& target) {
  wire::PullMessageRequest request;
  request.consumer_group = context_.group;
  request.topic = queue_->queue.topic;
  request.queue_id = queue_->queue.queue_id;
  request.max_msg_nums = 1;
  request.sub_version = queue_->subscription->sub_version;
  request.expression_type = queue_->subscription->expression_type;
  request.broker_name = queue_->queue.broker_name;
  context_.core->request(target, request.to_command(), nullptr, prompt_timeout,
                         [weak = weak_from_this(), ticket, target](const Failure& transport,
                                                                   const wire::ReceivedCommand& reply) {
                           const auto self = weak.lock();
                           if (!self) return;
                           Failure failure = transport;
                           wire::PullMessageReply ends;
                           if (!failure.failed() && !wire::is_pull_result(reply.header.code)) {
                             failure = failure_of(
                                 transport, reply, target,
                                 "a pull to find out where " + to_string(self->queue_->queue) + " starts");
                           } else if (!failure.failed()) {
                             const Errc error = wire::PullMessageReply::decode(reply.header, ends);
                             if (error != Errc::ok)
                               failure = {error, target + " answered a pull without usable offsets", {}};
                           }
                           const bool from_end = self->puller_.start_from() == StartFrom::end;
                           self->take_start(ticket, failure, from_end ? ends.max_offset : ends.min_offset);
                         });
}

void PullLoop::take_start(std::uint64_t ticket, const Failure& failure, std::int64_t offset) {
  if (failure.failed()) note_failure(failure);
  execute(puller_.on_start(ticket, failure.failed() ? std::nullopt : std::optional<std::int64_t>(offset)));
  if (failure.failed()) report_started();
}

void PullLoop::store_start(std::uint64_t ticket, std::int64_t offset) {
  context_.store->store(queue_->queue, offset, [weak = weak_from_this(), ticket](const Failure& failure) {
    const auto self = weak.lock();
    if (!self) return;
    if (failure.failed()) self->note_failure(failure);
    const PullAction action = self->puller_.on_start_stored(ticket, !failure.failed(), true);
    self->enter_queue_if_started();
    self->execute(action);
    if (failure.failed()) self->report_started();
  });
}

// The first offset is known: before the first pull goes out, the process queue must expect its reply.
void PullLoop::enter_queue_if_started() {
  if (commits_->begun() || !puller_.has_offset() || puller_.state() == PullState::stopped) return;
  context_.ready->reset(queue_, puller_.offset());
  commits_->begin(puller_.offset());
  report_started();
}

void PullLoop::report_started() {
  if (const auto report = std::exchange(on_started_, nullptr)) report();
}

const BrokerAddresses::value_type* PullLoop::server() const {
  const RoutePtr route = context_.core->routes().cached(queue_->queue.topic);
  if (route == nullptr) return nullptr;
  return route->readable(route->holder(queue_->queue), broker_id_);
}

// The Proxy of RocketMQ 5 gives its own address for every broker. It loses answers where several pulls of one
// client are under way (seen with 5.5.0).
bool PullLoop::is_behind_a_proxy() const {
  const auto* const target = server();
  const auto& name_servers = context_.core->name_servers().addresses();
  return target != nullptr &&
         std::find(name_servers.begin(), name_servers.end(), target->second) != name_servers.end();
}

void PullLoop::pull(std::uint64_t ticket, std::int64_t offset) {
  PullAnswer answer;
  switch (ahead_.claim(offset, ticket, answer)) {
    case PullAhead::Claim::under_way:
      return;
    case PullAhead::Claim::arrived:
      // Not at once: the answer before it is still being dealt with.
      context_.core->post([weak = weak_from_this(), ticket, offset, answer = std::move(answer)] {
        if (const auto self = weak.lock()) self->on_answer(ticket, offset, answer);
      });
      return;
    case PullAhead::Claim::not_asked:
      break;
  }
  // Another broker's heartbeat may have brought us the queue. This one would refuse, because it does not know
  // the group yet; once it does, hurry() ends the pause.
  const auto* const target = server();
  const bool early = target != nullptr && context_.core->heartbeats().is_introducing_to(target->second);
  const bool sent = !early && send_pull(offset, ahead_.head_limit(offset, size_.messages()), true,
                                        [ticket, offset](PullLoop& self, PullAnswer&& reply) {
                                          self.on_answer(ticket, offset, reply);
                                        });
  if (sent) return;
  context_.core->post([weak = weak_from_this(), ticket, offset, early] {
    const auto self = weak.lock();
    if (!self) return;
    PullVerdict verdict;
    verdict.outcome.kind = early ? PullOutcome::Kind::refused : PullOutcome::Kind::moved_away;
    if (!early) verdict.problem = "no address of broker '" + self->queue_->queue.broker_name + "' is known";
    self->take_verdict(ticket, offset, std::move(verdict));
  });
}

bool PullLoop::send_pull(std::int64_t offset, std::int64_t messages, bool suspends,
                         std::function<void(PullLoop&, PullAnswer&&)> handler) {
  last_pull_ = std::chrono::system_clock::now();
  const auto* const target = server();
  if (target == nullptr) return false;
  wire::PullMessageRequest request;
  request.consumer_group = context_.group;
  request.topic = queue_->queue.topic;
  request.queue_id = queue_->queue.queue_id;
  request.queue_offset = offset;
  request.max_msg_nums = static_cast<std::int32_t>(messages);
  request.max_msg_bytes = max_bytes;
  // No offset is committed along the way: commits of one queue must not overtake each other.
  request.sys_flag = suspends ? wire::pull_flag::suspend : 0;
  request.suspend_timeout_millis = suspends ? suspend.count() : 0;
  request.sub_version = queue_->subscription->sub_version;
  request.expression_type = queue_->subscription->expression_type;
  request.broker_name = queue_->queue.broker_name;
  context_.core->request(
      target->second, request.to_command(), nullptr, suspends ? pull_timeout : prompt_timeout,
      [weak = weak_from_this(), handler = std::move(handler), id = target->first, address = target->second,
       asked = steady_clock::now()](const Failure& transport, wire::ReceivedCommand&& reply) {
        const auto self = weak.lock();
        if (!self) return;
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - asked);
        handler(*self, PullAnswer{id, address, took, transport, std::move(reply)});
      });
  return true;
}

void PullLoop::ask_ahead(const PullAhead::Ask& ask) {
  if (ahead_.is_forbidden()) return;
  const bool sent = send_pull(ask.offset, std::min(ask.messages, size_.messages()), false,
                              [id = ask.id](PullLoop& self, PullAnswer&& answer) {
                                const auto head = self.ahead_.arrive(id, answer);
                                if (head) {
                                  self.on_answer(head->ticket, head->offset, answer);
                                } else {
                                  self.expect_ahead();
                                }
                              });
  if (sent) return;
  ahead_.withdraw(ask.id);
  expect_ahead();
}

void PullLoop::note_trouble(const std::string& cause, Troubles::Kind kind) {
  if (!context_.note_trouble(to_string(queue_->queue), cause, kind)) log_.warn(cause);
}

void PullLoop::note_failure(const Failure& failure) {
  note_trouble(to_string(failure),
               is_access_refusal(failure) ? Troubles::Kind::lasting : Troubles::Kind::may_pass);
}

void PullLoop::forget_ahead() {
  ahead_.clear();
  expect_ahead();
}

void PullLoop::expect_ahead() {
  context_.ready->expect(queue_, ahead_.expected_messages(), ahead_.expected_bytes());
}

void PullLoop::forbid_ahead(const std::string& why) {
  if (ahead_.is_forbidden()) return;
  ahead_.forbid();
  forget_ahead();
  log_.warn("is pulled from one pull at a time for a while: " + why);
}

}  // namespace rocketmq::client
