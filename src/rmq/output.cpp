#include "rmq/output.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "rmq/environment.h"
#include "rmq/usage_error.h"

namespace rocketmq::rmq {

namespace {

bool wants_colors(ColorChoice choice, bool terminal) {
  if (choice != ColorChoice::automatic) return choice == ColorChoice::always;
  // See no-color.org.
  return terminal && environment_value("NO_COLOR").empty() && environment_value("TERM") != "dumb";
}

/// Ends the process as if the signal had not been ignored by who started us.
[[noreturn]] void die_of_closed_pipe() {
  std::signal(SIGPIPE, SIG_DFL);
  std::raise(SIGPIPE);
  _exit(128 + SIGPIPE);
}

}  // namespace

Output::Output(ColorChoice choice)
    : terminal_(isatty(STDOUT_FILENO) == 1), colors_(wants_colors(choice, terminal_)) {}

void Output::flush() {
  std::string_view rest = text_;
  while (!rest.empty()) {
    const ssize_t count = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (count >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EPIPE) {
      die_of_closed_pipe();
    } else if (errno != EINTR) {
      const int error = errno;
      text_.clear();
      throw CommandError(std::string("the standard output cannot be written: ") + system_message(error));
    }
  }
  text_.clear();
}

}  // namespace rocketmq::rmq
