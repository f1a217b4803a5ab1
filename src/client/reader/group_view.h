#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "client/reader/questions.h"
#include "rocketmq/topic_view.h"
#include "wire/consume_stats.h"

namespace rocketmq::client {

/// What brokers and members tell of a group. Its functions wait for the answers.
class GroupView {
 public:
  /// `brokers` are the addresses that are asked.
  GroupView(Questions& questions, std::string_view group, std::vector<std::string> brokers);

  /// In all queues of `wire_topic`, or of every topic in which the group has progress if that is empty. By
  /// queue. Throws Error.
  [[nodiscard]] std::vector<wire::QueueProgress> progress(const std::string& wire_topic);

  using Owners = std::map<wire::MessageQueue, std::set<std::string>>;
  /// Which member has which queue. A member that does not answer owns none here. Throws Error.
  [[nodiscard]] Owners owners();

  /// A queue of that progress, for users. To be asked after owners().
  [[nodiscard]] GroupQueue queue_of(const wire::QueueProgress& progress, const Owners& owners) const;

  /// Throws Error invalid_argument if no broker knows the group. To be asked after owners(), of a group
  /// without progress.
  void check_exists();

 private:
  [[nodiscard]] std::vector<Questions::Answer> ask_brokers(const wire::Command& command,
                                                           const std::string& what);
  [[nodiscard]] Owners ask_members(const std::map<std::string, std::string>& members);

  Questions& questions_;
  const std::string group_;
  const std::string wire_group_;
  const std::vector<std::string> brokers_;
  std::size_t members_ = 0;
  bool broadcasting_ = false;
};

/// The readable servers of a route, one for each broker name: the master if there is one.
[[nodiscard]] std::vector<std::string> servers_of(const TopicRoute& route);

}  // namespace rocketmq::client
