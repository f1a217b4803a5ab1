#include "transport/request_table.h"

namespace rocketmq::transport {

bool RequestTable::add(RequestPtr request) {
  const std::int32_t opaque = request->opaque;
  const Clock::time_point deadline = request->deadline;
  if (!waiting_.emplace(opaque, std::move(request)).second) return false;
  deadlines_.emplace(deadline, opaque);
  // The counter has gone round: a reply belongs to the new request from now on.
  abandoned_.erase(opaque);
  return true;
}

RequestTable::Match RequestTable::take(std::int32_t opaque, RequestPtr& request) {
  const auto found = waiting_.find(opaque);
  if (found == waiting_.end()) return abandoned_.erase(opaque) > 0 ? Match::late : Match::unknown;
  request = std::move(found->second);
  deadlines_.erase({request->deadline, opaque});
  waiting_.erase(found);
  return Match::waiting;
}

std::vector<RequestPtr> RequestTable::expire(Clock::time_point now) {
  std::vector<RequestPtr> expired;
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const std::int32_t opaque = deadlines_.begin()->second;
    deadlines_.erase(deadlines_.begin());
    const auto found = waiting_.find(opaque);
    expired.push_back(std::move(found->second));
    waiting_.erase(found);
    abandon(opaque);
  }
  return expired;
}

std::vector<RequestPtr> RequestTable::remove_all() {
  std::vector<RequestPtr> all;
  all.reserve(deadlines_.size());
  for (const auto& [deadline, opaque] : deadlines_)
    all.push_back(std::move(waiting_.find(opaque)->second));
  waiting_.clear();
  deadlines_.clear();
  abandoned_.clear();
  abandoned_order_.clear();
  return all;
}

std::optional<Clock::time_point> RequestTable::next_deadline() const {
  if (deadlines_.empty()) return std::nullopt;
  return deadlines_.begin()->first;
}

void RequestTable::abandon(std::int32_t opaque) {
  abandoned_.insert(opaque);
  abandoned_order_.push_back(opaque);
  if (abandoned_order_.size() > abandoned_limit) {
    abandoned_.erase(abandoned_order_.front());
    abandoned_order_.pop_front();
  }
}

}  // namespace rocketmq::transport
