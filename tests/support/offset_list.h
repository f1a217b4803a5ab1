#pragma once

#include <string>

#include "wire/reset_offset.h"

namespace rocketmq::wire {

/// The second form of the body of an offset reset, which brokers write for clients that are not in Java.
/// Source: ResetOffsetBodyForC.
[[nodiscard]] inline std::string encode_as_list(const ResetOffsetBody& body) {
  std::string text;
  JsonWriter writer(text);
  writer.begin_object();
  JsonFieldWriter(writer).required("offsetTable", body.offsets);
  writer.end_object();
  return text;
}

}  // namespace rocketmq::wire
