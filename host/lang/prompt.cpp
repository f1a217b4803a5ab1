#include "lang/prompt.h"

#include <poll.h>
#include <unistd.h>

#include <iostream>
#include <optional>
#include <string>
#include <utility>

#include "Util.h"
#include "lang/layout.h"
#include "lang/runtime.h"
#include "lang/test_runner.h"

namespace host {
namespace {

// Lines of standard input. It polls, because Ctrl-C arrives in another thread and must end the waiting.
class Input {
 public:
  std::optional<std::string> read_line() {
    for (;;) {
      const auto end = pending_.find('\n');
      if (end != std::string::npos) {
        std::string line = pending_.substr(0, end);
        pending_.erase(0, end + 1);
        return line;
      }
      if (ended_) {
        if (pending_.empty()) return std::nullopt;
        return std::exchange(pending_, {});
      }
      fill();
    }
  }

 private:
  void fill() {
    constexpr int poll_interval_ms = 100;
    Runtime::instance().check_interrupt();
    pollfd waiting{STDIN_FILENO, POLLIN, 0};
    if (poll(&waiting, 1, poll_interval_ms) <= 0) return;
    char buffer[4096];
    const auto count = read(STDIN_FILENO, buffer, sizeof buffer);
    if (count > 0) {
      pending_.append(buffer, static_cast<std::size_t>(count));
    } else {
      ended_ = true;
    }
  }

  std::string pending_;
  bool ended_ = false;
};

}  // namespace

void run_prompt(ScriptSession& session) {
  const bool interactive = isatty(STDIN_FILENO) != 0;
  Input input;
  std::string block;
  const auto ask = [&] {
    if (interactive) std::cout << (block.empty() ? "> " : "... ") << std::flush;
  };
  const auto run_block = [&] {
    try {
      session.run(std::exchange(block, {}), 1, true);
    } catch (const Interrupted&) {
      throw;
    } catch (...) {
      std::cerr << describe_current_error("prompt") << std::endl;
    }
  };
  for (ask();; ask()) {
    const auto line = input.read_line();
    if (!line) {
      // What was begun and never closed gets its syntax error instead of silence.
      if (!block.empty()) run_block();
      return;
    }
    const auto word = Util::trim(*line);
    if (block.empty() && (word == "exit" || word == "quit" || word == "exit;" || word == "quit;")) return;
    block += *line + "\n";
    if (!Layout::is_incomplete(block)) run_block();
  }
}

}  // namespace host
