// The lenient reader of JSON.

#include <algorithm>

#include "fuzz/fuzz_target.h"
#include "wire/json_reader.h"

using namespace rocketmq;

namespace {

std::size_t depth_of(const wire::JsonValue& value) {
  std::size_t deepest = 0;
  if (const auto* values = value.array()) {
    for (const wire::JsonValue& each : *values)
      deepest = std::max(deepest, depth_of(each));
    return deepest + 1;
  }
  if (const auto* members = value.object()) {
    for (const wire::JsonMember& each : *members)
      deepest = std::max({deepest, depth_of(each.key), depth_of(each.value)});
    return deepest + 1;
  }
  return 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const SharedBytes bytes = fuzz::shared({data, size});
  wire::JsonLimits limits;
  wire::JsonValue value;
  if (wire::read_json(as_text(bytes.view), value, limits) == Errc::ok) {
    fuzz::require(depth_of(value) <= limits.max_depth + 1, "nesting is bounded");
    const wire::JsonValue copy = value;
    fuzz::require(copy.find("a") == nullptr || value.find("a") != nullptr, "a copy has the same members");
  }
  limits.max_depth = 3;
  limits.max_values = 8;
  wire::JsonValue small;
  if (wire::read_json(as_text(bytes.view), small, limits) == Errc::ok) {
    fuzz::require(depth_of(small) <= limits.max_depth + 1, "a smaller limit of nesting holds, too");
  }
  return 0;
}
