#pragma once

#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "integration/client_of.h"
#include "integration/topic_reader.h"
#include "rocketmq/producer.h"
#include "support/real_broker.h"

namespace rocketmq::test {

/// What a client logged. It may outlive its clients only.
class ClientLog {
 public:
  [[nodiscard]] LogSink sink() {
    return [this](LogLevel, std::string_view line) {
      const std::lock_guard lock(mutex_);
      text_.append(line).append("\n");
    };
  }
  [[nodiscard]] std::string text() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }
  [[nodiscard]] bool has(std::string_view words) const { return text().find(words) != std::string::npos; }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

inline ProducerConfig producer_config(const RealBroker& cluster, const std::string& group = "producer_test") {
  ProducerConfig config;
  config.client = client_of(cluster);
  config.group = group;
  config.send_timeout_ms = patient_send_timeout_ms;
  return config;
}

inline std::vector<std::string_view> views_of(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

/// `<prefix>:<number>:....`
inline std::vector<std::string> numbered_bodies(const std::string& prefix, std::size_t count,
                                                std::size_t padding) {
  std::vector<std::string> texts;
  texts.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    texts.push_back(prefix + ':' + std::to_string(i) + ':' + std::string(padding, '.'));
  return texts;
}

/// For bodies of numbered_bodies: within a queue the first copies of each prefix come in order, and all
/// copies of a message have one key.
inline void expect_order_and_keys(const std::vector<StoredRow>& rows) {
  std::map<std::pair<std::string, std::string>, int> last;  // By queue and prefix.
  std::map<std::string, std::string> keys;                  // By body.
  std::set<std::pair<std::string, std::string>> seen;       // Queue and body.
  for (const auto& row : rows) {
    const auto [key, first_copy] = keys.try_emplace(row.body, row.key);
    ASSERT_EQ(key->second, row.key) << "two keys of one message";
    if (!seen.emplace(row.queue, row.body).second) continue;
    const auto colon = row.body.find(':');
    const int number = std::stoi(row.body.substr(colon + 1));
    const auto [before, fresh] = last.try_emplace({row.queue, row.body.substr(0, colon)}, -1);
    ASSERT_GT(number, before->second) << row.queue;
    before->second = number;
  }
}

inline std::set<std::string> bodies_of(const std::vector<StoredRow>& rows) {
  std::set<std::string> bodies;
  for (const auto& row : rows)
    bodies.insert(row.body);
  return bodies;
}

}  // namespace rocketmq::test
