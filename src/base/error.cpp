#include "rocketmq/error.h"

#include <cstddef>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace rocketmq {

namespace {

/// Brokers send whole stack traces.
constexpr std::size_t max_remark_bytes = 2048;

/// A server's words on one line, so that a log has a line for each thing that happened.
std::string on_one_line(std::string_view words) {
  std::string line;
  for (const char c : first_bytes(words, max_remark_bytes)) {
    const bool is_control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    if (!is_control) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  while (line.ends_with(' '))
    line.pop_back();
  if (words.size() > max_remark_bytes) line += "...";
  return line;
}

}  // namespace

Error::Error(Failure failure) : std::runtime_error(to_string(failure)), failure_(std::move(failure)) {}

Error::Error(Errc code, const std::string& message) : Error(Failure{code, message, std::nullopt}) {}

void throw_if(const Failure& failure) {
  if (failure.failed()) throw Error(failure);
}

std::string to_string(const Failure& failure) {
  std::string text = failure.message.empty() ? describe(failure.code) : failure.message;
  if (failure.server) {
    text += " (the server " + failure.server->address + " said " + std::to_string(failure.server->code);
    if (!failure.server->remark.empty()) text += ": " + on_one_line(failure.server->remark);
    text += ")";
  }
  return text;
}

}  // namespace rocketmq
