#include "integration/process_state.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigaction is POSIX
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <locale>
#include <memory>

namespace rocketmq::test {
namespace {

namespace fs = std::filesystem;

std::string bits(const sigset_t& set) {
  std::string text;
  for (int number = 1; number < NSIG; ++number)
    text += sigismember(&set, number) == 1 ? '1' : '0';
  return text;
}

void add_signals(std::vector<std::string>& lines) {
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction action {};
    if (sigaction(number, nullptr, &action) != 0) continue;
    // Handler and action share their place.
    const auto handler = reinterpret_cast<std::uintptr_t>(action.sa_sigaction);
    lines.push_back("signal " + std::to_string(number) + ": handler " + std::to_string(handler) + ", flags " +
                    std::to_string(action.sa_flags) + ", mask " + bits(action.sa_mask));
  }
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  lines.push_back("blocked signals: " + bits(mask));
}

void add_open_files(std::vector<std::string>& lines) {
  std::vector<std::string> numbers;
  int own = -1;
  {
    const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir("/proc/self/fd"), &closedir);
    if (!directory) return;
    own = dirfd(directory.get());
    while (const dirent* entry = readdir(directory.get()))
      if (entry->d_name[0] != '.') numbers.emplace_back(entry->d_name);
  }
  for (const std::string& number : numbers) {
    if (number == std::to_string(own)) continue;
    std::error_code error;
    lines.push_back("open file " + number + ": " +
                    fs::read_symlink("/proc/self/fd/" + number, error).string());
  }
}

void add_threads(std::vector<std::string>& lines) {
  std::error_code error;
  for (const auto& task : fs::directory_iterator("/proc/self/task", error)) {
    std::ifstream file(task.path() / "comm");
    std::string name;
    std::getline(file, name);
    lines.push_back("thread " + task.path().filename().string() + ": " + name);
  }
}

}  // namespace

std::vector<std::string> process_state() {
  std::vector<std::string> lines;
  add_signals(lines);
  lines.push_back(std::string("locale of C: ") + std::setlocale(LC_ALL, nullptr));
  lines.push_back("locale of C++: " + std::locale().name());
  for (char** variable = environ; *variable != nullptr; ++variable)
    lines.push_back(std::string("environment: ") + *variable);
  lines.push_back("current directory: " + fs::current_path().string());
  const mode_t mask = umask(0);
  umask(mask);
  lines.push_back("umask: " + std::to_string(mask));
  add_open_files(lines);
  add_threads(lines);
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::vector<std::string> differences(const std::vector<std::string>& before,
                                     const std::vector<std::string>& after) {
  std::vector<std::string> gone;
  std::vector<std::string> lines;
  std::set_difference(before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(gone));
  for (const std::string& line : gone)
    lines.push_back("- " + line);
  gone.clear();
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(), std::back_inserter(gone));
  for (const std::string& line : gone)
    lines.push_back("+ " + line);
  return lines;
}

}  // namespace rocketmq::test
