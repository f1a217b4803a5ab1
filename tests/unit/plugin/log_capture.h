#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "plugin/sdk.h"

namespace rocketmq::plugin::test {

/// Takes the lines of the server's log for as long as it lives.
class LogCapture {
 public:
  LogCapture() {
    log_inst.setSink([this](const std::string& line) {
      const std::lock_guard lock(mutex_);
      lines_.push_back(line);
    });
  }
  ~LogCapture() { log_inst.setSink({}); }
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;

  /// The lines that contain `part`, from their level on.
  [[nodiscard]] std::vector<std::string> lines_with(const std::string& part) const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> found;
    for (const std::string& line : lines_) {
      if (line.find(part) != std::string::npos) found.push_back(line.substr(line.find('<')));
    }
    return found;
  }

 private:
  mutable std::mutex mutex_;  // Jobs log from their threads.
  std::vector<std::string> lines_;
};

}  // namespace rocketmq::plugin::test
