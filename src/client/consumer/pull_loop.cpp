#include "client/consumer/pull_loop.h"

#include <algorithm>
#include <utility>

#include "client/consumer/recreated_queue.h"
#include "client/consumer/stray_reset.h"
#include "client/core/access_refusal.h"
#include "client/core/heartbeat.h"
#include "client/core/route_table.h"

namespace rocketmq::client {

using std::chrono::milliseconds;

namespace {

Troubles::Kind kind_of(bool lasting) {
  return lasting ? Troubles::Kind::lasting : Troubles::Kind::may_pass;
}

}  // namespace

PullLoop::PullLoop(ConsumerContext& context, AssignedQueuePtr queue, StartFrom start_from,
                   std::function<void()> on_started)
    : context_(context),
      queue_(std::move(queue)),
      first_offset_(std::make_shared<FirstOffset>(
          context, queue_, start_from,
          FirstOffset::Handlers{[this](std::int64_t offset) { begin(offset); },
                                [this](const Failure& failure) {
                                  note_trouble(to_string(failure), kind_of(is_access_refusal(failure)));
                                  report_started();
                                }})),
      pipeline_([&core = *context.core] { return core.random(); }),
      commits_(std::make_shared<OffsetCommitter>(context, queue_)),
      end_(std::make_shared<QueueEnd>(context, queue_->queue)),
      timer_(context.core->loop()),
      on_started_(std::move(on_started)) {}

// Before the first pull goes out, the process queue must expect its reply.
void PullLoop::begin(std::int64_t offset) {
  const auto self = shared_from_this();
  context_.queues->reset(queue_, offset);
  commits_->begin(offset);
  report_started();
  go_on_at(offset);
}

void PullLoop::stop() {
  first_offset_->stop();
  pipeline_.stop();
  timer_.cancel();
  fill();
  context_.troubles.end(to_string(queue_->queue));
  report_started();
}

void PullLoop::retry_now() {
  first_offset_->retry_now();
  if (!pipeline_.retry_now()) return;
  timer_.cancel();
  fill();
}

void PullLoop::reset(std::int64_t offset) {
  if (pipeline_.stopped()) return;
  resets_ = {resets_.count + 1, offset};
  first_offset_->stop();
  context_.queues->reset(queue_, offset);
  commits_->restart();
  unreadable_at_.reset();
  go_on_at(offset);
  report_started();
  commits_->commit([] {});
}

void PullLoop::rewind(std::int64_t offset) {
  if (pipeline_.stopped()) return;
  // Whatever happened since the poller asked, the process queue knows where it wants to go on.
  const std::int64_t next = context_.queues->next_offset(queue_);
  if (next == offset) {
    unreadable_at_ = offset;
    warn("a message at or after offset " + std::to_string(offset) +
         " cannot be read; it is pulled once more");
  }
  go_on_at(next);
}

void PullLoop::go_on_at(std::int64_t offset) {
  timer_.cancel();
  pipeline_.restart(offset);
  fill();
}

void PullLoop::fill() {
  const auto expect = [this] {
    context_.queues->expect(queue_, pipeline_.expected_messages(), pipeline_.expected_bytes());
  };
  expect();
  while (pipeline_.wants_pull() && context_.queues->has_room(queue_)) {
    // Another broker's heartbeat may have brought us the queue. This one would refuse, because it does not
    // know the group yet; once it does, retry_now() ends the pause.
    const auto* const target = server();
    if (target != nullptr && context_.core->heartbeats().is_introducing_to(target->second)) {
      wait(pipeline_.pause());
    } else {
      send(pipeline_.next_pull());
    }
    expect();
  }
}

void PullLoop::wait(milliseconds delay) {
  timer_.start(delay, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->pipeline_.end_pause();
    self->fill();
  });
}

void PullLoop::send(const PullPipeline::Pull& pull) {
  last_pull_ = std::chrono::system_clock::now();
  request_pull(context_, *queue_, pull, server(),
               [weak = weak_from_this(), id = pull.id, &context = context_, queue = queue_->queue,
                offset = pull.offset](PullAnswer&& answer) {
                 const auto self = weak.lock();
                 if (self && !self->pipeline_.stopped()) return self->on_answer(id, std::move(answer));
                 pass_on_reset(context, queue, offset, answer);
               });
}

void PullLoop::on_answer(std::uint64_t pull, PullAnswer&& answer) {
  if (!pipeline_.arrive(pull, std::move(answer))) return fill();  // It may take another room than expected.
  handle_head();
}

void PullLoop::handle_head() {
  const PullPipeline::Pull* const head = pipeline_.arrived_head();
  if (head == nullptr || head->answer->transport.code == Errc::closed) return;
  const std::uint64_t id = head->id;
  const std::int64_t offset = head->offset;
  const PullAnswer& answer = *head->answer;
  PullResult result = read_pull_answer(answer, offset, unreadable_at_ == offset);
  const bool from_slave = answer.broker_id != master_id;
  end_->hear(answer, result);
  const bool too_large = result.outcome.kind == PullOutcome::Kind::too_large;
  if (answer.transport.code == Errc::request_timeout && pipeline_.on_late()) {
    warn("is pulled from one pull at a time for a while: " + answer.address +
         " did not answer all of several pulls in time");
  }
  const auto now = std::chrono::steady_clock::now();
  // Its master suggests it again and again all the same.
  if (from_slave && result.outcome.is_refusal()) slave_from_ = now + slave_pause;
  std::int64_t suggested = too_large ? broker_id_ : result.suggested_broker_id;
  if (now < slave_from_) suggested = master_id;
  if (too_large) ask_for_less(offset, result);
  if (broker_id_ != suggested) pipeline_.forget_ahead();
  broker_id_ = suggested;
  topic_vanished_ = topic_vanished_ || result.topic_missing;
  if (result.has_bounds && may_be_recreated(offset, result.min_offset, result.max_offset, topic_vanished_)) {
    suspect_ = Suspect{id, offset, std::move(result)};
    find_out_whether_recreated();
  } else {
    topic_vanished_ = topic_vanished_ && !result.has_bounds;
    apply_result(offset, std::move(result));
  }
}

void PullLoop::ask_for_less(std::int64_t offset, PullResult& result) {
  if (pipeline_.shrink(result.span)) {
    result.outcome.kind = PullOutcome::Kind::refused;
    result.problem +=
        "; from now on it is asked for " + std::to_string(pipeline_.messages()) + " messages at a time";
    return;
  }
  result.lasting = true;
  result.problem = describe_too_large(offset, result.problem);
}

// Until that is known, the pull counts as being under way.
void PullLoop::find_out_whether_recreated() {
  const std::string* const master = context_.master_of(queue_->queue);
  if (master == nullptr)
    return on_first_time({Errc::connect_failed, "no master of its broker is known", {}}, std::nullopt);
  query_earliest_store_time(*context_.core, *master, queue_->queue,
                            [weak = weak_from_this(), pull = suspect_->pull](
                                const Failure& failure, std::optional<std::int64_t> earliest) {
                              const auto self = weak.lock();
                              if (self && self->pipeline_.is_head(pull))
                                self->on_first_time(failure, earliest);
                            });
}

// A broker that is not there is waited for, because a guess could repeat the whole queue.
void PullLoop::on_first_time(const Failure& failure, std::optional<std::int64_t> earliest) {
  if (failure.code == Errc::closed) return;
  if (failure.failed() && !(failure.server && ++suspect_->refusals >= most_refusals)) {
    note_trouble("it is not known yet whether it was deleted and recreated: " + to_string(failure),
                 Troubles::Kind::may_pass);
    context_.core->routes().mark_stale(queue_->queue.topic);
    timer_.start(suspect_->pauses.next(context_.core->random()), [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->find_out_whether_recreated();
    });
    return;
  }
  const std::int64_t offset = suspect_->offset;
  PullResult result = std::move(suspect_->result);
  if (is_recreated(earliest, newest_received_ms_, result.min_offset)) {
    begin_at_first(result);
    newest_received_ms_ = 0;
  }
  topic_vanished_ = false;
  apply_result(offset, std::move(result));
}

void PullLoop::apply_result(std::int64_t offset, PullResult result) {
  using Kind = PullOutcome::Kind;
  PullOutcome& outcome = result.outcome;
  newest_received_ms_ = std::max(newest_received_ms_, result.store_time_ms);
  tell_problem(offset, result);
  if (outcome.kind == Kind::unreadable) unreadable_at_ = offset;
  if (outcome.kind == Kind::offset_moved) move_offset(offset, result);
  if (outcome.messages > 0 && result.has_segment)
    context_.queues->count(*queue_, {.pulls = 1, .pulled = outcome.messages, .pulling = outcome.took});
  // With a filter replies differ in length, and guesses would be wrong.
  if (queue_->subscription->is_everything() && !is_a_proxy(context_, server()))
    outcome.known_end = result.max_offset;
  if (result.has_segment &&
      context_.queues->add(queue_, std::move(result.segment)) == ProcessQueue::AddResult::out_of_line) {
    go_on_at(context_.queues->next_offset(queue_));
    return;
  }
  const auto pause = pipeline_.on_outcome(outcome);
  if (outcome.kind == Kind::moved_away) context_.core->routes().mark_stale(queue_->queue.topic);
  if (outcome.kind == Kind::not_subscribed && server() != nullptr) {
    context_.core->heartbeats().send_to(server()->second, [weak = weak_from_this()](const Failure& failure) {
      const auto self = weak.lock();
      if (self && !failure.failed()) self->retry_now();
    });
  }
  if (pause) wait(*pause);
  fill();
  if (pipeline_.arrived_head() == nullptr) return;
  // Not at once: some answers may be there already, and others have their turn on the loop, too.
  context_.core->post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->handle_head();
  });
}

void PullLoop::tell_problem(std::int64_t offset, const PullResult& result) {
  const PullOutcome& outcome = result.outcome;
  const bool gets_on = outcome.next_begin > offset || outcome.kind == PullOutcome::Kind::offset_moved ||
                       (outcome.kind == PullOutcome::Kind::nothing_new && result.problem.empty());
  if (gets_on) context_.troubles.end(to_string(queue_->queue));
  if (result.given_up > 0) {
    context_.notify({result.given_up, to_string(queue_->queue) + ": " + result.problem, place_of(offset)});
  } else if (!result.problem.empty() && gets_on) {
    warn(result.problem);
  } else if (!result.problem.empty()) {
    note_trouble(result.problem, kind_of(result.lasting));
  } else if (result.first_found > offset && queue_->subscription->is_everything()) {
    warn(describe_gap(offset, result.first_found));
  }
}

void PullLoop::move_offset(std::int64_t offset, PullResult& result) {
  const std::int64_t next = result.outcome.next_begin;
  // An operator's reset may lead to where the next pull begins anyway, and still be ahead of what waits here.
  if (next == offset && context_.queues->commit_offset(queue_) == next) return;
  if (result.deleted) {
    // With a filter nobody knows how many of them were wanted.
    const std::int64_t lost = queue_->subscription->is_everything() ? next - offset : 0;
    context_.notify({lost, to_string(queue_->queue) + ": " + describe_gap(offset, next), place_of(offset)});
    result.outcome.kind = PullOutcome::Kind::nothing_passed;
    result.has_segment = true;
    result.segment.begin = offset;
    result.segment.next_begin = next;
    return;
  }
  warn(describe_move(offset, next));
  context_.queues->reset(queue_, next);
  commits_->restart();
  // Not at once: the reply that moved us is still being dealt with.
  context_.core->post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->commits_->commit([] {});
  });
}

}  // namespace rocketmq::client
