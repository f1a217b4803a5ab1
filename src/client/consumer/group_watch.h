#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "client/consumer/consumer_context.h"
#include "transport/loop_timer.h"
#include "wire/group.h"
#include "wire/subscription.h"

namespace rocketmq::client {

/// Looks whether all members of the group, in whatever process, want the same. If they do not, brokers
/// filter everybody's messages by what one of them wants, and the others lose theirs without a sign; so that
/// is told, once for each member and for each change.
///
/// A broker is asked for the members every 20 s and when they change, and each new member is asked once,
/// through the broker, what it wants. A client that may not ask this, or gets no answer, is silent and
/// goes on. All functions: loop.
class GroupWatch {
 public:
  static constexpr std::chrono::milliseconds interval{20'000};
  /// Members that hear of a new one all at once do not ask it all at once.
  static constexpr std::chrono::milliseconds spread{1000};
  static constexpr std::chrono::milliseconds request_timeout{3000};
  /// A broker gives a member 10 s to answer.
  static constexpr std::chrono::milliseconds member_timeout{12'000};
  /// At most this many are asked per look.
  static constexpr std::size_t max_asked = 8;

  GroupWatch(ConsumerContext& context, bool broadcasting);

  void start();
  /// The members may have changed.
  void trigger();
  /// A broker accepted our first heartbeat on a new connection; perhaps it lets itself be asked now.
  void on_new_connection(const std::string& address);
  void stop();

 private:
  struct Look;
  using LookPtr = std::shared_ptr<Look>;
  void look_later(std::chrono::milliseconds delay);
  void look();
  void take_members(const LookPtr& look);
  void ask_next(const LookPtr& look);
  void take_member(const Look& look, const std::string& client_id,
                   std::vector<wire::SubscriptionData> wanted);
  void check_broker(const Look& look);
  void end_look();
  [[nodiscard]] std::string next_broker();
  [[nodiscard]] std::string to_text(std::vector<wire::SubscriptionData> subscriptions) const;
  [[nodiscard]] std::vector<wire::SubscriptionData> ours() const;
  [[nodiscard]] std::string our_side() const;

  ConsumerContext& context_;
  const std::string model_;
  transport::LoopTimer timer_;
  struct Member {
    std::string asked_at;  // The broker.
    std::string theirs;    // What it wants otherwise; empty if it agrees or did not say.
  };
  std::map<std::string, Member> members_;  // Those that were asked, by clientId.
  std::set<std::string> refusing_;         // Brokers that do not let themselves be asked.
  std::string told_of_broker_;             // What was told last of a broker.
  std::string told_of_model_;
  std::size_t next_broker_ = 0;
  bool looking_ = false;
  bool again_ = false;
  bool stopped_ = true;
};

}  // namespace rocketmq::client
