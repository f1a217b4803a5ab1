#include "client/consumer/group_watch.h"

#include <algorithm>
#include <utility>

#include "client/core/heartbeat.h"
#include "client/core/route_table.h"
#include "wire/consumer_status.h"
#include "wire/names.h"

namespace rocketmq::client {

namespace {

constexpr const char* mixed_remedy =
    "; brokers keep one subscription per group, so members that differ lose messages: give this one or the "
    "other "
    "a group of its own";

}  // namespace

struct GroupWatch::Look {
  std::string address;
  wire::ConsumerConnection known;   // By the broker.
  std::vector<std::string> to_ask;  // Members, the last one next.
};

GroupWatch::GroupWatch(ConsumerContext& context, bool broadcasting)
    : context_(context), model_(broadcasting ? "BROADCASTING" : "CLUSTERING"), timer_(context.core->loop()) {}

void GroupWatch::start() {
  stopped_ = false;
  trigger();
}

void GroupWatch::stop() {
  stopped_ = true;
  timer_.cancel();
}

void GroupWatch::trigger() {
  if (looking_) {
    again_ = true;
    return;
  }
  look_later(std::chrono::milliseconds(
      static_cast<std::int64_t>(context_.core->random() * static_cast<double>(spread.count()))));
}

void GroupWatch::on_new_connection(const std::string& address) {
  refusing_.erase(address);
  trigger();
}

void GroupWatch::look_later(std::chrono::milliseconds delay) {
  if (!stopped_) timer_.start(delay, [this] { look(); });
}

// Only one that accepted our heartbeat: others do not know the group, or not all of it.
std::string GroupWatch::next_broker() {
  std::set<std::string> all;
  for (const SubscribedTopic& topic : context_.user_topics()) {
    const RoutePtr route = context_.core->routes().cached(topic.name());
    if (route == nullptr) continue;
    for (const auto& [name, addresses] : route->brokers) {
      for (const auto& [id, address] : addresses) {
        if (context_.core->heartbeats().known_to(address) && !refusing_.contains(address))
          all.insert(address);
      }
    }
  }
  const std::vector<std::string> willing(all.begin(), all.end());
  return willing.empty() ? std::string() : willing[next_broker_++ % willing.size()];
}

void GroupWatch::look() {
  if (stopped_) return;
  looking_ = true;
  again_ = false;
  const auto look = std::make_shared<Look>();
  look->address = next_broker();
  if (look->address.empty()) {
    end_look();
    return;
  }
  wire::GetConsumerConnectionListRequest request;
  request.consumer_group = context_.group;
  context_.core->request(
      look->address, request.to_command(), nullptr, request_timeout,
      [this, look](const Failure& transport, const wire::ReceivedCommand& reply) {
        Failure failure = failure_of(transport, reply, look->address, "the connections of the group");
        if (!failure.failed()) {
          failure.code = wire::ConsumerConnection::decode_body(reply.body.view, look->known);
          failure.message = "the connections of the group cannot be read";
        }
        if (!failure.failed()) {
          take_members(look);
          return;
        }
        // It is not a part of consuming, and often a right of its own.
        if (failure.server) refusing_.insert(look->address);
        context_.core->log(LogLevel::debug, to_string(failure));
        end_look();
      });
}

void GroupWatch::take_members(const LookPtr& look) {
  if (stopped_) return;
  const std::vector<std::string>& present = look->known.client_ids;
  const std::set<std::string> ids(present.begin(), present.end());
  std::erase_if(members_, [&](const auto& member) {
    return member.second.asked_at == look->address && !ids.contains(member.first);
  });
  for (const std::string& id : ids) {
    if (id == context_.core->client_id()) continue;
    // One that differs may have been mended since.
    const auto asked = members_.find(id);
    if (asked != members_.end() && asked->second.theirs.empty()) continue;
    if (look->to_ask.size() < max_asked) {
      look->to_ask.push_back(id);
    } else if (asked == members_.end()) {
      again_ = true;
    }
  }
  ask_next(look);
}

void GroupWatch::ask_next(const LookPtr& look) {
  if (stopped_) return;
  if (look->to_ask.empty()) {
    check_broker(*look);
    end_look();
    return;
  }
  const std::string id = std::move(look->to_ask.back());
  look->to_ask.pop_back();
  wire::GetConsumerRunningInfoRequest request;
  request.consumer_group = context_.group;
  request.client_id = id;
  context_.core->request(
      look->address, request.to_command(), nullptr, member_timeout,
      [this, look, id](const Failure& transport, const wire::ReceivedCommand& reply) {
        Failure failure = failure_of(transport, reply, look->address, "what member " + id + " wants");
        std::vector<wire::SubscriptionData> wanted;
        if (!failure.failed()) {
          failure.code = wire::ConsumerRunningInfo::decode_subscriptions(reply.body.view, wanted);
          failure.message = "what member " + id + " wants cannot be read";
        }
        if (failure.failed()) context_.core->log(LogLevel::debug, to_string(failure));
        take_member(*look, id, std::move(wanted));
        ask_next(look);
      });
}

void GroupWatch::take_member(const Look& look, const std::string& client_id,
                             std::vector<wire::SubscriptionData> wanted) {
  if (stopped_) return;
  std::erase_if(
      wanted, [retry_topic = wire::retry_topic(context_.group)](const wire::SubscriptionData& subscription) {
        return subscription.topic == retry_topic;
      });
  // One that did not say has none.
  const bool agrees = wanted.empty() || wire::wants_the_same(wanted, ours());
  const std::string theirs = agrees ? std::string() : to_text(std::move(wanted));
  Member& member = members_[client_id];
  member.asked_at = look.address;
  if (std::exchange(member.theirs, theirs) == theirs || theirs.empty()) return;
  context_.notify(
      {0, "member " + client_id + " of the group has " + theirs + ", but " + our_side() + mixed_remedy});
}

// What no member owns up to, or says otherwise, shows at least there. A broker keeps the newest subscription
// by its members' clocks, so it may even be that of a member that is gone.
void GroupWatch::check_broker(const Look& look) {
  std::string others;
  for (const std::string& id : look.known.client_ids) {
    if (id != context_.core->client_id()) others += (others.empty() ? "" : ", ") + id;
  }
  if (others.empty()) others = "none";
  const std::string place = "broker " + look.address;
  const std::string members = " (other members: " + others + ")";
  const std::string& model = look.known.message_model;
  if (!model.empty() && model != model_ && told_of_model_ != members) {
    told_of_model_ = members;
    context_.notify(
        {0, place + " has the group as " + model + members + ", but " + our_side() + mixed_remedy});
  }
  if (std::any_of(members_.begin(), members_.end(),
                  [](const auto& member) { return !member.second.theirs.empty(); })) {
    return;  // That is why, and it was told.
  }
  const auto& table = look.known.subscriptions;
  std::string theirs;
  for (const wire::SubscriptionData& subscription : ours()) {
    const auto found = std::find_if(
        table.begin(), table.end(),
        [&subscription](const wire::SubscriptionData& known) { return known.topic == subscription.topic; });
    if (found == table.end()) {
      theirs = " does not have topic '" + context_.core->unwrap_name(subscription.topic) +
               "' among those of the group";
    } else if (!wire::wants_the_same(*found, subscription)) {
      theirs = " filters for the group by " + to_text({*found});
    }
  }
  if (theirs.empty() || told_of_broker_ == theirs + members) return;
  told_of_broker_ = theirs + members;
  context_.notify({0, place + theirs + members + ", but " + our_side() + mixed_remedy});
}

void GroupWatch::end_look() {
  looking_ = false;
  if (again_) {
    trigger();
  } else {
    look_later(interval);
  }
}

std::string GroupWatch::to_text(std::vector<wire::SubscriptionData> subscriptions) const {
  for (wire::SubscriptionData& subscription : subscriptions)
    subscription.topic = context_.core->unwrap_name(subscription.topic);
  return wire::to_string(subscriptions);
}

std::vector<wire::SubscriptionData> GroupWatch::ours() const {
  std::vector<wire::SubscriptionData> all;
  for (const SubscribedTopic& topic : context_.user_topics())
    all.push_back(*topic.subscription);
  return all;
}

std::string GroupWatch::our_side() const {
  return "this one, " + context_.core->client_id() + ", has " + to_text(ours()) + ", " + model_;
}

}  // namespace rocketmq::client
