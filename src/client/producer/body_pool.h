#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace rocketmq::client {

/// Memory for the request bodies of one send. A body of up to 1 MiB that is newly allocated is zeroed by the
/// system page by page, which costs more than writing the messages into it. What comes back is used for the
/// next body; the pool goes with the last user of it. Thread-safe.
class BodyPool : public std::enable_shared_from_this<BodyPool> {
 public:
  /// How many are kept: about as many as are on their way at once.
  static constexpr std::size_t max_kept = 32;

  /// An empty text with room for `bytes`. It comes back when its last owner lets it go.
  [[nodiscard]] std::shared_ptr<std::string> take(std::size_t bytes) {
    std::unique_ptr<std::string> body;
    {
      const std::lock_guard lock(mutex_);
      if (!kept_.empty()) {
        body = std::move(kept_.back());
        kept_.pop_back();
      }
    }
    if (!body) body = std::make_unique<std::string>();
    body->clear();
    body->reserve(bytes);
    return {body.release(), [pool = shared_from_this()](std::string* text) {
              pool->give_back(std::unique_ptr<std::string>(text));
            }};
  }

 private:
  void give_back(std::unique_ptr<std::string> body) {
    const std::lock_guard lock(mutex_);
    if (kept_.size() < max_kept) kept_.push_back(std::move(body));
  }

  std::mutex mutex_;  // The sender's thread takes bodies, and the loop gives them back.
  std::vector<std::unique_ptr<std::string>> kept_ = make_room();

  // So that nothing is allocated in give_back, which must not throw.
  static std::vector<std::unique_ptr<std::string>> make_room() {
    std::vector<std::unique_ptr<std::string>> room;
    room.reserve(max_kept);
    return room;
  }
};

}  // namespace rocketmq::client
