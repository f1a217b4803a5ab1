#pragma once

#include <cstddef>
#include <string_view>

#include "rocketmq/errc.h"
#include "wire/json_value.h"

namespace rocketmq::wire {

/// What a JSON text may cost us at most; beyond it the reader says too_large.
struct JsonLimits {
  std::size_t max_depth = 64;          ///< Of objects and arrays within each other.
  std::size_t max_values = 1'000'000;  ///< Values in all, keys included.
};

/// Reads a JSON text the way fastjson writes it, which no strict reader can: keys may be numbers, bare words,
/// objects or arrays; strings may have single quotes; commas may trail. Control characters within strings
/// pass; a lone surrogate becomes U+FFFD. Errors: bad_json, too_large.
[[nodiscard]] Errc read_json(std::string_view text, JsonValue& out, const JsonLimits& limits = {});

}  // namespace rocketmq::wire
