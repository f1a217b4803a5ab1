#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rocketmq::rmq {

/// Queues that options name: `BROKER:ID`, or `ID` for that queue of every broker.
class QueueNames {
 public:
  /// Throws UsageError that quotes the text.
  explicit QueueNames(const std::vector<std::string>& texts);

  [[nodiscard]] bool empty() const noexcept { return names_.empty(); }
  /// Whether it is named; every queue is if none is.
  [[nodiscard]] bool contains(std::string_view broker_name, std::int32_t queue_id);
  /// Throws UsageError if a name was never asked for: no queue has it.
  void check_all_found(const std::string& topic) const;

 private:
  struct Name {
    std::string text;
    std::optional<std::string> broker_name;
    std::int32_t queue_id = 0;
    bool found = false;
  };
  std::vector<Name> names_;
};

}  // namespace rocketmq::rmq
