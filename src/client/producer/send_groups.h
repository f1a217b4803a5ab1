#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "client/producer/message_encoder.h"
#include "client/producer/send_progress.h"

namespace rocketmq::client {

/// Messages that several threads send one by one at the same time, and that travel in one request. Made by
/// SendGroups, which alone adds to it; from the moment it gives the group away nobody does any more.
class SendGroup : public std::enable_shared_from_this<SendGroup> {
 public:
  /// Each waits at a place of its own: those who wake at one and the same would wait for each other there.
  class Member {
   public:
    /// Waits for the end of the send, as long as that. False if it goes on.
    [[nodiscard]] bool ends_within(std::chrono::microseconds time);

   private:
    friend class SendGroup;
    void end();

    std::mutex mutex_;
    std::condition_variable changed_;
    bool ended_ = false;
  };

  explicit SendGroup(std::string topic) : topic_(std::move(topic)) {}

  /// On the wire.
  [[nodiscard]] const std::string& topic() const noexcept { return topic_; }
  /// Of messages. To be read by who has the group from SendGroups, or after its end.
  [[nodiscard]] std::size_t count() const noexcept { return members_.size(); }
  /// The request; to be called once. A group of one becomes an ordinary single message.
  [[nodiscard]] EncodedBatch take_batch();
  /// Where the send of the group reports; keeps the group.
  [[nodiscard]] std::shared_ptr<SendProgress> progress() { return {shared_from_this(), &progress_}; }

 private:
  friend class SendGroups;

  void wake_members();

  std::string topic_;
  std::string items_;           // Batch items.
  std::deque<Member> members_;  // Which stay where they are while others join.
  SendProgress progress_{[this] { wake_members(); }};
};

/// Joins messages that threads send one by one. While a request of a topic is on its way, what comes
/// meanwhile waits, in one group, which is the next request. After the end of a request it waits a moment
/// longer, for those whose messages have just been stored and who mostly come back with the next one. So many
/// threads share each round trip, and a thread that sends alone waits for nobody.
///
/// Knows no clock and sends nothing itself: who calls it does. Thread-safe.
class SendGroups {
 public:
  /// Larger messages gain nothing from company.
  static constexpr std::size_t max_message_bytes = std::size_t{16} * 1024;
  static constexpr std::size_t max_group_bytes = std::size_t{128} * 1024;
  /// How long a group waits for the end of a request. On a long line a round trip takes longer than that;
  /// then the group's first member sends it all the same.
  static constexpr std::chrono::microseconds longest_wait{1000};
  /// How long it lingers for those who may come back: less than a round trip takes on the shortest line.
  static constexpr std::chrono::microseconds linger_time{100};
  /// Where lingering was for nothing this many times more requests follow without, up to the limit.
  static constexpr std::size_t skip_factor = 2;
  static constexpr std::size_t max_skipped = 64;
  /// For so long after a topic refused a batch, though not its messages, they are sent one by one.
  static constexpr std::chrono::minutes avoid_time{1};
  static constexpr std::size_t max_avoided_topics = 1024;
  /// Of more topics than this only those with a request on its way are remembered.
  static constexpr std::size_t max_remembered_topics = 1024;

  struct Place {
    std::shared_ptr<SendGroup> group;
    SendGroup::Member* member = nullptr;  ///< Of the group, to wait there.
    std::size_t index = 0;  ///< Of the message in the group. The first one sees to longest_wait.
    bool complete = false;  ///< Nobody else is expected: send the group. It counts as a request.
  };
  struct Joined {
    std::shared_ptr<SendGroup> send_before;  ///< Not null: send it first. It counts as a request.
    std::optional<Place> place;
  };

  /// A place in the group that waits, whose items `append` has then appended to. No place where the message
  /// is to be sent at once by itself: that counts as a request until ended() is called, which must follow.
  /// What `append` throws comes through, and no place is taken.
  [[nodiscard]] Joined join(const std::string& topic, std::size_t message_bytes,
                            std::chrono::steady_clock::time_point now,
                            const std::function<void(std::string& items)>& append);

  struct Next {
    std::shared_ptr<SendGroup> group;  ///< Counts as a request from now on: send it. Null: nobody waits.
    std::uint64_t linger = 0;          ///< Else, unless 0: call linger_over with it after linger_time.
  };
  /// A request of the topic, which held `messages`, has ended. To be called before their senders go on.
  [[nodiscard]] Next ended(const std::string& topic, std::size_t messages);
  /// The group that lingered, if it still does: send it. Null where nobody came.
  [[nodiscard]] std::shared_ptr<SendGroup> linger_over(const std::string& topic, std::uint64_t linger);

  /// Takes a group that still waits; true means it counts as a request from now on: send it, or call ended().
  [[nodiscard]] bool take(const std::shared_ptr<SendGroup>& group);

  /// The topic's broker refuses batches.
  void avoid(const std::string& topic, std::chrono::steady_clock::time_point now);

 private:
  struct Topic {
    std::size_t under_way = 0;
    std::shared_ptr<SendGroup> waiting;
    std::uint64_t linger = 0;   // Not 0: it lingers.
    std::size_t expected = 0;   // And is complete with so many messages.
    std::size_t skip = 0;       // Requests without lingering that are still to come,
    std::size_t skip_next = 0;  // and how many there will be the next time.
  };
  [[nodiscard]] bool avoided(const std::string& topic, std::chrono::steady_clock::time_point now);
  [[nodiscard]] std::shared_ptr<SendGroup> send_waiting(Topic& topic);
  void forget_if_idle(const std::string& topic);

  std::mutex mutex_;
  std::map<std::string, Topic>
      topics_;  // Bounded like the route table: a topic that exists, once it was sent to.
  std::map<std::string, std::chrono::steady_clock::time_point> avoided_until_;
  std::uint64_t last_linger_ = 0;
};

}  // namespace rocketmq::client
