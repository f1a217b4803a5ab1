#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <vector>

namespace rocketmq::plugin {

/// Which rows a handler gets next, until those that it throws on have been found one by one. Rows come in
/// order: when some are handed over, all before them are done. Pure.
///
/// Rows that are refused together are handed over again in halves, so that one bad row of n costs about
/// 2 log2(n) calls. If many rows are bad, halves are mostly refused, too, and that would cost twice as
/// many calls as there are rows. So each refusal of several rows has to be earned by rows that were taken
/// together; without credit the rest of what was refused comes row by row. Whatever the pattern, there are no
/// more than n + 1 + 2 log2(n) calls.
class FailureSearch {
 public:
  struct Rows {
    std::size_t first = 0;
    std::size_t count = 0;
  };

  explicit FailureSearch(std::size_t rows) : credit_(static_cast<std::ptrdiff_t>(std::bit_width(rows))) {
    if (rows > 0) left_.push_back(Part{{0, rows}, false});
  }

  [[nodiscard]] bool done() const noexcept { return left_.empty(); }

  /// What to hand over now.
  [[nodiscard]] Rows next() const {
    const Part& part = left_.back();
    return part.row_by_row ? Rows{part.rows.first, 1} : part.rows;
  }

  /// The handler took what was handed over.
  void succeeded() {
    credit_ += static_cast<std::ptrdiff_t>(next().count) - 1;
    pass();
  }

  /// It threw. A single row is done with.
  void failed() {
    const Rows rows = next();
    pass();
    if (rows.count == 1) return;
    --credit_;
    if (rows.count <= few_rows || credit_ <= 0) {
      left_.push_back(Part{rows, true});
      return;
    }
    const std::size_t half = rows.count / 2;
    left_.push_back(Part{{rows.first + half, rows.count - half}, false});
    left_.push_back(Part{{rows.first, half}, false});
  }

 private:
  /// Halves of so few would save nothing.
  static constexpr std::size_t few_rows = 4;

  struct Part {
    Rows rows;
    bool row_by_row = false;
  };

  void pass() {
    const std::size_t count = next().count;
    Rows& rows = left_.back().rows;
    rows.first += count;
    rows.count -= count;
    if (rows.count == 0) left_.pop_back();
  }

  std::vector<Part> left_;  // What is still to be handed over; the next part is the last one.
  std::ptrdiff_t credit_;   // How many more refusals of several rows are paid for.
};

}  // namespace rocketmq::plugin
