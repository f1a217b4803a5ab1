// ddbhost: runs DolphinDB scripts and plugins without a DolphinDB server.
#include <pthread.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigset_t and pthread_sigmask are POSIX
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "Logger.h"
#include "Util.h"
#include "lang/jobs.h"
#include "lang/prompt.h"
#include "lang/runtime.h"
#include "lang/script_error.h"
#include "lang/session.h"
#include "lang/stdout_output.h"
#include "lang/test_runner.h"
#include "loader/plugin_loader.h"

HOST_SDK_USE;

namespace {

constexpr int exit_failure = 1;
constexpr int exit_usage = 2;
constexpr int exit_by_signal = 128;  // and the signal's number, as a shell has it
constexpr auto shutdown_limit = std::chrono::seconds(20);

constexpr const char* usage = R"(Usage: ddbhost [OPTIONS] [FILE]
       ddbhost [OPTIONS] -e CODE
       ddbhost [OPTIONS] --test FILE...

Runs scripts in the DolphinDB language and plugins for DolphinDB, without a DolphinDB server.
Without FILE it reads statements from standard input. On a terminal Ctrl-C ends the command that runs; `exit` or
Ctrl-D ends ddbhost and its jobs.

  -e CODE                 run CODE and print the value of its last expression
  --test FILE...          run test scripts (@testing:case="name") and count what passes
  --plugin-dir DIR        where loadPlugin("Name") finds Name/PluginName.txt
                          (default: ../plugins beside the directory of ddbhost)
  --home DIR              what getHomeDir() gives; plugins keep files there
                          (default: $XDG_STATE_HOME/ddbhost or ~/.local/state/ddbhost)
  --log-level LEVEL       the least that is logged: debug, info, warning (the default) or error
  --server-version V      the server version that plugins must be built for
  --version               print the server version this program stands for
  -h, --help              print this text
)";

struct Options {
  std::string file;
  std::string code;
  bool has_code = false;
  bool test = false;
  std::vector<std::string> tests;
};

int usage_error(const std::string& problem) {
  std::cerr << "ddbhost: " << problem << "\n\n" << usage;
  return exit_usage;
}

// NOLINTBEGIN(concurrency-mt-unsafe): nothing in the process changes the environment
std::string default_home() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/')
    return std::string(state) + "/ddbhost";
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/')
    return std::string(home) + "/.local/state/ddbhost";
  return ".";
}
// NOLINTEND(concurrency-mt-unsafe)

// False if there is no such level.
bool set_log_level(const std::string& name) {
  const std::map<std::string, severity_type> levels{{"debug", severity_type::DEBUG},
                                                    {"info", severity_type::INFO},
                                                    {"warning", severity_type::WARNING},
                                                    {"error", severity_type::ERR}};
  const auto found = levels.find(name);
  if (found != levels.end()) log_inst.setLogLevel(found->second);
  return found != levels.end();
}

// Returns -1 to go on, else the exit code.
int parse_options(const std::vector<std::string>& words, Options& options) {
  auto& loader = host::PluginLoader::instance();
  bool version = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i];
    const bool takes_value = word == "-e" || word == "--plugin-dir" || word == "--server-version" ||
                             word == "--home" || word == "--log-level";
    if (takes_value && i + 1 == words.size()) return usage_error(word + " needs a value");
    if (word == "-h" || word == "--help") {
      std::cout << usage;
      return 0;
    }
    if (word == "--version") {
      version = true;
    } else if (word == "-e") {
      options.code = words[++i];
      options.has_code = true;
    } else if (word == "--plugin-dir") {
      loader.set_plugin_dir(words[++i]);
    } else if (word == "--server-version") {
      loader.set_server_version(words[++i]);
    } else if (word == "--home") {
      host::Runtime::instance().set_home(words[++i]);
    } else if (word == "--log-level") {
      if (!set_log_level(words[++i]))
        return usage_error("--log-level is debug, info, warning or error, not " + words[i]);
    } else if (word == "--test") {
      options.test = true;
    } else if (word.size() > 1 && word.front() == '-') {
      return usage_error("unknown option " + word);
    } else if (options.test) {
      options.tests.push_back(word);
    } else if (options.file.empty()) {
      options.file = word;
    } else {
      return usage_error("only one FILE can be run; use --test for several test scripts");
    }
  }
  if (version) {
    std::cout << "ddbhost, stands for DolphinDB server " << loader.server_version() << std::endl;
    return 0;
  }
  if (options.test && options.tests.empty()) return usage_error("--test needs a FILE");
  if ((options.has_code || options.test) && !options.file.empty())
    return usage_error("FILE does not go with -e or --test");
  if (options.has_code && options.test) return usage_error("-e does not go with --test");
  return -1;
}

// While a prompt is open on a terminal, Ctrl-C ends its command and nothing else.
std::atomic<bool> prompt_is_open{false};
// The signal that ends the process.
std::atomic<int> end_signal{SIGINT};

// Ctrl-C and SIGTERM are taken by one thread, so that no signal handler ever runs in a thread of a plugin.
// All threads that are started later inherit the blocked mask.
void watch_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread([signals] {
    for (bool ending = false;;) {
      int received = 0;
      sigwait(&signals, &received);
      if (received == SIGINT && prompt_is_open.load()) {
        host::Runtime::instance().interrupt_command();
        continue;
      }
      // A second one does not wait for anything.
      if (ending) _exit(exit_by_signal + received);
      ending = true;
      end_signal.store(received);
      host::Runtime::instance().interrupt();
    }
  }).detach();
}

int run(const Options& options, host::ScriptSession& session) {
  if (options.test) {
    host::TestCounts total;
    for (const auto& file : options.tests) {
      const auto counts = host::run_test_file(file);
      total.passed += counts.passed;
      total.failed += counts.failed;
    }
    std::cout << total.passed << " passed, " << total.failed << " failed" << std::endl;
    return total.failed == 0 ? 0 : exit_failure;
  }
  if (options.has_code) {
    session.run(options.code, 1, true);
  } else if (!options.file.empty()) {
    session.run(host::read_script(options.file), 1, false);
  } else {
    prompt_is_open.store(isatty(STDIN_FILENO) != 0);
    host::run_prompt(session);
  }
  return 0;
}

// Whatever hangs at the end of the process, a plugin's destructor included, it does not hang for ever.
void limit_shutdown(int exit_code) {
  std::thread([exit_code] {
    std::this_thread::sleep_for(shutdown_limit);
    constexpr std::string_view text = "ddbhost: the shutdown took too long and was cut short\n";
    static_cast<void>(!write(STDERR_FILENO, text.data(), text.size()));
    _exit(exit_code);
  }).detach();
}

// Ends the host's own background jobs, and releases variables and shared tables while everything still works,
// so that the onClose functions of plugins run.
void shut_down(SessionSP& session) {
  host::Runtime::instance().interrupt();
  host::Jobs::instance().join_all(std::chrono::steady_clock::now() + shutdown_limit / 2);
  session->getHeap()->removeAllItems();
  session.clear();
  host::Runtime::instance().release_shared();
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  host::Runtime::instance().set_home(default_home());
  log_inst.setLogLevel(severity_type::WARNING);
  const int parsed = parse_options(std::vector<std::string>(argv + 1, argv + argc), options);
  if (parsed >= 0) return parsed;
  watch_signals();
  // Made first, so that they outlive the static objects of the plugins.
  host::Runtime::instance();
  host::Jobs::instance();
  host::Runtime::make_thread_interruptible(host::Runtime::Work::command);

  SessionSP session = new host::ScriptSession();
  session->setSessionID(1);
  session->setOutput(new host::StdoutOutput());
  int exit_code = 0;
  try {
    exit_code = run(options, dynamic_cast<host::ScriptSession&>(*session));
  } catch (const host::Interrupted&) {
    std::cerr << "Interrupted" << std::endl;
    exit_code = exit_by_signal + end_signal.load();
  } catch (...) {
    std::cerr << host::describe_current_error(options.file.empty() ? "command line" : options.file)
              << std::endl;
    exit_code = exit_failure;
  }
  prompt_is_open.store(false);
  limit_shutdown(exit_code);
  shut_down(session);
  return exit_code;
}
