#include "Logger.h"

#include <cstdio>
#include <utility>

#include "text.h"

HOST_SDK_BEGIN

Logger log_inst;

namespace {

const char* severityText(severity_type severity) {
  switch (severity) {
    case severity_type::DEBUG:
      return "<DEBUG>";
    case severity_type::INFO:
      return "<INFO>";
    case severity_type::WARNING:
      return "<WARNING>";
    case severity_type::ERR:
      break;
  }
  return "<ERROR>";
}

}  // namespace

void Logger::setSink(Sink sink) {
  const std::lock_guard<std::mutex> guard(mutex_);
  sink_ = std::move(sink);
}

void Logger::writeLine(severity_type severity, const std::string& text) {
  const std::string time = integerText(DT_TIMESTAMP, Util::toLocalTimestamp(Util::getEpochTime()));
  const std::string line = time + " " + severityText(severity) + " :" + text;
  const std::lock_guard<std::mutex> guard(mutex_);
  if (sink_) {
    sink_(line);
  } else {
    // One call a line, so that lines of other writers to standard error do not cut into it.
    std::fputs((line + "\n").c_str(), stderr);
  }
}

HOST_SDK_END
