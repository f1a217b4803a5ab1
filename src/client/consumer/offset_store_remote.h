#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "client/consumer/offset_store.h"

namespace rocketmq::client {

class ClientCore;

/// Progress at the brokers: the master of the queue if there is one, else a slave.
///
/// The first store of a topic at a broker goes alone, and the others wait for its answer: a broker that knows
/// no progress of the group in the topic begins a table for it, and of two that it begins at once it keeps
/// one. Source: ConsumerOffsetManager#commitOffset of 4.9.7 and 5.5.0.
class RemoteOffsetStore : public OffsetStore {
 public:
  static constexpr std::chrono::milliseconds request_timeout{3000};

  /// `group` as on the wire.
  RemoteOffsetStore(ClientCore& core, std::string group) : core_(core), group_(std::move(group)) {}

  void load(const MessageQueue& queue, LoadHandler handler) override;
  void store(const MessageQueue& queue, std::int64_t offset, StoreHandler handler) override;
  /// No if a slave was told while its master was down, and the master is back.
  [[nodiscard]] bool is_up_to_date(const MessageQueue& queue) const override;

 private:
  /// Empty if none is known.
  [[nodiscard]] std::string address_of(const MessageQueue& queue) const;
  void tell_zero_from_none(const std::string& address, const std::string& topic, LoadHandler handler);
  void send_store(const std::string& address, const MessageQueue& queue, std::int64_t offset,
                  StoreHandler handler);

  /// What one broker knows of the group's progress in one topic.
  struct Progress {
    bool known = false;
    bool storing = false;  // The first store is under way.
    std::vector<std::function<void()>> waiting;
  };

  ClientCore& core_;
  const std::string group_;
  std::map<std::pair<std::string, std::string>, Progress> progress_;  // By address and topic.
  std::map<MessageQueue, std::string> stored_at_;  // The address of the last server that was told.
};

}  // namespace rocketmq::client
