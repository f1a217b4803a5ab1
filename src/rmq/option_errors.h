#pragma once

#include <CLI/CLI.hpp>

namespace rocketmq::rmq {

/// Throws UsageError for what the parser refused: it names the word at fault, and what may be meant.
[[noreturn]] void refuse(const CLI::App& app, const CLI::ParseError& error);

}  // namespace rocketmq::rmq
