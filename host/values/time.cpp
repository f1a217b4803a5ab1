// Calendar and clocks.
#include <chrono>
#include <ctime>

#include "Concurrent.h"
#include "Util.h"
#include "core/Numbers.h"

HOST_SDK_BEGIN

namespace {

// How far the local clock is ahead of UTC at a moment.
long long localOffsetSeconds(long long epochSeconds) {
  const auto moment = static_cast<std::time_t>(epochSeconds);
  std::tm local{};
  return localtime_r(&moment, &local) == nullptr ? 0 : local.tm_gmtoff;
}

template <class Unit>
long long epochCount() {
  return std::chrono::duration_cast<Unit>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

int Util::countDays(int year, int month, int day) {
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return nullNumber<int>();
  return static_cast<int>(std::chrono::sys_days(date).time_since_epoch().count());
}

void Util::parseDate(int days, int& year, int& month, int& day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  year = static_cast<int>(date.year());
  month = static_cast<int>(static_cast<unsigned>(date.month()));
  day = static_cast<int>(static_cast<unsigned>(date.day()));
}

long long Util::getEpochTime() {
  return epochCount<std::chrono::milliseconds>();
}

long long Util::getNanoEpochTime() {
  return epochCount<std::chrono::nanoseconds>();
}

long long Util::toLocalTimestamp(long long epochTime) {
  if (isNullNumber(epochTime)) return epochTime;
  return epochTime + localOffsetSeconds(epochTime / 1000) * 1000;
}

long long Util::toLocalNanoTimestamp(long long epochNanoTime) {
  if (isNullNumber(epochNanoTime)) return epochNanoTime;
  return epochNanoTime + localOffsetSeconds(epochNanoTime / 1000000000) * 1000000000;
}

void Util::sleep(int milliSeconds) {
  Thread::sleep(milliSeconds);
}

HOST_SDK_END
