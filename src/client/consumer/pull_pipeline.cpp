#include "client/consumer/pull_pipeline.h"

#include <algorithm>
#include <utility>

namespace rocketmq::client {

void PullPipeline::restart(std::int64_t offset) {
  if (state_ == State::stopped) return;
  state_ = State::running;
  ask_for_head_alone();
  offset_ = offset;
}

void PullPipeline::stop() noexcept {
  state_ = State::stopped;
  pulls_.clear();
}

// No more than fits: a span may be from before pulls had to ask for less.
std::int32_t PullPipeline::step() const noexcept {
  return static_cast<std::int32_t>(std::min<std::int64_t>(span_, messages_));
}

std::size_t PullPipeline::depth() const noexcept {
  const std::size_t by_bytes = 1 + std::max<std::size_t>(max_bytes / bytes_each_, 1);
  return std::min(by_bytes, static_cast<std::size_t>(std::max<std::int64_t>(depth_, 1)));
}

bool PullPipeline::wants_pull() const noexcept {
  if (state_ != State::running) return false;
  if (head_is_missing()) return true;
  return pulls_.size() < depth() && pulls_.back().offset + pulls_.back().messages + step() <= known_end_;
}

const PullPipeline::Pull& PullPipeline::next_pull() {
  Pull pull;
  pull.id = ++last_id_;
  if (head_is_missing()) {
    pull.offset = offset_;
    pull.suspends = true;
    pull.messages = messages_;
    if (!pulls_.empty()) {
      // A reply was a little shorter than expected: the rest of it is asked for.
      pull.messages =
          static_cast<std::int32_t>(std::min<std::int64_t>(messages_, pulls_.front().offset - offset_));
    } else if (depth() > 1 && offset_ + 2 * std::int64_t{step()} <= known_end_) {
      pull.messages = step();
    } else {
      known_end_ = 0;  // Where this pull ends is open, so nothing can be asked for behind it.
    }
    return pulls_.emplace_front(std::move(pull));
  }
  pull.offset = pulls_.back().offset + pulls_.back().messages;
  pull.messages = step();
  return pulls_.emplace_back(std::move(pull));
}

bool PullPipeline::arrive(std::uint64_t id, PullAnswer&& answer) {
  const auto found =
      std::find_if(pulls_.begin(), pulls_.end(), [id](const Pull& pull) { return pull.id == id; });
  if (found == pulls_.end()) return false;
  found->answer = std::move(answer);
  return found == pulls_.begin() && !head_is_missing();
}

const PullPipeline::Pull* PullPipeline::arrived_head() const noexcept {
  return !head_is_missing() && pulls_.front().answer ? &pulls_.front() : nullptr;
}

std::optional<std::chrono::milliseconds> PullPipeline::on_outcome(const PullOutcome& outcome) {
  using Kind = PullOutcome::Kind;
  const std::int64_t begin = offset_;
  pulls_.pop_front();
  if (outcome.kind == Kind::received && outcome.next_begin > begin) {
    offset_ = outcome.next_begin;
    learn(begin, outcome);
    got_on();
    return std::nullopt;
  }
  ask_for_head_alone();
  switch (outcome.kind) {
    case Kind::nothing_passed:
    case Kind::nothing_new:
      if (outcome.next_begin > begin || (outcome.kind == Kind::nothing_new && outcome.took >= held)) {
        offset_ = std::max(begin, outcome.next_begin);
        got_on();
        return std::nullopt;
      }
      break;
    case Kind::offset_moved:
      // No reset of the back-off: a broker that moves us on every pull must not make us spin.
      offset_ = outcome.next_begin;
      break;
    case Kind::too_large:
      state_ = State::paused;
      retried_now_ = true;  // No heartbeat makes it smaller.
      return large_backoff_.next(random_());
    default:
      break;
  }
  return pause();
}

void PullPipeline::learn(std::int64_t begin, const PullOutcome& outcome) noexcept {
  const std::int64_t length = offset_ - begin;
  // The next messages may be larger, so that half of the limit is not far from it.
  const bool asks_for_more = messages_ < max_messages &&
                             outcome.messages >= static_cast<std::size_t>(messages_) &&
                             outcome.bytes <= wire::max_frame_bytes / 4;
  if (asks_for_more) messages_ = std::min(messages_ * 2, max_messages);
  known_end_ = outcome.known_end;
  while (!pulls_.empty() && pulls_.front().offset < offset_)
    pulls_.pop_front();
  // Nothing can be guessed from the end of the queue, from a gap, and from a reply that we kept short.
  if (offset_ >= known_end_ || length > max_span || asks_for_more) {
    ask_for_head_alone();
    return;
  }
  const bool was_right = pulls_.empty() ? length == span_ : pulls_.front().offset == offset_;
  if (was_right) {
    depth_ = std::min(depth_ + 1, static_cast<std::int64_t>(max_depth));
  } else {
    depth_ = std::min<std::int64_t>(depth_, 1);
    // If a single pull may bring what is missing, those that are under way are not wasted.
    if (!pulls_.empty() && pulls_.front().offset - offset_ > length) pulls_.clear();
  }
  if (pulls_.empty()) {
    span_ = length;
    bytes_each_ = 1;
  }
  bytes_each_ = std::max(bytes_each_, outcome.bytes);
}

bool PullPipeline::on_late() noexcept {
  (void)shrink(0);  // The line may be too slow for such an answer.
  if (pulls_.size() < 2) return false;
  depth_ = 1 - penalty_;
  penalty_ = std::min(penalty_ * penalty_factor, longest_penalty);
  return true;
}

bool PullPipeline::shrink(std::int64_t span) noexcept {
  if (messages_ == 1) return false;
  const std::int64_t answered = span > 0 ? std::min<std::int64_t>(messages_, span) : messages_;
  messages_ = static_cast<std::int32_t>(std::max<std::int64_t>(answered / 2, 1));
  return true;
}

std::chrono::milliseconds PullPipeline::pause() {
  ask_for_head_alone();
  state_ = State::paused;
  return backoff_.next(random_());
}

void PullPipeline::end_pause() noexcept {
  if (state_ == State::paused) state_ = State::running;
}

bool PullPipeline::retry_now() noexcept {
  if (state_ != State::paused || retried_now_) return false;
  retried_now_ = true;
  state_ = State::running;
  return true;
}

// Its answer shows whether several pulls make sense again.
void PullPipeline::ask_for_head_alone() noexcept {
  pulls_.clear();
  known_end_ = 0;
}

void PullPipeline::got_on() noexcept {
  backoff_.reset();
  large_backoff_.reset();
  retried_now_ = false;
}

void PullPipeline::forget_ahead() noexcept {
  if (pulls_.size() > 1) pulls_.erase(pulls_.begin() + 1, pulls_.end());
}

std::size_t PullPipeline::expected_messages() const noexcept {
  std::size_t messages = 0;
  for (std::size_t i = head_is_missing() ? 0 : 1; i < pulls_.size(); ++i)
    messages += static_cast<std::size_t>(pulls_[i].messages);
  return messages;
}

std::size_t PullPipeline::expected_bytes() const noexcept {
  std::size_t bytes = 0;
  for (std::size_t i = head_is_missing() ? 0 : 1; i < pulls_.size(); ++i) {
    const auto& answer = pulls_[i].answer;
    bytes += answer ? answer->reply.body.view.size() : bytes_each_;
  }
  return bytes;
}

}  // namespace rocketmq::client
