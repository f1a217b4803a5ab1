#pragma once

#include <exception>
#include <string>

namespace rocketmq::rmq {

/// What the exception of `call` says; "nothing was thrown" without one.
template <class Exception = std::exception, class Call>
std::string thrown_text(const Call& call) {
  try {
    call();
  } catch (const Exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}

}  // namespace rocketmq::rmq
