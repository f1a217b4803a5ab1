#include "client/producer/send_progress.h"

#include <algorithm>
#include <utility>

namespace rocketmq::client {

template <class Ready>
void SendProgress::wait(std::unique_lock<std::mutex>& lock, const std::function<void()>& check,
                        const Ready& ready) {
  while (!changed_.wait_for(lock, check_interval, ready)) {
    lock.unlock();
    check();
    lock.lock();
  }
}

void SendProgress::set_plan(std::vector<SliceRange> slices) {
  const std::lock_guard lock(mutex_);
  plan_ = std::move(slices);
  changed_.notify_all();
}

std::vector<SliceRange> SendProgress::wait_for_plan(const std::function<void()>& check) {
  std::unique_lock lock(mutex_);
  wait(lock, check, [&] { return !plan_.empty() || result_ != nullptr; });
  return result_ != nullptr ? std::vector<SliceRange>{} : plan_;
}

std::vector<SliceRange> SendProgress::plan() const {
  const std::lock_guard lock(mutex_);
  return result_ != nullptr ? std::vector<SliceRange>{} : plan_;
}

void SendProgress::set_batches(const std::vector<std::size_t>& counts) {
  const std::lock_guard lock(mutex_);
  for (const std::size_t count : counts)
    slices_.push_back(Slice{count, 0, 0});
}

void SendProgress::batch_ended(std::size_t slice) {
  const std::lock_guard lock(mutex_);
  // A send of a single batch has no plan.
  if (slice < slices_.size()) ++slices_[slice].ended;
  changed_.notify_all();
}

SendProgress::ResultPtr SendProgress::make_result(std::vector<SendRange> ranges, std::size_t queues_tried) {
  return std::make_shared<const Result>(Result{std::move(ranges), queues_tried});
}

void SendProgress::end(std::vector<SendRange> ranges, std::size_t queues_tried) {
  end(make_result(std::move(ranges), queues_tried));
}

void SendProgress::end(const ResultPtr& result) {
  {
    const std::lock_guard lock(mutex_);
    if (result_ != nullptr) return;
    result_ = result;
  }
  // After the lock is free, or the threads that wake would wait for it at once.
  changed_.notify_all();
  if (on_end_) on_end_(*result);
}

bool SendProgress::find_room(std::optional<Next>& next) const {
  if (result_ != nullptr) return true;
  bool all_encoded = !slices_.empty();
  for (std::size_t i = 0; i < slices_.size(); ++i) {
    const auto& slice = slices_[i];
    if (slice.encoded == slice.batches) continue;
    all_encoded = false;
    if (slice.encoded - std::min(slice.ended, slice.encoded) >= window) continue;
    // The slice that has least ready comes first, so that all queues have work soon.
    if (!next || slice.encoded - slice.ended < slices_[next->slice].encoded - slices_[next->slice].ended) {
      next = Next{i, slice.encoded};
    }
  }
  return all_encoded || next.has_value();
}

std::optional<SendProgress::Next> SendProgress::take_room(const std::optional<Next>& next) {
  if (result_ != nullptr) return std::nullopt;
  if (next) ++slices_[next->slice].encoded;
  return next;
}

std::optional<SendProgress::Next> SendProgress::wait_for_room(const std::function<void()>& check) {
  std::unique_lock lock(mutex_);
  std::optional<Next> next;
  wait(lock, check, [&] { return find_room(next); });
  return take_room(next);
}

std::optional<SendProgress::Next> SendProgress::next_if_room() {
  const std::lock_guard lock(mutex_);
  std::optional<Next> next;
  (void)find_room(next);
  return take_room(next);
}

std::shared_ptr<std::string> SendProgress::take_body(const std::shared_ptr<SendProgress>& progress) {
  std::unique_ptr<std::string> body;
  {
    const std::lock_guard lock(progress->mutex_);
    auto& spare = progress->spare_bodies_;
    // So that nothing is allocated when a body comes back, which must not throw.
    spare.reserve(max_spare_bodies);
    if (!spare.empty()) {
      body = std::move(spare.back());
      spare.pop_back();
    }
  }
  if (!body) body = std::make_unique<std::string>();
  body->clear();
  return {body.release(),
          [progress](std::string* text) { progress->give_back(std::unique_ptr<std::string>(text)); }};
}

void SendProgress::give_back(std::unique_ptr<std::string> body) {
  const std::lock_guard lock(mutex_);
  if (spare_bodies_.size() < max_spare_bodies) spare_bodies_.push_back(std::move(body));
}

SendProgress::ResultPtr SendProgress::result() const {
  const std::lock_guard lock(mutex_);
  return result_;
}

SendProgress::ResultPtr SendProgress::wait_for_end(const std::function<void()>& check) {
  std::unique_lock lock(mutex_);
  wait(lock, check, [&] { return result_ != nullptr; });
  return result_;
}

}  // namespace rocketmq::client
