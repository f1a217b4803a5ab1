#pragma once

#include <cstdint>
#include <optional>

namespace rocketmq::client {

/// Decides when the offset of one queue is stored, and which. A broker accepts a smaller offset than it has,
/// so two stores of a queue must never be under way at once, and none may go back. Pure.
class CommitTracker {
 public:
  /// What the store has, as far as we know: loaded from it, or stored by us.
  void set_committed(std::int64_t offset) noexcept { committed_ = offset; }
  [[nodiscard]] std::optional<std::int64_t> committed() const noexcept { return committed_; }

  /// The offset to store now, given what is done; nothing if it is stored already, would go back, or
  /// another store is under way. After a value, `stored` must follow.
  [[nodiscard]] std::optional<std::int64_t> begin(std::int64_t done) noexcept {
    if (in_flight_ || (committed_ && done <= *committed_)) return std::nullopt;
    in_flight_ = done;
    return in_flight_;
  }

  /// The outcome of the store that `begin` asked for.
  void stored(bool success) noexcept {
    if (success && in_flight_ && valid_) committed_ = in_flight_;
    in_flight_.reset();
    valid_ = true;
  }

  /// The queue starts again elsewhere, maybe before what was stored: the next `begin` stores whatever is done
  /// from there on.
  void reset() noexcept {
    committed_.reset();
    if (in_flight_) valid_ = false;
  }

  [[nodiscard]] bool in_flight() const noexcept { return in_flight_.has_value(); }

 private:
  std::optional<std::int64_t> committed_;
  std::optional<std::int64_t> in_flight_;
  bool valid_ = true;  // Whether the store under way still says something about committed_.
};

}  // namespace rocketmq::client
