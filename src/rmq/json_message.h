#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rocketmq::rmq {

/// A message to be sent, as a JSON object has it.
struct JsonMessage {
  std::string body;
  std::string tag;
  std::string keys;        ///< With blanks between them.
  std::string properties;  ///< As append_user_property() writes them.
  std::optional<std::string> order_key;
  int delay_level = 0;
  std::int64_t deliver_time_ms = 0;
};

/// Reads one object: `body` or `bodyBase64`, and if wanted `tag`, `keys` (a text, or an array of them),
/// `properties` (an object of texts), `orderKey`, `delayTimeLevel`, `deliverTimestamp`. What `rmq read
/// --json` writes besides is passed over: where a message was says nothing of where it goes.
/// Throws CommandError that names the member.
void read_json_message(std::string_view line, JsonMessage& out);

}  // namespace rocketmq::rmq
