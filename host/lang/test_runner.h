// Test scripts: text before the first `@testing:case="name"` is set-up, every case goes up to the next
// marker.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace host {

struct TestCase {
  enum class Expect { success, exception, syntax_error };
  std::string name;
  Expect expect = Expect::success;
  std::string body;
  std::size_t first_line = 1;
};

struct TestScript {
  std::string preamble;
  std::vector<TestCase> cases;
};

// Throws SyntaxError for a malformed marker.
TestScript parse_test_script(std::string_view text);

struct TestCounts {
  std::size_t passed = 0;
  std::size_t failed = 0;
};

// Runs a file's cases in one session and prints a line for each. A file that cannot be read or set up counts
// as one failure. Throws Interrupted.
TestCounts run_test_file(const std::string& file);

// How an error is shown at the top: `file:line:column: message`, with the functions it came through. Call it
// in a catch block.
std::string describe_current_error(const std::string& file);
// The whole file; throws std::runtime_error that names it.
std::string read_script(const std::string& file);

}  // namespace host
