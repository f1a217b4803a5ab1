#include "client/producer/send_groups.h"

#include <algorithm>
#include <utility>

namespace rocketmq::client {

EncodedBatch SendGroup::take_batch() {
  EncodedBatch batch;
  batch.count = count();
  batch.batch = count() > 1;
  if (batch.batch) {
    batch.body = std::make_shared<const std::string>(std::move(items_));
    return batch;
  }
  if (!take_single(items_, batch)) {
    throw Error(Errc::bad_field, "a message that waited to be sent cannot be read again");
  }
  return batch;
}

bool SendGroup::Member::ends_within(std::chrono::microseconds time) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, time, [this] { return ended_; });
}

void SendGroup::Member::end() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_one();
}

void SendGroup::wake_members() {
  for (auto& member : members_)
    member.end();
}

SendGroups::Joined SendGroups::join(const std::string& topic, std::size_t message_bytes,
                                    std::chrono::steady_clock::time_point now,
                                    const std::function<void(std::string& items)>& append) {
  const std::lock_guard lock(mutex_);
  auto& state = topics_[topic];
  Joined joined;
  const bool full =
      state.waiting != nullptr && state.waiting->items_.size() + message_bytes > max_group_bytes;
  const bool alone = avoided(topic, now);
  // Nobody overtakes those who wait.
  if (full || alone) joined.send_before = send_waiting(state);
  if (alone || (state.under_way == 0 && state.linger == 0)) {
    ++state.under_way;
    return joined;
  }
  auto group = state.waiting != nullptr ? state.waiting : std::make_shared<SendGroup>(topic);
  auto& member = group->members_.emplace_back();
  try {
    append(group->items_);
  } catch (...) {
    group->members_.pop_back();
    // Its members see to it within longest_wait.
    if (joined.send_before != nullptr) {
      --state.under_way;
      state.waiting = std::move(joined.send_before);
    }
    throw;
  }
  state.waiting = group;
  joined.place = Place{group, &member, group->count() - 1, false};
  if (state.linger != 0 && group->count() >= state.expected) {
    state.skip_next = 0;
    joined.place->complete = send_waiting(state) != nullptr;
  }
  return joined;
}

std::shared_ptr<SendGroup> SendGroups::send_waiting(Topic& topic) {
  topic.linger = 0;
  auto group = std::exchange(topic.waiting, nullptr);
  if (group != nullptr) ++topic.under_way;
  return group;
}

SendGroups::Next SendGroups::ended(const std::string& topic, std::size_t messages) {
  const std::lock_guard lock(mutex_);
  auto& state = topics_[topic];
  if (state.under_way > 0) --state.under_way;
  const std::size_t waiting = state.waiting == nullptr ? 0 : state.waiting->count();
  Next next;
  if (waiting + messages > 1 && state.linger == 0) {
    if (state.skip == 0) {
      state.expected = waiting + messages;
      state.linger = next.linger = ++last_linger_;
      return next;
    }
    --state.skip;
  }
  if (state.linger == 0) next.group = send_waiting(state);
  forget_if_idle(topic);
  return next;
}

std::shared_ptr<SendGroup> SendGroups::linger_over(const std::string& topic, std::uint64_t linger) {
  const std::lock_guard lock(mutex_);
  const auto found = topics_.find(topic);
  if (found == topics_.end() || found->second.linger != linger) return nullptr;
  auto& state = found->second;
  state.skip_next = std::min(state.skip_next * skip_factor + 1, max_skipped);
  state.skip = state.skip_next;
  auto group = send_waiting(state);
  forget_if_idle(topic);
  return group;
}

void SendGroups::forget_if_idle(const std::string& topic) {
  const auto found = topics_.find(topic);
  const auto& state = found->second;
  const bool idle = state.under_way == 0 && state.linger == 0 && state.waiting == nullptr;
  if (idle && topics_.size() > max_remembered_topics) topics_.erase(found);
}

bool SendGroups::take(const std::shared_ptr<SendGroup>& group) {
  const std::lock_guard lock(mutex_);
  const auto found = topics_.find(group->topic());
  return found != topics_.end() && found->second.waiting == group && send_waiting(found->second) != nullptr;
}

bool SendGroups::avoided(const std::string& topic, std::chrono::steady_clock::time_point now) {
  const auto found = avoided_until_.find(topic);
  if (found == avoided_until_.end()) return false;
  if (now < found->second) return true;
  avoided_until_.erase(found);
  return false;
}

void SendGroups::avoid(const std::string& topic, std::chrono::steady_clock::time_point now) {
  const std::lock_guard lock(mutex_);
  std::erase_if(avoided_until_, [now](const auto& entry) { return now >= entry.second; });
  if (avoided_until_.size() < max_avoided_topics) avoided_until_[topic] = now + avoid_time;
}

}  // namespace rocketmq::client
