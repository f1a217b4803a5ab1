#include "client/producer/send_lanes.h"

#include <algorithm>

namespace rocketmq::client {

SendLanes::SendLanes(const std::vector<MessageQueue>& queues, bool gate_last)
    : ended_(queues.size(), false), gate_last_(gate_last && queues.size() > 1) {
  for (std::size_t i = 0; i < queues.size(); ++i) {
    lanes_.push_back(Lane{queues[i], {i}, std::nullopt});
    slice_lane_.push_back(i);
  }
}

bool SendLanes::may_send(std::size_t slice) const {
  if (ended_[slice]) return false;
  const auto& lane = lanes_[slice_lane_[slice]];
  if (lane.slices.empty() || lane.slices.front() != slice) return false;
  return !gate_last_ || slice + 1 != slice_lane_.size() || ended_.front();
}

void SendLanes::mark_started(std::size_t slice) {
  auto& lane = lanes_[slice_lane_[slice]];
  if (!lane.last_started || *lane.last_started < slice) lane.last_started = slice;
}

void SendLanes::end(std::size_t slice) {
  take_out(slice);
  ended_[slice] = true;
}

std::vector<std::size_t> SendLanes::heads() const {
  std::vector<std::size_t> result;
  for (const auto& lane : lanes_) {
    if (!lane.slices.empty() && may_send(lane.slices.front())) result.push_back(lane.slices.front());
  }
  return result;
}

bool SendLanes::accepts(std::size_t lane, std::size_t slice) const {
  return !lanes_[lane].last_started || *lanes_[lane].last_started < slice;
}

bool SendLanes::has_lane(const MessageQueue& queue) const {
  return std::any_of(lanes_.begin(), lanes_.end(), [&](const Lane& lane) { return lane.queue == queue; });
}

void SendLanes::put(std::size_t slice, std::size_t lane) {
  take_out(slice);
  auto& slices = lanes_[lane].slices;
  slices.insert(std::upper_bound(slices.begin(), slices.end(), slice), slice);
  slice_lane_[slice] = lane;
}

void SendLanes::take_out(std::size_t slice) {
  auto& slices = lanes_[slice_lane_[slice]].slices;
  slices.erase(std::remove(slices.begin(), slices.end(), slice), slices.end());
}

}  // namespace rocketmq::client
