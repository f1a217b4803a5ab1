#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "rocketmq/client_config.h"

namespace rocketmq::test {

/// A message as the brokers have it, its body decompressed.
struct StoredRow {
  std::string queue;  ///< broker:queue id
  std::int64_t offset = 0;
  std::string body;
  std::string tag;
  std::string key;  ///< UNIQ_KEY
  bool compressed = false;
  std::size_t stored_bytes = 0;  ///< Of the body as it is stored, so compressed where it is.
  std::int32_t reconsume_times = 0;
  std::map<std::string, std::string> properties;
};

/// Reads everything that a topic holds, queue by queue in the order of the offsets, with plain pulls: tests
/// of the producer need no consumer. A broker lets messages be read a moment after it has acknowledged them,
/// so it reads again, for 30 s at most, until there are `at_least` so many. Throws std::runtime_error.
[[nodiscard]] std::vector<StoredRow> read_topic(const std::string& name_servers, const std::string& topic,
                                                std::size_t at_least = 0);

/// A broker lets messages be read a moment after it has acknowledged them: waits until the queues of a topic
/// end `messages` behind 0 in all. Throws std::runtime_error after 30 s, and Error.
void wait_until_readable(const ClientConfig& client, const std::string& topic, std::int64_t messages);

}  // namespace rocketmq::test
