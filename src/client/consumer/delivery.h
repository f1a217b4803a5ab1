#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "client/consumer/assigned_queues.h"
#include "rocketmq/consumer.h"

namespace rocketmq {

/// What a delivery holds: its parts of queues, the rows decoded from them, and everything that the rows'
/// views point into. Ends exactly once, by acknowledge() or give_back(). Not thread-safe.
class Delivery::Impl {
 public:
  /// `queues`: null if nothing is acknowledged, see Reader. `send_back`: rejected messages go back to their
  /// broker; otherwise they count as done.
  Impl(std::shared_ptr<client::AssignedQueues> queues, bool send_back)
      : queues_(std::move(queues)), send_back_(send_back) {}
  ~Impl() { give_back(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  /// Where a row comes from.
  struct Source {
    std::size_t part = 0;
    std::size_t segment = 0;  ///< Within the part.
  };

  void add_row(const ReceivedMessage& row, const Source& source) {
    if (rows_.empty()) taken_at_ = std::chrono::steady_clock::now();
    rows_.push_back(row);
    bytes_ += row.body.size();
    sources_.push_back(source);
  }
  /// Keeps a text alive as long as the rows.
  [[nodiscard]] const std::string& keep(std::string text) { return texts_.emplace_back(std::move(text)); }

  /// Whether this is the delivery of a ReturnedMessage.
  [[nodiscard]] bool is_returned() const noexcept { return !parts_.empty() && parts_.front().returned != 0; }

  [[nodiscard]] std::vector<client::DeliveryPart>& parts() noexcept { return parts_; }
  [[nodiscard]] const std::vector<ReceivedMessage>& rows() const noexcept { return rows_; }
  /// Of the rows' bodies.
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

  /// Takes the other rows away.
  template <class Wanted>
  void keep_rows(const Wanted& wanted) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!wanted(rows_[i])) {
        bytes_ -= rows_[i].body.size();
        continue;
      }
      rows_[kept] = rows_[i];
      sources_[kept++] = sources_[i];
    }
    rows_.resize(kept);
    sources_.resize(kept);
  }

  void reject(std::size_t row, bool for_good = false) {
    if (row >= rows_.size()) return;
    rejected_.push_back(row);
    if (for_good) rejected_for_good_.insert(row);
  }
  /// The end of the rows that follow `row` and come from the same queue.
  [[nodiscard]] std::size_t queue_end(std::size_t row) const noexcept;
  void postpone(std::size_t row, std::chrono::milliseconds first_pause) {
    if (row < rows_.size() && !is_postponed(row)) postponed_.push_back({row, first_pause});
  }
  [[nodiscard]] bool is_postponed(std::size_t row) const noexcept;
  /// Whether it was handed out before its turn, for itself.
  [[nodiscard]] bool is_repeated() const noexcept {
    return is_returned() || (!parts_.empty() && parts_.front().was_postponed);
  }
  void acknowledge();
  /// Rows before `rows` are done, rejected or postponed; the others are given back. Rejected rows among those
  /// count as not rejected.
  void acknowledge_first(std::size_t rows);
  void give_back();

 private:
  [[nodiscard]] std::vector<client::RejectedMessage> rejected_messages() const;
  void finish_returned(client::ReturnedMessage::End end) noexcept;
  void count_handled(std::size_t rows);
  [[nodiscard]] const client::AssignedQueue* queue_of(std::size_t row) const noexcept {
    return parts_[sources_[row].part].queue.get();
  }
  [[nodiscard]] std::vector<std::pair<std::size_t, std::int64_t>> rejected_places() const;
  void keep_unhandled(std::size_t rows) noexcept;
  void cut(std::size_t row) noexcept;
  void clear() noexcept;

  std::shared_ptr<client::AssignedQueues> queues_;
  bool send_back_;
  std::vector<client::DeliveryPart> parts_;
  std::vector<ReceivedMessage> rows_;
  std::size_t bytes_ = 0;
  std::vector<Source> sources_;
  std::vector<std::size_t> rejected_;        // Rows, in any order, possibly repeated.
  std::set<std::size_t> rejected_for_good_;  // Some of these.
  struct Postponed {
    std::size_t row = 0;  // The first one of its queue.
    std::chrono::milliseconds first_pause{};
  };
  std::vector<Postponed> postponed_;
  std::chrono::steady_clock::time_point taken_at_{};
  std::deque<std::string> texts_;  // A deque, because growing must not move the texts.
};

}  // namespace rocketmq
