#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "client/producer/batch_packing.h"
#include "rocketmq/producer.h"

namespace rocketmq::client {

/// What the caller of a send and the loop that works on it tell each other. The loop says which messages
/// go to each queue, the caller cuts them into batches and encodes these while earlier ones are on their way,
/// but only `window` ahead in each slice, so that a long vector does not stand in memory twice. Thread-safe.
class SendProgress {
 public:
  static constexpr std::size_t window = 2;
  /// How often the caller's side calls `check` while it waits.
  static constexpr std::chrono::milliseconds check_interval{200};
  /// How many spare bodies are kept: about as many as are on their way at once.
  static constexpr std::size_t max_spare_bodies = 32;

  struct Result {
    std::vector<SendRange> ranges;
    std::size_t queues_tried = 0;
  };
  using ResultPtr = std::shared_ptr<const Result>;

  /// `on_end` gets the result once, in addition to the threads that wait here.
  explicit SendProgress(std::function<void(const Result&)> on_end = {}) : on_end_(std::move(on_end)) {}

  // The loop's side.
  /// The messages of each slice; at least one slice.
  void set_plan(std::vector<SliceRange> slices);
  void batch_ended(std::size_t slice);
  /// The end of the send: nothing will be encoded any more. The first call counts.
  void end(std::vector<SendRange> ranges, std::size_t queues_tried);
  /// The same for a caller that must not fail any more.
  [[nodiscard]] static ResultPtr make_result(std::vector<SendRange> ranges, std::size_t queues_tried);
  void end(const ResultPtr& result);

  // The caller's side.
  /// Waits for the plan; empty if the send has ended before. `check` is called several times a second.
  [[nodiscard]] std::vector<SliceRange> wait_for_plan(const std::function<void()>& check);
  /// The same without waiting: empty also before the plan.
  [[nodiscard]] std::vector<SliceRange> plan() const;
  /// How many batches each slice of the plan makes.
  void set_batches(const std::vector<std::size_t>& counts);

  struct Next {
    std::size_t slice = 0;
    std::size_t batch = 0;  ///< Of the slice.
  };
  /// Waits until a batch may be encoded and says which; nothing once all are, or the send has ended.
  /// `check` is called several times a second while waiting.
  [[nodiscard]] std::optional<Next> wait_for_room(const std::function<void()>& check);
  /// The same without waiting: nothing also if there is no room yet.
  [[nodiscard]] std::optional<Next> next_if_room();

  /// An empty text for the body of a request. Its memory comes back when its last owner, mostly the loop,
  /// lets it go, and serves for the next one: a large text that is newly allocated is zeroed by the system
  /// page by page, which costs more than writing the messages into it.
  [[nodiscard]] static std::shared_ptr<std::string> take_body(const std::shared_ptr<SendProgress>& progress);

  [[nodiscard]] bool has_ended() const { return result() != nullptr; }
  /// Null before the end.
  [[nodiscard]] ResultPtr result() const;
  [[nodiscard]] ResultPtr wait_for_end(const std::function<void()>& check);

 private:
  struct Slice {
    std::size_t batches = 0;
    std::size_t encoded = 0;
    std::size_t ended = 0;
  };
  template <class Ready>
  void wait(std::unique_lock<std::mutex>& lock, const std::function<void()>& check, const Ready& ready);
  /// Whether there is nothing to wait for: `next` is set, or all is encoded, or the send has ended.
  [[nodiscard]] bool find_room(std::optional<Next>& next) const;
  [[nodiscard]] std::optional<Next> take_room(const std::optional<Next>& next);
  void give_back(std::unique_ptr<std::string> body);

  std::function<void(const Result&)> on_end_;
  mutable std::mutex mutex_;  // The sender's thread and the loop meet here.
  std::condition_variable changed_;
  std::vector<SliceRange> plan_;  // Empty until planned.
  std::vector<Slice> slices_;     // Empty until the batches are set.
  ResultPtr result_;              // Null until the end.
  std::vector<std::unique_ptr<std::string>> spare_bodies_;
};

}  // namespace rocketmq::client
