#include "support/program.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace rocketmq::test {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  return ends;
}

void close_end(int& end) {
  if (end >= 0) close(end);
  end = -1;
}

int left_ms(steady_clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now()).count();
  return left > 0 ? static_cast<int>(left) : 0;
}

}  // namespace

Program::Program(std::vector<std::string> words, const std::map<std::string, std::string>& environment) {
  std::signal(SIGPIPE, SIG_IGN);  // Of writing to a program that has gone.
  std::vector<std::string> variables;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string text = *each;
    if (!environment.contains(text.substr(0, text.find('=')))) variables.push_back(text);
  }
  for (const auto& [name, value] : environment) {
    if (!value.empty()) variables.push_back(name + "=" + value);
  }
  const auto pointers = [](std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (std::string& text : texts)
      all.push_back(text.data());
    all.push_back(nullptr);
    return all;
  };
  const std::vector<char*> argv = pointers(words);
  const std::vector<char*> envp = pointers(variables);
  std::array<int, 2> in = make_pipe();
  std::array<int, 2> out = make_pipe();
  std::array<int, 2> err = make_pipe();
  pid_ = fork();
  if (pid_ == 0) {
    // As a shell starts it in the foreground, also if these tests run in the background.
    for (const int signal : {SIGPIPE, SIGINT})
      std::signal(signal, SIG_DFL);
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    dup2(err[1], STDERR_FILENO);
    execvpe(argv[0], argv.data(), envp.data());
    _exit(127);
  }
  close_end(in[0]);
  close_end(out[1]);
  close_end(err[1]);
  input_ = in[1];
  output_ = out[0];
  errors_ = err[0];
  if (pid_ < 0) throw std::runtime_error("cannot start " + words.front());
}

Program::~Program() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close_input();
  close_end(output_);
  close_end(errors_);
}

void Program::write(const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::write(input_, text.data() + done, text.size() - done);
    if (count <= 0) return;
    done += static_cast<std::size_t>(count);
  }
}

void Program::close_input() {
  close_end(input_);
}

void Program::signal(int number) {
  kill(pid_, number);
}

bool Program::collect(steady_clock::time_point deadline) {
  std::array<pollfd, 2> ends{{{output_, POLLIN, 0}, {errors_, POLLIN, 0}}};
  if (output_ < 0 && errors_ < 0) return false;
  if (poll(ends.data(), ends.size(), left_ms(deadline)) <= 0) return true;
  std::array<char, 65536> buffer{};
  for (const bool is_output : {true, false}) {
    int& end = is_output ? output_ : errors_;
    if (end < 0 || ends[is_output ? 0 : 1].revents == 0) continue;
    const ssize_t count = read(end, buffer.data(), buffer.size());
    if (count <= 0) {
      close_end(end);
    } else {
      (is_output ? result_.output : result_.errors).append(buffer.data(), static_cast<std::size_t>(count));
    }
  }
  return true;
}

bool Program::says(const std::string& text, milliseconds patience) {
  const auto deadline = steady_clock::now() + patience;
  while (result_.output.find(text) == std::string::npos) {
    if (steady_clock::now() >= deadline || !collect(deadline)) return false;
  }
  return true;
}

Program::Result Program::wait(milliseconds patience) {
  close_input();
  const auto deadline = steady_clock::now() + patience;
  while (steady_clock::now() < deadline && collect(deadline)) {
  }
  int status = 0;
  if (output_ >= 0 || errors_ >= 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, &status, 0);
  } else if (waitpid(pid_, &status, 0) == pid_) {
    result_.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  pid_ = -1;
  return std::move(result_);
}

Program::Result run_program(std::vector<std::string> words, const std::string& input,
                            const std::map<std::string, std::string>& environment) {
  Program program(std::move(words), environment);
  program.write(input);
  return program.wait(std::chrono::seconds(60));
}

}  // namespace rocketmq::test
