#include "client/consumer/puller.h"

namespace rocketmq::client {

using Kind = PullAction::Kind;

PullAction Puller::start() {
  return act(PullState::asking_committed, Kind::query_committed);
}

PullAction Puller::on_committed(std::uint64_t ticket, const Committed& committed, bool room) {
  if (ticket != ticket_ || state_ != PullState::asking_committed) return {};
  // Only "there is none" means none. Taking a failure for it would move the group to the end of the queue.
  if (!committed.known) {
    PullAction action = pause();
    action.refresh_route = true;
    return action;
  }
  if (committed.offset) {
    offset_ = *committed.offset;
    got_on();
    return pull_or_rest(room);
  }
  no_offset_ = true;
  return act(PullState::asking_start, Kind::query_start);
}

PullAction Puller::on_start(std::uint64_t ticket, std::optional<std::int64_t> offset) {
  if (ticket != ticket_ || state_ != PullState::asking_start) return {};
  if (!offset) {
    PullAction action = pause();
    action.refresh_route = true;
    return action;
  }
  start_ = *offset;
  return act(PullState::storing_start, Kind::store_start);
}

PullAction Puller::on_start_stored(std::uint64_t ticket, bool success, bool room) {
  if (ticket != ticket_ || state_ != PullState::storing_start) return {};
  if (!success) {
    PullAction action = pause();
    action.refresh_route = true;
    return action;
  }
  offset_ = start_;
  got_on();
  return pull_or_rest(room);
}

PullAction Puller::on_pull(std::uint64_t ticket, const PullOutcome& outcome, bool room) {
  if (ticket != ticket_ || state_ != PullState::pulling) return {};
  using Outcome = PullOutcome::Kind;
  switch (outcome.kind) {
    case Outcome::received:
    case Outcome::nothing_passed:
    case Outcome::nothing_new:
      if (outcome.next_begin > *offset_) {
        offset_ = outcome.next_begin;
        got_on();
        return pull_or_rest(room);
      }
      if (outcome.kind == Outcome::nothing_new && outcome.took >= held) {
        got_on();
        return pull_or_rest(room);
      }
      return pause();
    case Outcome::offset_moved:
      // No reset of the back-off: a broker that moves us on every pull must not make us spin.
      offset_ = outcome.next_begin;
      return pause();
    case Outcome::not_subscribed: {
      PullAction action = pause();
      action.heartbeat = true;
      return action;
    }
    case Outcome::moved_away: {
      PullAction action = pause();
      action.refresh_route = true;
      return action;
    }
    case Outcome::too_large: {
      PullAction action = act(PullState::waiting, Kind::wait);
      action.delay = large_backoff_.next(random_());
      hurried_ = true;  // No heartbeat makes it smaller.
      return action;
    }
    case Outcome::unreadable:
    case Outcome::refused:
      break;
  }
  return pause();
}

PullAction Puller::on_wait_over(std::uint64_t ticket, bool room) {
  if (ticket != ticket_ || state_ != PullState::waiting) return {};
  return resume(room);
}

PullAction Puller::on_room() {
  if (state_ != PullState::full) return {};
  return pull_or_rest(true);
}

PullAction Puller::hurry(bool room) {
  if (state_ != PullState::waiting || hurried_) return {};
  hurried_ = true;
  return resume(room);
}

PullAction Puller::restart(std::int64_t offset, bool room) {
  if (state_ == PullState::stopped) return {};
  offset_ = offset;
  return pull_or_rest(room);
}

void Puller::stop() noexcept {
  state_ = PullState::stopped;
  ++ticket_;
}

PullAction Puller::act(PullState state, Kind kind) {
  state_ = state;
  PullAction action;
  action.kind = kind;
  action.ticket = ++ticket_;
  action.offset = state == PullState::storing_start ? start_.value_or(0) : offset_.value_or(0);
  return action;
}

PullAction Puller::pull_or_rest(bool room) {
  if (room) return act(PullState::pulling, Kind::pull);
  return act(PullState::full, Kind::none);
}

PullAction Puller::pause() {
  PullAction action = act(PullState::waiting, Kind::wait);
  action.delay = backoff_.next(random_());
  return action;
}

void Puller::got_on() noexcept {
  backoff_.reset();
  large_backoff_.reset();
  hurried_ = false;
}

// Goes on with the step that failed; what was found out before is still true.
PullAction Puller::resume(bool room) {
  if (offset_) return pull_or_rest(room);
  if (start_) return act(PullState::storing_start, Kind::store_start);
  if (no_offset_) return act(PullState::asking_start, Kind::query_start);
  return start();
}

}  // namespace rocketmq::client
