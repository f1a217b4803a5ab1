#include "lang/prompt.h"

#include <histedit.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <clocale>
#include <cstdlib>
#include <cwchar>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "Util.h"
#include "lang/layout.h"
#include "lang/runtime.h"
#include "lang/test_runner.h"

namespace host {
namespace {

constexpr int poll_interval_ms = 100;

// Waits for standard input. It polls, because Ctrl-C arrives in another thread and must end the waiting:
// false then.
bool wait_for_input() {
  pollfd waiting{STDIN_FILENO, POLLIN, 0};
  while (!Runtime::instance().interrupted()) {
    if (poll(&waiting, 1, poll_interval_ms) > 0) return true;
  }
  return false;
}

// Where the prompt's lines come from.
class Input {
 public:
  Input() = default;
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  virtual ~Input() = default;
  // The next line with its end; none where the input has ended. Throws Interrupted.
  virtual std::optional<std::string> read_line(const char* prompt) = 0;
};

class PipeInput : public Input {
 public:
  std::optional<std::string> read_line(const char* /*prompt*/) override {
    for (;;) {
      const auto end = pending_.find('\n');
      if (end != std::string::npos) {
        std::string line = pending_.substr(0, end + 1);
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
    if (!wait_for_input()) throw Interrupted();
    std::array<char, 4096> buffer{};
    const auto count = read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count > 0) {
      pending_.append(buffer.data(), static_cast<std::size_t>(count));
    } else {
      ended_ = true;
    }
  }

  std::string pending_;
  bool ended_ = false;
};

// A terminal, with editing and the lines of before.
class TerminalInput : public Input {
 public:
  TerminalInput() : history_(history_init(), history_end), editor_(start_editor(), el_end) {
    HistEvent event{};
    history(history_.get(), &event, H_SETSIZE, 1000);
    history(history_.get(), &event, H_SETUNIQUE, 1);
    el_set(editor_.get(), EL_EDITOR, "emacs");
    el_set(editor_.get(), EL_HIST, history, history_.get());
    el_set(editor_.get(), EL_CLIENTDATA, this);
    el_set(editor_.get(), EL_PROMPT, prompt_of);
    el_set(editor_.get(), EL_GETCFN, read_character);
    el_source(editor_.get(), nullptr);  // the user's ~/.editrc
  }

  std::optional<std::string> read_line(const char* prompt) override {
    prompt_ = prompt;
    int length = 0;
    const char* text = el_gets(editor_.get(), &length);
    if (Runtime::instance().interrupted()) {
      std::cout << std::endl;
      el_reset(editor_.get());
      throw Interrupted();
    }
    if (text == nullptr || length <= 0) {
      std::cout << std::endl;
      return std::nullopt;
    }
    std::string line(text, static_cast<std::size_t>(length));
    HistEvent event{};
    if (!Util::trim(line).empty()) history(history_.get(), &event, H_ENTER, line.c_str());
    return line;
  }

 private:
  static EditLine* start_editor() {
    // NOLINTBEGIN(concurrency-mt-unsafe): before any other thread reads it
    std::setlocale(LC_CTYPE, "");
    if (MB_CUR_MAX == 1) std::setlocale(LC_CTYPE, "C.UTF-8");
    // NOLINTEND(concurrency-mt-unsafe)
    EditLine* editor = el_init("ddbhost", stdin, stdout, stderr);
    if (editor == nullptr) throw std::runtime_error("The terminal cannot be used for editing");
    return editor;
  }

  static char* prompt_of(EditLine* editor) {
    void* self = nullptr;
    el_get(editor, EL_CLIENTDATA, &self);
    return static_cast<TerminalInput*>(self)->prompt_.data();
  }

  // One character: 1, or 0 at the end of the input, or -1.
  static int read_character(EditLine* /*editor*/, wchar_t* character) {
    std::mbstate_t state{};
    for (;;) {
      char byte = 0;
      if (!wait_for_input()) return -1;
      const auto count = read(STDIN_FILENO, &byte, 1);
      if (count <= 0) return static_cast<int>(count);
      // NOLINTNEXTLINE(concurrency-mt-unsafe): the state is this call's own
      const auto used = std::mbrtowc(character, &byte, 1, &state);
      constexpr auto incomplete = static_cast<std::size_t>(-2);
      constexpr auto invalid = static_cast<std::size_t>(-1);
      if (used == incomplete) continue;
      if (used != invalid) return 1;
      state = {};
    }
  }

  std::string prompt_;
  std::unique_ptr<History, decltype(&history_end)> history_;
  std::unique_ptr<EditLine, decltype(&el_end)> editor_;
};

}  // namespace

void run_prompt(ScriptSession& session) {
  const bool interactive = isatty(STDIN_FILENO) != 0;
  const std::unique_ptr<Input> input =
      interactive ? std::unique_ptr<Input>(std::make_unique<TerminalInput>()) : std::make_unique<PipeInput>();
  std::string block;
  const auto run_block = [&] {
    try {
      session.run(std::exchange(block, {}), 1, true);
    } catch (const Interrupted&) {
      throw;
    } catch (...) {
      std::cerr << describe_current_error("prompt") << std::endl;
    }
  };
  for (;;) {
    try {
      const auto line = input->read_line(block.empty() ? "> " : "... ");
      if (!line) {
        // What was begun and never closed gets its syntax error instead of silence.
        if (!block.empty()) run_block();
        return;
      }
      const auto word = Util::trim(*line);
      if (block.empty() && (word == "exit" || word == "quit" || word == "exit;" || word == "quit;")) return;
      block += *line;
      if (!Layout::is_incomplete(block)) run_block();
    } catch (const Interrupted&) {
      Runtime::instance().clear_command_interrupt();
      Runtime::instance().check_interrupt();
      block.clear();
      std::cerr << "Interrupted" << std::endl;
    }
  }
}

}  // namespace host
