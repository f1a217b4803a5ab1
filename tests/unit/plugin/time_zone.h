#pragma once

#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>

namespace rocketmq::plugin::test {

/// The process's time zone as long as this lives, whatever the machine's.
class TimeZone {
 public:
  /// One hour ahead of UTC, two in summer.
  static constexpr const char* central_europe = "CET-1CEST,M3.5.0,M10.5.0/3";

  explicit TimeZone(const char* zone) { set(zone); }
  ~TimeZone() { set(before_ ? before_->c_str() : nullptr); }
  TimeZone(const TimeZone&) = delete;
  TimeZone& operator=(const TimeZone&) = delete;

 private:
  static void set(const char* zone) {
    if (zone == nullptr) {
      ::unsetenv("TZ");
    } else {
      ::setenv("TZ", zone, 1);
    }
    ::tzset();
  }

  const std::optional<std::string> before_ =
      ::getenv("TZ") == nullptr ? std::nullopt : std::optional<std::string>(::getenv("TZ"));
};

}  // namespace rocketmq::plugin::test
