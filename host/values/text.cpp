#include "text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "core/Numbers.h"

HOST_SDK_BEGIN

namespace {

// Splits off the last unit of a count towards minus infinity, so that moments before 1970 read right.
long long splitOff(long long& count, long long unit) {
  long long rest = count % unit;
  count /= unit;
  if (rest < 0) {
    rest += unit;
    --count;
  }
  return rest;
}

template <class... Numbers>
std::string formatted(const char* format, Numbers... numbers) {
  std::array<char, 64> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), format, numbers...);
  return {buffer.data(), static_cast<std::size_t>(length)};
}

std::string dateText(long long days) {
  int year = 0;
  int month = 0;
  int day = 0;
  Util::parseDate(static_cast<int>(days), year, month, day);
  return formatted("%04d.%02d.%02d", year, month, day);
}

std::string secondText(long long seconds) {
  return formatted("%02lld:%02lld:%02lld", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

// A moment since the epoch, counted in parts of a second.
std::string momentText(long long count, long long perSecond, const char* fractionFormat) {
  const long long fraction = splitOff(count, perSecond);
  const long long second = splitOff(count, 86400);
  std::string text = dateText(count) + "T" + secondText(second);
  if (fractionFormat != nullptr) text += formatted(fractionFormat, fraction);
  return text;
}

std::string charText(long long value) {
  // Printable characters read as such, as in the server's console.
  return value > 31 && value < 127 ? formatted("'%c'", static_cast<int>(value)) : std::to_string(value);
}

}  // namespace

std::string integerText(DATA_TYPE type, long long value) {
  if (isNullNumber(value)) return "";
  switch (type) {
    case DT_BOOL:
      return value != 0 ? "true" : "false";
    case DT_CHAR:
      return charText(value);
    case DT_DATE:
      return dateText(value);
    case DT_MONTH:
      return formatted("%04lld.%02lldM", value / 12, value % 12 + 1);
    case DT_TIME:
      return secondText(value / 1000) + formatted(".%03lld", value % 1000);
    case DT_MINUTE:
      return formatted("%02lld:%02lldm", value / 60, value % 60);
    case DT_SECOND:
      return secondText(value);
    case DT_DATETIME:
      return momentText(value, 1, nullptr);
    case DT_TIMESTAMP:
      return momentText(value, 1000, ".%03lld");
    case DT_NANOTIME:
      return secondText(value / 1000000000) + formatted(".%09lld", value % 1000000000);
    case DT_NANOTIMESTAMP:
      return momentText(value, 1000000000, ".%09lld");
    case DT_DATEHOUR: {
      const long long hour = splitOff(value, 24);
      return dateText(value) + formatted("T%02lld", hour);
    }
    default:
      return std::to_string(value);
  }
}

std::string floatingText(double value) {
  if (isNullNumber(value)) return "";
  const double magnitude = std::fabs(value);
  if (magnitude != 0 && (magnitude < 1e-4 || magnitude >= 1e15)) {
    return formatted("%.6G", value);
  }
  std::string text = formatted("%.6f", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string floatingText(float value) {
  if (isNullNumber(value)) return "";
  // By way of the shortest decimal number that is this float: 123.45f, widened, would read 123.449997.
  std::array<char, 64> buffer{};
  std::to_chars(buffer.data(), buffer.data() + buffer.size() - 1, value);
  return floatingText(std::strtod(buffer.data(), nullptr));
}

std::string nullScript(DATA_TYPE type) {
  switch (type) {
    case DT_BOOL:
      return "00b";
    case DT_CHAR:
      return "00c";
    case DT_SHORT:
      return "00h";
    case DT_INT:
      return "00i";
    case DT_LONG:
      return "00l";
    case DT_FLOAT:
      return "00f";
    case DT_DOUBLE:
      return "00F";
    case DT_DATE:
      return "00d";
    case DT_MONTH:
      return "00M";
    case DT_TIME:
      return "00t";
    case DT_MINUTE:
      return "00m";
    case DT_SECOND:
      return "00s";
    case DT_DATETIME:
      return "00D";
    case DT_TIMESTAMP:
      return "00T";
    case DT_NANOTIME:
      return "00n";
    case DT_NANOTIMESTAMP:
      return "00N";
    default:
      return "NULL";
  }
}

HOST_SDK_END
