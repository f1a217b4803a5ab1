#pragma once

#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

namespace rocketmq::bench {

/// Parses the command line and runs the subcommand that it names; what went wrong is said on standard error.
/// 0: measured; 1: the work failed; CLI11's codes: wrong usage.
inline int run_app(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    std::cerr << app.get_name() << ": " << error.what() << std::endl;
    return 1;
  }
  return 0;
}

}  // namespace rocketmq::bench
