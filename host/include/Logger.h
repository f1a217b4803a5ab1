// The server's log: LOG, LOG_INFO, LOG_WARN, LOG_ERR write one line of all their arguments.
#pragma once

#include <atomic>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <sstream>
#include <string>

#include "HostNamespace.h"

HOST_SDK_BEGIN

enum class severity_type { DEBUG, INFO, WARNING, ERR };

/// May be used from any thread. A line reads `2024.01.02T03:04:05.678 <INFO> :text`, local time.
class Logger {
 public:
  /// Gets a finished line without its end; called with a lock held, so it must not log.
  using Sink = std::function<void(const std::string& line)>;

  void setLogLevel(severity_type level) { level_ = level; }
  severity_type getLogLevel() const { return level_; }
  /// Where lines go; an empty function means standard error, which is the default. The host's own.
  void setSink(Sink sink);

  /// Never throws: a line that cannot be written is dropped.
  template <severity_type severity, typename... Args>
  void print(const Args&... args) noexcept {
    try {
      if (severity < level_.load()) return;
      std::ostringstream text;
      static_cast<void>(std::initializer_list<int>{(static_cast<void>(text << args), 0)...});
      writeLine(severity, text.str());
    } catch (...) {  // NOLINT(bugprone-empty-catch): there is nowhere left to report to
    }
  }

 private:
  void writeLine(severity_type severity, const std::string& text);

  std::atomic<severity_type> level_{severity_type::INFO};
  std::mutex mutex_;
  Sink sink_;
};

extern Logger log_inst;

#define LOG(...) log_inst.print<severity_type::DEBUG>(__VA_ARGS__)
#define LOG_INFO(...) log_inst.print<severity_type::INFO>(__VA_ARGS__)
#define LOG_WARN(...) log_inst.print<severity_type::WARNING>(__VA_ARGS__)
#define LOG_ERR(...) log_inst.print<severity_type::ERR>(__VA_ARGS__)

HOST_SDK_END
