#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace rocketmq::test {

/// A program that runs, with its standard input, output and error in our hands. One thread at a time.
class Program {
 public:
  /// `environment` is added to ours; an empty value removes the variable. Throws std::runtime_error if it
  /// cannot be started.
  explicit Program(std::vector<std::string> words,
                   const std::map<std::string, std::string>& environment = {});
  ~Program();  ///< Ends it at once, if it still runs.
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Writes to its standard input; what it does not take is dropped.
  void write(const std::string& text);
  void close_input();
  /// Waits for a text in its standard output. False if it does not come in time, or the program ends before.
  [[nodiscard]] bool says(const std::string& text, std::chrono::milliseconds patience);
  void signal(int number);

  struct Result {
    int exit_code = -1;  ///< 128 + its number if a signal ended it; -1 if it had to be killed.
    std::string output;
    std::string errors;
  };
  /// Closes its input and waits for its end; kills it after `patience`.
  [[nodiscard]] Result wait(std::chrono::milliseconds patience);

 private:
  /// What it has written by `deadline`; false if it closed both ends.
  bool collect(std::chrono::steady_clock::time_point deadline);

  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  int errors_ = -1;
  Result result_;
};

/// Runs a program with `input` as its standard input, and waits for its end.
[[nodiscard]] Program::Result run_program(std::vector<std::string> words, const std::string& input = "",
                                          const std::map<std::string, std::string>& environment = {});

}  // namespace rocketmq::test
