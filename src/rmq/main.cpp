// rmq: RocketMQ in a shell.
#include <cstdio>
#include <exception>
#include <string>
#include <variant>

#include "rmq/client_settings.h"
#include "rmq/commands.h"
#include "rmq/interrupt.h"
#include "rmq/usage_error.h"
#include "rocketmq/error.h"

namespace {

namespace rmq = rocketmq::rmq;

constexpr int failed = 1;
constexpr int wrong_usage = 2;

int complain(const std::string& text, int code) {
  (void)std::fprintf(stderr, "rmq: %s\n", rmq::in_our_words(text).c_str());
  rmq::end_if_interrupted();
  return code;
}

bool is_wrong_usage(rocketmq::Errc code) {
  return code == rocketmq::Errc::invalid_name || code == rocketmq::Errc::invalid_address;
}

int run(int argc, char** argv) {
  rmq::Invocation invocation;
  if (!rmq::read_options(argc, argv, invocation)) return 0;
  rmq::Output out(invocation.common.color);
  const auto* const read = std::get_if<rmq::ReadOptions>(&invocation.command);
  const bool follows = read != nullptr && read->follow;
  rmq::Session session{invocation.common, rmq::client_settings(invocation.common, follows), out};
  try {
    std::visit([&session](const auto& options) { rmq::run(options, session); }, invocation.command);
  } catch (const std::exception&) {
    out.flush();  // What was found before.
    throw;
  }
  out.flush();
  rmq::end_if_interrupted();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const rmq::UsageError& error) {
    return complain(error.what(), wrong_usage);
  } catch (const rocketmq::Error& error) {
    if (error.code() == rocketmq::Errc::cancelled) rmq::end_if_interrupted();
    return complain(error.what(), is_wrong_usage(error.code()) ? wrong_usage : failed);
  } catch (const std::exception& error) {
    return complain(error.what(), failed);
  }
}
