#include "client/producer/send_windows.h"

#include <algorithm>
#include <utility>

namespace rocketmq::client {

void SendWindows::acquire(const std::string& broker_name, Granted granted) {
  auto& window = windows_[broker_name];
  if (window.in_flight < window.limit) {
    ++window.in_flight;
    granted();
  } else {
    window.waiting.push_back(std::move(granted));
  }
}

std::vector<SendWindows::Granted> SendWindows::release(const std::string& broker_name, Outcome outcome) {
  auto& window = windows_[broker_name];
  // What was sent together is refused together: it counts as one sign of load.
  const bool same_burst = window.sent_before > 0;
  if (same_burst) --window.sent_before;
  if (outcome == Outcome::busy && !same_burst) {
    window.limit = std::max<std::size_t>(1, std::min(window.limit, window.in_flight) / 2);
    window.sent_before = window.in_flight - 1;
    window.answered = 0;
  } else if (outcome == Outcome::answered && window.limit < max_in_flight &&
             ++window.answered >= window.limit) {
    ++window.limit;
    window.answered = 0;
  }
  --window.in_flight;
  std::vector<Granted> next;
  while (window.in_flight < window.limit && !window.waiting.empty()) {
    ++window.in_flight;
    next.push_back(std::move(window.waiting.front()));
    window.waiting.pop_front();
  }
  return next;
}

std::size_t SendWindows::limit(const std::string& broker_name) const {
  const auto found = windows_.find(broker_name);
  return found == windows_.end() ? max_in_flight : found->second.limit;
}

}  // namespace rocketmq::client
