#pragma once

#include <cstddef>
#include <cstdint>
#include <list>

#include "client/consumer/assigned_queue.h"

namespace rocketmq::client {

/// A rejected message that no broker takes back. It is handed out once more, past its queue and in a delivery
/// of its own, which moves no offset: the message holds its queue's commit offset until it is `sent_back`.
struct ReturnedMessage {
  enum class End {
    handled,     ///< The poller is done with it.
    failed,      ///< The poller rejected it once more.
    given_back,  ///< The poller did not get to it.
  };
  DeliveryPart part;  ///< Its number, `returned`, is chosen by the loop.
  End end = End::given_back;
};

/// The returned messages that wait for a poller or are with one. They move from list to list, because that
/// needs no memory. Not thread-safe.
class ReturnedMessages {
 public:
  /// More than this do not wait for a poller.
  static constexpr std::size_t max_waiting = 64;

  /// `part.returned` is its number. False if max_waiting wait already.
  [[nodiscard]] bool add(DeliveryPart part);
  /// Takes that back. No effect if a poller has the message already.
  void withdraw(std::uint64_t number);
  /// All that wait for a poller.
  void withdraw_all() noexcept { waiting_.clear(); }

  [[nodiscard]] bool any_waiting() const noexcept { return !waiting_.empty(); }
  /// Only if any is waiting.
  [[nodiscard]] DeliveryPart hand_out();
  [[nodiscard]] std::size_t handed_out() const noexcept { return handed_out_.size(); }
  /// Moves a message that is with a poller to the end of `ended`. False if none of this number is.
  bool finish(std::uint64_t number, ReturnedMessage::End end, std::list<ReturnedMessage>& ended) noexcept;

 private:
  std::list<ReturnedMessage> waiting_;
  std::list<ReturnedMessage> handed_out_;
};

}  // namespace rocketmq::client
