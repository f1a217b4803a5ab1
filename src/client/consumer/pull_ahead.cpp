#include "client/consumer/pull_ahead.h"

#include <algorithm>
#include <utility>

namespace rocketmq::client {

std::vector<PullAhead::Ask> PullAhead::on_received(std::int64_t begin, std::int64_t next_begin,
                                                   std::int64_t end, std::size_t bytes, bool room) {
  std::vector<Ask> asks;
  if (next_begin <= begin) return asks;
  if (!pulls_.empty() && pulls_.front().offset != next_begin) guess_was_wrong();
  // A gap in the queue, not a reply of so many messages.
  if (next_begin - begin > max_span) return asks;
  if (pause_ > 0) {
    if (--pause_ == 0) forbidden_ = false;
    return asks;
  }
  if (pulls_.empty()) {
    span_ = next_begin - begin;
    bytes_each_ = 1;
  }
  bytes_each_ = std::max(bytes_each_, bytes);
  if (!room) return asks;
  // The first of those that are there becomes the head's own.
  const std::size_t depth =
      std::min(depth_, std::max<std::size_t>(max_bytes / bytes_each_, 1)) + (pulls_.empty() ? 0 : 1);
  std::int64_t offset = (pulls_.empty() ? next_begin : pulls_.back().offset) + span_;
  while (pulls_.size() < depth && offset + span_ <= end) {
    Pull pull;
    pull.id = ++last_id_;
    pull.offset = offset;
    pulls_.push_back(std::move(pull));
    asks.push_back({last_id_, offset, static_cast<std::int32_t>(span_)});
    offset += span_;
  }
  return asks;
}

void PullAhead::guess_was_wrong() {
  pulls_.clear();
  depth_ = std::max<std::size_t>(depth_ / 2, 1);
  pause_ = next_pause_;
  next_pause_ = std::min(next_pause_ * 2, longest_pause);
}

PullAhead::Claim PullAhead::claim(std::int64_t offset, std::uint64_t ticket, PullAnswer& answer) {
  if (pulls_.empty() || pulls_.front().offset != offset) return Claim::not_asked;
  depth_ = std::min(depth_ + 1, max_pulls);
  if (depth_ == max_pulls) next_pause_ = first_pause;
  Pull& pull = pulls_.front();
  if (!pull.answer) {
    pull.ticket = ticket;
    return Claim::under_way;
  }
  answer = std::move(*pull.answer);
  pulls_.pop_front();
  return Claim::arrived;
}

std::optional<PullAhead::Head> PullAhead::arrive(std::uint64_t id, PullAnswer& answer) {
  const auto found =
      std::find_if(pulls_.begin(), pulls_.end(), [id](const Pull& pull) { return pull.id == id; });
  if (found == pulls_.end()) return std::nullopt;
  if (!found->ticket) {
    found->answer = std::move(answer);
    return std::nullopt;
  }
  const Head head{*found->ticket, found->offset};
  pulls_.erase(found);
  return head;
}

std::int64_t PullAhead::head_limit(std::int64_t offset, std::int64_t otherwise) const {
  if (pulls_.empty() || pulls_.front().offset <= offset) return otherwise;
  return std::min(otherwise, pulls_.front().offset - offset);
}

void PullAhead::withdraw(std::uint64_t id) {
  const auto from =
      std::find_if(pulls_.begin(), pulls_.end(), [id](const Pull& pull) { return pull.id >= id; });
  pulls_.erase(from, pulls_.end());
}

void PullAhead::clear() {
  pulls_.clear();
}

void PullAhead::forbid() {
  clear();
  forbidden_ = true;
  depth_ = 1;
  pause_ = next_ban_;
  next_ban_ = std::min(next_ban_ * ban_factor, longest_ban);
}

std::size_t PullAhead::expected_messages() const noexcept {
  return pulls_.size() * static_cast<std::size_t>(span_);
}

std::size_t PullAhead::expected_bytes() const noexcept {
  std::size_t bytes = 0;
  for (const Pull& pull : pulls_)
    bytes += pull.answer ? pull.answer->reply.body.view.size() : bytes_each_;
  return bytes;
}

}  // namespace rocketmq::client
