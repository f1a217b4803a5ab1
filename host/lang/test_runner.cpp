#include "lang/test_runner.h"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "Util.h"
#include "lang/script_error.h"
#include "lang/session.h"
#include "lang/stdout_output.h"

namespace host {
namespace {

TestCase parse_marker(const std::string& line, std::size_t number) {
  static const std::regex marker(
      R"re(@testing:\s*case\s*=\s*"([^"]+)"\s*(?:,\s*(exception|syntaxError)\s*=\s*(0|1)\s*)?;?)re");
  std::smatch match;
  if (!std::regex_match(line, match, marker)) {
    throw SyntaxError({number, 1},
                      "A test marker reads @testing:case=\"name\"[, exception=1 | syntaxError=1]");
  }
  TestCase result;
  result.name = match[1];
  result.first_line = number + 1;
  if (match[3] == "1") {
    result.expect = match[2] == "exception" ? TestCase::Expect::exception : TestCase::Expect::syntax_error;
  }
  return result;
}

// Empty if the case passed, else the reason.
std::string run_case(ScriptSession& session, const TestCase& test, const std::string& file) {
  try {
    session.run(test.body, test.first_line, false);
  } catch (const Interrupted&) {
    throw;
  } catch (const SyntaxError&) {
    return test.expect == TestCase::Expect::syntax_error ? "" : describe_current_error(file);
  } catch (const AssertionFailed&) {
    return describe_current_error(file);
  } catch (...) {
    return test.expect == TestCase::Expect::exception ? "" : describe_current_error(file);
  }
  if (test.expect == TestCase::Expect::exception) return "an exception was expected, but there was none";
  if (test.expect == TestCase::Expect::syntax_error) return "a syntax error was expected, but there was none";
  return "";
}

std::string at(const std::string& file, Position where) {
  if (where.line == 0) return file + ": ";
  return file + ":" + std::to_string(where.line) + ":" + std::to_string(where.column) + ": ";
}

}  // namespace

std::string describe_current_error(const std::string& file) {
  try {
    throw;
  } catch (const SyntaxError& e) {
    return at(file, e.where()) + e.what();
  } catch (const ScriptError& e) {
    return at(file, e.where()) + e.what() + (e.trace().empty() ? "" : " [in " + e.trace() + "]");
  } catch (const AssertionFailed& e) {
    return at(file, e.where()) + e.what();
  } catch (const std::exception& e) {
    return at(file, {}) + e.what();
  } catch (...) {
    return at(file, {}) + "unknown error";
  }
}

std::string read_script(const std::string& file) {
  constexpr std::size_t largest = std::size_t{16} << 20;
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  if (stream && stream.peek() != std::ifstream::traits_type::eof()) text << stream.rdbuf();
  if (!stream.is_open() || stream.bad()) throw std::runtime_error("The script " + file + " cannot be read");
  if (text.str().size() > largest) throw std::runtime_error("The script " + file + " is larger than 16 MiB");
  return text.str();
}

TestScript parse_test_script(std::string_view text) {
  TestScript result;
  std::size_t number = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = std::string(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    const auto trimmed = Util::trim(line);
    if (trimmed.rfind("@testing", 0) == 0) {
      result.cases.push_back(parse_marker(trimmed, number));
    } else {
      (result.cases.empty() ? result.preamble : result.cases.back().body) += line + "\n";
    }
  }
  return result;
}

TestCounts run_test_file(const std::string& file) {
  TestCounts counts;
  const SessionSP owner = new ScriptSession();
  auto& session = dynamic_cast<ScriptSession&>(*owner);
  session.setOutput(new StdoutOutput());
  TestScript script;
  try {
    script = parse_test_script(read_script(file));
    session.run(script.preamble, 1, false);
    if (script.cases.empty()) throw std::runtime_error("there is no @testing:case");
  } catch (const Interrupted&) {
    throw;
  } catch (...) {
    std::cout << "FAIL " << file << ": " << describe_current_error(file) << std::endl;
    counts.failed = 1;
    return counts;
  }
  for (const auto& test : script.cases) {
    const auto start = std::chrono::steady_clock::now();
    const auto reason = run_case(session, test, file);
    const auto taken =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    ++(reason.empty() ? counts.passed : counts.failed);
    std::cout << (reason.empty() ? "PASS " : "FAIL ") << test.name << " (" << taken.count() << " ms)"
              << (reason.empty() ? "" : ": " + reason) << std::endl;
  }
  return counts;
}

}  // namespace host
