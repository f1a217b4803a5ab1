#include "plugin/failure_log.h"

#include <utility>

namespace rocketmq::plugin {

std::string place_of(const ReceivedMessage& message) {
  return "topic=" + std::string(message.topic) + " broker=" + std::string(message.broker_name) +
         " queue=" + std::to_string(message.queue_id) + " offset=" + std::to_string(message.queue_offset);
}

namespace {

constexpr std::chrono::seconds line_interval{1};

}  // namespace

std::optional<std::string> FailureLog::line(std::string_view what, const std::string& failure,
                                            TimePoint now) {
  if (last_line_ != TimePoint{} && now - last_line_ < line_interval) {
    ++left_out_;
    return std::nullopt;
  }
  std::string text = std::string(what) + ": " + failure;
  if (left_out_ > 0) text += " (and " + std::to_string(left_out_) + " failures before it that are not shown)";
  last_line_ = now;
  left_out_ = 0;
  return text;
}

std::optional<std::string> FailureLog::rest(std::string_view what, TimePoint now) {
  if (left_out_ == 0 || now - last_line_ < line_interval) return std::nullopt;
  return std::string(what) + ": " + std::to_string(std::exchange(left_out_, 0)) +
         " more since the last line, not shown";
}

}  // namespace rocketmq::plugin
