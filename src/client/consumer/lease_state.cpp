#include "client/consumer/lease_state.h"

#include <algorithm>
#include <utility>

namespace rocketmq::client {

void LeaseState::hold(DirectMessagePtr message, LeasedPart part) {
  direct_ = std::move(message);
  parts_.push_back(std::move(part));
}

void LeaseState::reject(std::size_t row, std::string_view reason) {
  if (row >= rows_.size()) return;
  rejected_.push_back(row);
  if (direct_) reason_ = reason;
}

std::vector<RejectedMessage> LeaseState::rejected_messages() const {
  std::vector<RejectedMessage> messages;
  if (!send_back_) return messages;
  std::vector<std::size_t> rejected = rejected_;
  std::sort(rejected.begin(), rejected.end());
  rejected.erase(std::unique(rejected.begin(), rejected.end()), rejected.end());
  messages.reserve(rejected.size());
  for (const std::size_t row : rejected) {
    const Source& source = sources_[row];
    const LeasedPart& part = parts_[source.part];
    messages.push_back({part.queue,
                        part.generation,
                        rows_[row].queue_offset,
                        {part.segments[source.segment].body.storage, source.record}});
  }
  return messages;
}

void LeaseState::acknowledge() {
  if (parts_.empty()) return;
  if (direct_) return end_direct(true);
  ready_->finish(parts_, rejected_messages());
  clear();
}

void LeaseState::give_back() {
  if (parts_.empty()) return;
  if (direct_) return end_direct(false);
  std::vector<RejectedMessage> messages = rejected_messages();
  std::vector<std::pair<std::size_t, std::int64_t>> skipped;
  if (!send_back_) {
    for (const std::size_t row : rejected_)
      skipped.emplace_back(sources_[row].part, rows_[row].queue_offset);
  }
  ready_->give_back(std::move(parts_), std::move(messages), skipped);
  clear();
}

void LeaseState::end_direct(bool handled) {
  if (!handled) {
    direct_->given_up();
  } else if (rejected_.empty()) {
    direct_->succeeded();
  } else {
    direct_->failed(reason_);
  }
  clear();
  ready_->finish_direct();
}

void LeaseState::clear() noexcept {
  direct_.reset();
  parts_.clear();
  rows_.clear();
  sources_.clear();
  rejected_.clear();
  texts_.clear();
}

}  // namespace rocketmq::client
