#include "base/error.h"

#include <utility>

namespace rocketmq {

Error::Error(Failure failure) : std::runtime_error(to_string(failure)), failure_(std::move(failure)) {}

Error::Error(Errc code, const std::string& message) : Error(Failure{code, message, std::nullopt}) {}

void throw_if(const Failure& failure) {
  if (failure.failed()) throw Error(failure);
}

std::string to_string(const Failure& failure) {
  std::string text = failure.message.empty() ? describe(failure.code) : failure.message;
  if (failure.server) {
    text += " (the server " + failure.server->address + " said " + std::to_string(failure.server->code);
    if (!failure.server->remark.empty()) text += ": " + failure.server->remark;
    text += ")";
  }
  return text;
}

}  // namespace rocketmq
