// Errors of a script, with the place in the source they belong to.
#pragma once

#include <cstddef>
#include <exception>
#include <string>
#include <utility>

namespace host {

// A place in a script: 1-based line and column; line 0 means "unknown".
struct Position {
  std::size_t line = 0;
  std::size_t column = 0;
};

// What DolphinDB reports before anything of a segment has run: wrong grammar, unknown names, wrong argument
// counts. The text reads "Syntax Error: [line #3] ...".
class SyntaxError : public std::exception {
 public:
  SyntaxError(Position where, const std::string& message)
      : where_(where),
        message_(message),
        text_("Syntax Error: [line #" + std::to_string(where.line) + "] " + message) {}

  [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }
  [[nodiscard]] Position where() const noexcept { return where_; }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }

 private:
  Position where_;
  std::string message_;
  std::string text_;
};

// A failure while a script runs. `what()` is what `catch(ex)` sees; the place and the functions it passed
// through are added on the way out and shown only at the top.
class ScriptError : public std::exception {
 public:
  ScriptError(Position where, std::string type, std::string message)
      : where_(where), type_(std::move(type)), message_(std::move(message)) {}

  [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }
  [[nodiscard]] Position where() const noexcept { return where_; }
  // What `ex[0]` shows: SYSTEM_Runtime, SYSTEM_Operator, USER...
  [[nodiscard]] const std::string& type() const noexcept { return type_; }
  [[nodiscard]] const std::string& trace() const noexcept { return trace_; }
  void add_function(const std::string& name) {
    constexpr std::size_t longest_trace = 200;
    if (trace_.size() < longest_trace) trace_ = trace_.empty() ? name : name + " => " + trace_;
  }

 private:
  Position where_;
  std::string type_;
  std::string message_;
  std::string trace_;
};

// An `assert` that does not hold. Scripts cannot catch it, so that no test passes by accident.
class AssertionFailed : public std::exception {
 public:
  AssertionFailed(Position where, std::string message) : where_(where), message_(std::move(message)) {}

  [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }
  [[nodiscard]] Position where() const noexcept { return where_; }

 private:
  Position where_;
  std::string message_;
};

// Ctrl-C or the end of the process reached a running script. Scripts cannot catch it.
class Interrupted : public std::exception {
 public:
  [[nodiscard]] const char* what() const noexcept override { return "interrupted"; }
};

}  // namespace host
