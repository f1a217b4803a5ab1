#pragma once

#include <string>
#include <string_view>

namespace rocketmq {

/// Appends `text` as a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD, one each.
/// Returns whether there were none.
bool append_json_string(std::string& out, std::string_view text);

}  // namespace rocketmq
