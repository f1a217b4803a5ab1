#include "client/reader/queue_reader.h"

#include <algorithm>
#include <utility>

#include "client/consumer/pull_request.h"
#include "client/core/route_table.h"
#include "wire/response_code.h"

namespace rocketmq::client {

using std::chrono::steady_clock;
using wire::ResponseCode;

namespace {

/// Whether a pull ended so because its server did not answer.
bool is_silence(Errc code) {
  return code == Errc::connect_failed || code == Errc::connect_timeout || code == Errc::connection_closed ||
         code == Errc::request_timeout;
}

}  // namespace

QueueReader::QueueReader(ConsumerContext& context, AssignedQueuePtr queue, ReadBuffer& buffer,
                         std::size_t index, ReadBuffer::Range range)
    : context_(context),
      queue_(std::move(queue)),
      buffer_(buffer),
      index_(index),
      offset_(range.begin),
      end_(range.end),
      pipeline_([&core = *context.core] { return core.random(); }),
      timer_(context.core->loop()) {}

void QueueReader::start() {
  if (offset_ >= end_) return pipeline_.stop();
  pipeline_.restart(offset_);
  fill();
}

void QueueReader::fill() {
  while (pipeline_.wants_pull() && buffer_.has_room(index_, pipeline_.expected_bytes()))
    send(pipeline_.next_pull());
}

const BrokerAddresses::value_type* QueueReader::server() const {
  return pull_server(context_, queue_->queue, broker_id_);
}

void QueueReader::send(PullPipeline::Pull pull) {
  if (!follows()) pull.suspends = false;  // What is asked for is there.
  request_pull(context_, *queue_, pull, server(),
               [weak = weak_from_this(), id = pull.id](PullAnswer&& answer) {
                 if (const auto self = weak.lock()) self->on_answer(id, std::move(answer));
               });
}

void QueueReader::on_answer(std::uint64_t pull, PullAnswer&& answer) {
  if (pipeline_.stopped()) return;
  if (!pipeline_.arrive(pull, std::move(answer))) return fill();
  handle_head();
}

void QueueReader::handle_head() {
  if (pipeline_.stopped()) return;
  const PullPipeline::Pull* const head = pipeline_.arrived_head();
  if (head == nullptr || head->answer->transport.code == Errc::closed) return;
  const PullAnswer& answer = *head->answer;
  PullResult result = read_pull_answer(answer, offset_, false);
  if (answer.transport.code == Errc::request_timeout) (void)pipeline_.on_late();
  follow(result, answer);
  if (result.outcome.kind == PullOutcome::Kind::too_large) {
    if (!pipeline_.shrink(result.span)) return fail(Errc::frame_too_large, result.problem);
    result.outcome.kind = PullOutcome::Kind::refused;
    return go_on(result.outcome);
  }
  if (answer.broker_id != master_id && !result.outcome.is_refusal() && !is_logical()) {
    // It may be behind its master, which alone knows what was deleted.
    if (std::string missing = what_is_missing(result); !missing.empty()) {
      result.problem = std::move(missing);
      slave_failed_ = true;
      broker_id_ = master_id;
      pipeline_.forget_ahead();
      result.outcome.kind = PullOutcome::Kind::refused;
    }
  }
  if (result.outcome.is_refusal()) return try_again_or_fail(result, answer);
  apply(std::move(result));
}

// The master suggests whom to ask. One that answers no more is not asked again if it has a slave, and a slave
// that fails is not asked again. Who waits for new messages waits for the master: a slave may get none.
void QueueReader::follow(const PullResult& result, const PullAnswer& answer) {
  std::int64_t next = broker_id_;
  if (result.has_bounds) next = result.suggested_broker_id;
  if (answer.broker_id == master_id) {
    master_silent_ = master_silent_ || (!follows() && is_silence(answer.transport.code));
  } else {
    slave_failed_ = slave_failed_ || result.outcome.is_refusal();
  }
  if (slave_failed_) {
    next = master_id;
  } else if (master_silent_ && next == master_id) {
    const auto* const slave = pull_slave(context_, queue_->queue);
    if (slave != nullptr) next = slave->first;
  }
  if (next != broker_id_) pipeline_.forget_ahead();
  broker_id_ = next;
}

void QueueReader::try_again_or_fail(const PullResult& result, const PullAnswer& answer) {
  const auto now = steady_clock::now();
  if (!failing_since_) failing_since_ = now;
  const std::int32_t code = answer.transport.failed() ? 0 : answer.reply.header.code;
  // Nothing that is tried again makes an expression right, or a broker able to read it.
  const bool wrong_expression =
      code == ResponseCode::subscription_parse_failed ||
      (code == ResponseCode::system_error && queue_->subscription->expression_type != "TAG");
  const bool from_master = answer.broker_id == master_id;  // A slave may be set up differently.
  if (from_master && wrong_expression) return fail(Errc::invalid_argument, result.problem);
  if ((from_master && result.lasting) || (!follows() && now - *failing_since_ >= patience))
    return fail(code == 0 ? answer.transport.code : Errc::server_refused, result.problem);
  if (follows() && now - *failing_since_ >= patience) {
    (void)context_.core->log_limited(
        context_.failures, LogLevel::warning,
        to_string(queue_->queue) + " has not been read since " +
            std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now - *failing_since_).count()) +
            " s: " + result.problem);
  }
  if (result.outcome.kind == PullOutcome::Kind::moved_away)
    context_.core->routes().mark_stale(queue_->queue.topic);
  go_on(result.outcome);
}

void QueueReader::apply(PullResult result) {
  using Kind = PullOutcome::Kind;
  if (result.outcome.kind == Kind::unreadable) return fail(Errc::bad_field, result.problem);
  if (result.outcome.kind != Kind::received && result.outcome.next_begin > offset_ && is_logical()) {
    result.outcome.kind = Kind::nothing_passed;
    result.has_segment = true;
    result.segment.begin = offset_;
    result.segment.next_begin = result.outcome.next_begin;
  } else if (const std::string missing = what_is_missing(result); !missing.empty()) {
    return fail(Errc::truncated, missing);
  }
  if (result.outcome.next_begin > offset_ && result.has_segment) {
    failing_since_.reset();
    received(result);
    if (offset_ >= end_) return pipeline_.stop();
  } else if (follows()) {
    failing_since_.reset();  // There is nothing yet.
  } else {
    // The broker has the offset and does not give it; a moment ago it was just being stored, say.
    const auto now = steady_clock::now();
    if (!failing_since_) failing_since_ = now;
    if (now - *failing_since_ >= patience)
      return fail(Errc::truncated,
                  result.problem.empty() ? "the broker gives no message from there on" : result.problem);
  }
  go_on(result.outcome);
}

void QueueReader::received(PullResult& result) {
  // With a filter replies differ in length, and guesses would be wrong.
  if (reads_everything() && !is_a_proxy(context_, server()))
    result.outcome.known_end = std::min(result.max_offset, end_);
  Segment& segment = result.segment;
  segment.next_begin = std::min(segment.next_begin, end_);
  offset_ = segment.next_begin;
  buffer_.add(index_, std::move(segment));
}

// When such a queue moves to another broker, it goes on there at a later offset, and has none in between.
// What was deleted looks the same.
bool QueueReader::is_logical() const {
  const RoutePtr route = context_.core->routes().cached(queue_->queue.topic);
  return route != nullptr && route->is_static();
}

// The end of the range was the queue's end, or before it, when the reader began.
std::string QueueReader::what_is_missing(const PullResult& result) const {
  using Kind = PullOutcome::Kind;
  const Kind kind = result.outcome.kind;
  const std::string has = "the broker has the offsets from " + std::to_string(result.min_offset) + " to " +
                          std::to_string(result.max_offset) + " of it now";
  const bool found_first = kind == Kind::received && result.first_found >= 0 && result.first_found <= offset_;
  // A broker that a logical queue has left tells an end of its own.
  const bool is_short = result.max_offset < (follows() ? offset_ : end_) && !is_logical();
  if (kind == Kind::offset_moved || (result.min_offset > offset_ && !found_first) || is_short)
    return has + ", because it deleted messages or the topic was deleted";
  const bool nothing_there =
      (kind == Kind::nothing_passed && reads_everything()) || kind == Kind::nothing_new;
  const std::int64_t next = kind == Kind::received ? result.first_found : result.outcome.next_begin;
  const bool gap = kind == Kind::received ? reads_everything() : nothing_there;
  if (gap && next > offset_) {
    return has + ", but none from " + std::to_string(offset_) + " to " + std::to_string(next - 1) +
           "; what lies behind that can be read with `queues`";
  }
  return {};
}

void QueueReader::go_on(const PullOutcome& outcome) {
  if (const auto pause = pipeline_.on_outcome(outcome)) wait(*pause);
  fill();
  if (pipeline_.arrived_head() == nullptr) return;
  // Not at once: other queues have their turn on the loop, too.
  context_.core->post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->handle_head();
  });
}

void QueueReader::wait(std::chrono::milliseconds delay) {
  timer_.start(delay, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->pipeline_.end_pause();
    self->fill();
  });
}

void QueueReader::fail(Errc code, const std::string& cause) {
  pipeline_.stop();
  timer_.cancel();
  buffer_.fail({code == Errc::ok ? Errc::bad_field : code,
                "the offsets from " + std::to_string(offset_) +
                    (follows() ? " on" : " to " + std::to_string(end_ - 1)) + " of " +
                    to_string(queue_->queue) + " were not read: " + cause,
                {}});
}

}  // namespace rocketmq::client
