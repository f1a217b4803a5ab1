#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rocketmq::rmq {

void append_base64(std::string& out, std::string_view bytes);

/// Nothing if it is no base64 text (RFC 4648, with its padding).
[[nodiscard]] std::optional<std::string> read_base64(std::string_view text);

}  // namespace rocketmq::rmq
