#pragma once

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

namespace rocketmq::bench {

/// Parses the command line and runs the subcommand that it names. Wrong usage is told by CLI11 and gives its
/// exit codes; what the work throws is not caught.
inline int run_app(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  }
  return 0;
}

/// The frame of a program: what `body` throws is told on standard error and gives 1.
template <class Body>
int guarded(const char* program, Body&& body) noexcept {
  try {
    return body();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", program, error.what());
  } catch (...) {
    std::fprintf(stderr, "%s: unknown error\n", program);
  }
  return 1;
}

}  // namespace rocketmq::bench
