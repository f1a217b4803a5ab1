#include "lang/stdout_output.h"

#include <iostream>
#include <mutex>

namespace host {
namespace {

std::mutex& stdout_mutex() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

bool StdoutOutput::write(const ConstantSP& obj) {
  return message(obj->getString());
}

bool StdoutOutput::message(const string& msg) {
  const std::lock_guard lock(stdout_mutex());
  std::cout << msg;
  if (msg.empty() || msg.back() != '\n') std::cout << '\n';
  std::cout.flush();
  return static_cast<bool>(std::cout);
}

IO_ERR StdoutOutput::done(const string& errMsg) {
  return message(errMsg) ? OK : OTHERERR;
}

IO_ERR StdoutOutput::flush() {
  return std::cout.flush() ? OK : OTHERERR;
}

}  // namespace host
