#include "transport/connection.h"

#include <algorithm>
#include <asio/error.hpp>
#include <asio/post.hpp>
#include <utility>

#include "transport/connection_failure.h"
#include "transport/event_loop.h"

namespace rocketmq::transport {

namespace {

constexpr std::int32_t go_away = 1500;

/// As many frames as one system call takes: a frame is up to two buffers, and asio passes on 64 at a time.
constexpr std::size_t frames_per_write = 32;

}  // namespace

Connection::Connection(EventLoop& loop, Address address, std::string address_text,
                       std::shared_ptr<const RemotingOptions> options, std::weak_ptr<Owner> owner)
    : executor_(loop.context().get_executor()),
      address_(std::move(address)),
      address_text_(std::move(address_text)),
      options_(std::move(options)),
      owner_(std::move(owner)),
      timer_(loop),
      liveness_(options_->silence_limit, options_->idle_limit, Clock::now()) {}

void Connection::start() {
  asio::post(executor_, [self = shared_from_this()] {
    if (self->state_ != State::connecting) return;
    self->opener_ = std::make_shared<StreamOpener>(
        self->executor_, self->options_, self->address_,
        [weak = std::weak_ptr(self)](const Failure& failure, std::unique_ptr<Stream> stream) {
          if (const auto connection = weak.lock()) connection->on_stream(failure, std::move(stream));
        });
    self->opener_->start();
  });
}

Connection::Submitted Connection::submit(const RequestPtr& request) {
  if (state_ == State::closed) return Submitted::closed;
  // A single frame always passes, however small the limit.
  if (pending_bytes_ > 0 && pending_bytes_ + request->size() > options_->max_pending_bytes)
    return Submitted::too_many_bytes;
  if (request->wants_reply() && (table_.size() >= options_->max_pending_requests || !table_.add(request)))
    return Submitted::too_many_requests;
  pending_bytes_ += request->size();
  outgoing_.push_back(request);
  liveness_.used(Clock::now());
  arm_timer();
  write_soon();
  return Submitted::accepted;
}

void Connection::close(Failure reason) {
  asio::post(executor_, [self = shared_from_this(), reason = std::move(reason)] { self->shut(reason); });
}

void Connection::on_stream(const Failure& failure, std::unique_ptr<Stream> stream) {
  opener_.reset();
  if (state_ != State::connecting) return;
  const auto owner = owner_.lock();
  if (failure.failed()) {
    if (owner) owner->on_failed(*this, failure);
    shut(failure);
    return;
  }
  stream_ = std::move(stream);
  state_ = State::open;
  liveness_.used(Clock::now());
  if (owner) owner->on_connected(*this, stream_->protocol());
  read_more();
  write_more();
  arm_timer();
  close_if_drained();
}

void Connection::write_soon() {
  if (write_scheduled_ || state_ != State::open || !writing_.empty()) return;
  write_scheduled_ = true;
  asio::post(executor_, [self = shared_from_this()] {
    self->write_scheduled_ = false;
    self->write_more();
  });
}

void Connection::write_more() {
  if (state_ == State::open && !write_failed_ && writing_.empty() && take_outgoing())
    stream_->async_write(buffers_, shared_from_this());
}

bool Connection::take_outgoing() {
  buffers_.clear();
  bool wants_reply = false;
  while (!outgoing_.empty() && writing_.size() < frames_per_write) {
    RequestPtr request = std::move(outgoing_.front());
    outgoing_.pop_front();
    if (request->finished) {
      // Its time-out came first. Nobody waits for the reply, so the server need not do the work.
      pending_bytes_ -= request->size();
      continue;
    }
    buffers_.emplace_back(request->head.data(), request->head.size());
    if (request->body && !request->body->empty()) {
      buffers_.emplace_back(request->body->data(), request->body->size());
    }
    wants_reply = wants_reply || request->wants_reply();
    writing_.push_back(std::move(request));
  }
  if (wants_reply) liveness_.reply_due(Clock::now());
  return !writing_.empty();
}

void Connection::forget_written() {
  for (const RequestPtr& request : writing_)
    pending_bytes_ -= request->size();
  writing_.clear();
}

void Connection::on_written(const std::error_code& error) {
  forget_written();
  if (state_ != State::open) return;
  if (error) {
    write_failed_ = true;
    // A server that refuses us may have said why, and the pending read is about to find it.
    if (!heard_) return;
    lose(write_failure(address_text_, stream_->explain(error)));
    return;
  }
  liveness_.used(Clock::now());
  write_more();
  close_if_drained();
}

void Connection::read_more() {
  const auto room = splitter_.prepare();
  stream_->async_read_some(asio::buffer(room.data(), room.size()), shared_from_this());
}

void Connection::on_read(const std::error_code& error, std::size_t count) {
  if (state_ != State::open) return;
  if (error) {
    const std::string reason = error == asio::error::eof ? std::string() : stream_->explain(error);
    lose(ended_failure(address_text_, reason, heard_, !stream_->protocol().empty()));
    return;
  }
  heard_ = true;
  splitter_.commit(count);
  const Clock::time_point now = Clock::now();
  while (state_ == State::open) {
    wire::ReceivedCommand command;
    bool found = false;
    const Errc problem = splitter_.next(command, found);
    if (problem != Errc::ok) {
      lose(frame_failure(address_text_, problem));
      return;
    }
    if (!found) break;
    on_command(std::move(command));
  }
  if (state_ != State::open) return;
  liveness_.heard(now, !table_.empty());
  close_if_drained();
  if (state_ == State::open) read_more();
}

void Connection::on_command(wire::ReceivedCommand&& command) {
  if (command.header.is_response()) {
    on_reply(std::move(command));
  } else if (const auto owner = owner_.lock()) {
    owner->on_request(shared_from_this(), std::move(command));
  }
}

void Connection::on_reply(wire::ReceivedCommand&& reply) {
  RequestPtr request;
  const std::int32_t opaque = reply.header.opaque;
  switch (table_.take(opaque, request)) {
    case RequestTable::Match::waiting:
      break;
    case RequestTable::Match::late:
      log(LogLevel::debug, "dropped a late reply of " + address_text_ + ": its request timed out before");
      return;
    case RequestTable::Match::unknown:
      log_unknown_reply(opaque);
      return;
  }
  if (reply.header.code == go_away && !request->resent) {
    if (const auto owner = owner_.lock()) {
      request->resent = true;
      owner->on_go_away(*this, std::move(request));
      return;
    }
  }
  Failure failure;
  if (reply.skipped_bytes > 0) failure = large_reply_failure(address_text_, *request, reply.skipped_bytes);
  finish(request, failure, std::move(reply));
}

void Connection::log_unknown_reply(std::int32_t opaque) {
  // A server may send as many of them as it likes.
  std::string left_out;
  const std::string line = "dropped a reply of " + address_text_ + " that belongs to no request (opaque " +
                           std::to_string(opaque) + ")";
  if (unknown_replies_.pass(Clock::now(), line, left_out)) log(LogLevel::warning, line + left_out);
}

void Connection::arm_timer() {
  if (state_ == State::closed) return;
  std::optional<Clock::time_point> when = table_.next_deadline();
  if (state_ == State::open) when = std::min(when.value_or(Clock::time_point::max()), liveness_.next_look());
  // A timer that is set too early costs one look; setting it again for every request would cost more.
  if (!when || (timer_set_for_ && *timer_set_for_ <= *when)) return;
  timer_set_for_ = when;
  timer_.start(*when - Clock::now(), [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->on_timer();
  });
}

void Connection::on_timer() {
  if (state_ == State::closed) return;
  const Clock::time_point now = Clock::now();
  timer_set_for_.reset();
  expire(now);
  close_if_drained();
  if (state_ == State::open && liveness_.is_silent(now)) {
    lose(silence_failure(address_text_, options_->silence_limit));
    return;
  }
  if (state_ == State::open && liveness_.is_unused(now)) {
    if (table_.empty() && outgoing_.empty() && writing_.empty()) {
      log(LogLevel::info, "closed the unused connection to " + address_text_);
      draining_ = true;
      close_if_drained();
      return;
    }
    liveness_.used(now);
  }
  arm_timer();
}

void Connection::expire(Clock::time_point now) {
  for (const RequestPtr& request : table_.expire(now))
    finish(request, timeout_failure(address_text_, *request, state_ != State::connecting));
}

void Connection::close_if_drained() {
  const bool drained = table_.empty() && outgoing_.empty() && writing_.empty();
  if (draining_ && drained) shut({});
}

void Connection::lose(const Failure& reason) {
  const auto owner = owner_.lock();
  if (owner) owner->on_failed(*this, reason);
  shut(reason);
  if (owner) owner->on_lost(*this);
}

void Connection::shut(const Failure& reason) {
  if (state_ == State::closed) return;
  state_ = State::closed;
  // First the owner forgets this connection, so that the handlers below, which may ask again, get another.
  if (const auto owner = owner_.lock()) owner->on_closed(*this);
  if (opener_) opener_->cancel();
  opener_.reset();
  timer_.cancel();
  if (stream_) stream_->close();
  report_unsent(reason);
  outgoing_.clear();
  for (const RequestPtr& request : table_.remove_all())
    finish(request, reason);
}

void Connection::report_unsent(const Failure& reason) const {
  // Requests with a handler are told; of the others only the log can know.
  const auto count = std::count_if(outgoing_.begin(), outgoing_.end(), [](const RequestPtr& request) {
    return !request->finished && !request->wants_reply();
  });
  if (count > 0) {
    log(LogLevel::warning, std::to_string(count) + " one-way commands to " + address_text_ +
                               " were not sent: " + reason.message);
  }
}

void Connection::finish(const RequestPtr& request, const Failure& failure,
                        wire::ReceivedCommand&& reply) const {
  transport::finish(*request, failure, std::move(reply), options_->log);
}

void Connection::log(LogLevel level, const std::string& text) const {
  if (options_->log) options_->log(level, text);
}

}  // namespace rocketmq::transport
