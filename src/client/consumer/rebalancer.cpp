#include "client/consumer/rebalancer.h"

#include <algorithm>
#include <utility>

#include "client/consumer/allocation.h"
#include "client/core/access_refusal.h"
#include "client/core/heartbeat.h"
#include "client/core/route_table.h"
#include "wire/group.h"

namespace rocketmq::client {

using std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds duplicate_patience{5};

std::string subject_of(const std::string& topic) {
  return "the queues of topic '" + topic + "' are not divided";
}

}  // namespace

struct Rebalancer::Round {
  std::size_t open = 0;  // Topics that are not dealt with yet.
  bool incomplete = false;
};

Rebalancer::Rebalancer(ConsumerContext& context, bool share_all, Assign assign)
    : context_(context), share_all_(share_all), assign_(std::move(assign)), timer_(context.core->loop()) {}

void Rebalancer::add_topic(const std::string& topic) {
  topics_.push_back(topic);
}

void Rebalancer::start() {
  stopped_ = false;
  trigger();
}

void Rebalancer::stop() {
  stopped_ = true;
  timer_.cancel();
}

void Rebalancer::on_new_connection(const std::string& address, TimePoint now) {
  if (!members_.empty()) {
    expected_[address] = {members_, now + member_patience};
    reconnected_at_ = now;
  }
  trigger();
}

std::set<std::string> Rebalancer::members_by(const std::string& address, const std::vector<std::string>& list,
                                             TimePoint now) {
  std::set<std::string> members(list.begin(), list.end());
  std::erase_if(expected_, [&](const auto& entry) { return now >= entry.second.until; });
  const auto found = expected_.find(address);
  if (found == expected_.end()) {
    // A broker that has kept its connections: a member that it does not list is gone.
    for (auto& [broker, expected] : expected_)
      std::erase_if(expected.members, [&](const std::string& id) { return !members.contains(id); });
  } else {
    // The broker knows by now the members that it lists; one that it lists no more is gone.
    std::erase_if(found->second.members, [&](const std::string& id) { return members.contains(id); });
    members.insert(found->second.members.begin(), found->second.members.end());
  }
  std::erase_if(expected_, [](const auto& entry) { return entry.second.members.empty(); });
  members_ = members;
  return members;
}

void Rebalancer::trigger() {
  if (stopped_) return;
  if (running_) {
    again_ = true;
    return;
  }
  const auto earliest = last_run_ + shortest_interval;
  const auto now = steady_clock::now();
  timer_.start(earliest > now ? earliest - now : steady_clock::duration::zero(), [this] { run(); });
}

void Rebalancer::run() {
  if (stopped_ || running_) return;
  running_ = true;
  again_ = false;
  last_run_ = steady_clock::now();
  const auto round = std::make_shared<Round>();
  round->open = topics_.size();
  for (const std::string& topic : topics_)
    run_topic(round, topic);
}

void Rebalancer::run_topic(const RoundPtr& round, const std::string& topic) {
  const RoutePtr route = context_.core->routes().cached(topic);
  if (route == nullptr) {
    end_topic(round);
    return;
  }
  if (share_all_) {
    assign_({topic, route->subscribe_queues, true, {}});
    end_topic(round);
    return;
  }
  ask(round, topic, brokers_of(topic), {});
}

// Only brokers that accepted our heartbeat: the others cannot know that we are a member. As soon as one does,
// a round is triggered.
std::vector<std::string> Rebalancer::brokers_of(const std::string& topic) const {
  std::vector<std::string> known;
  const RoutePtr route = context_.core->routes().cached(topic);
  if (route == nullptr) return known;
  for (const auto& [name, addresses] : route->brokers) {
    for (const auto& [id, address] : addresses) {
      if (context_.core->heartbeats().known_to(address)) known.push_back(address);
    }
  }
  return known;
}

void Rebalancer::ask(const RoundPtr& round, const std::string& topic, std::vector<std::string> addresses,
                     const Failure& last) {
  if (stopped_ || addresses.empty()) {
    if (!stopped_ && last.failed()) {
      note_trouble(topic, to_string(last),
                   is_access_refusal(last) ? Troubles::Kind::lasting : Troubles::Kind::may_pass);
    }
    round->incomplete = true;
    end_topic(round);
    return;
  }
  const std::string address = addresses.front();
  addresses.erase(addresses.begin());
  wire::GetConsumerListByGroupRequest request;
  request.consumer_group = context_.group;
  context_.core->request(
      address, request.to_command(), nullptr, request_timeout,
      [this, round, topic, address, rest = std::move(addresses)](const Failure& transport,
                                                                 const wire::ReceivedCommand& reply) mutable {
        Failure failure = failure_of(transport, reply, address, "the members of the group");
        wire::ConsumerIdList list;
        if (!failure.failed()) {
          const Errc error = wire::ConsumerIdList::decode_body(reply.body.view, list);
          if (error != Errc::ok)
            failure = {error, address + " answered with an unreadable list of members", {}};
        }
        if (failure.failed()) {
          if (!rest.empty()) log(LogLevel::warning, to_string(failure));
          ask(round, topic, std::move(rest), failure);
          return;
        }
        allocate(topic, address, std::move(list.consumer_ids), *round);
        end_topic(round);
      });
}

void Rebalancer::allocate(const std::string& topic, const std::string& address,
                          std::vector<std::string> client_ids, Round& round) {
  const RoutePtr route = context_.core->routes().cached(topic);
  if (stopped_ || route == nullptr) return;
  const std::string& self = context_.core->client_id();
  if (std::find(client_ids.begin(), client_ids.end(), self) == client_ids.end()) {
    // A broker that was restarted does not know us yet. The queues stay as they are.
    note_trouble(topic, address + " does not count this client among the members; it is told again",
                 Troubles::Kind::may_pass);
    round.incomplete = true;
    context_.core->heartbeats().send_to(address, [](const Failure&) {});
    return;
  }
  if (find_duplicate_client_id(client_ids)) round.incomplete = true;
  const std::set<std::string> members = members_by(address, client_ids, steady_clock::now());
  if (expects_more()) round.incomplete = true;
  const auto share = allocate_average(route->subscribe_queues, {members.begin(), members.end()}, self);
  if (!share) return;
  context_.troubles.end(subject_of(topic));
  assign_({topic, *share, members.size() == 1, members});
}

void Rebalancer::note_trouble(const std::string& topic, const std::string& cause, Troubles::Kind kind) {
  if (!context_.note_trouble(subject_of(topic), cause, kind)) log(LogLevel::warning, cause);
}

// Two members with one clientId would both take the same queues. A broker may list us twice for a moment, so
// only what lasts is told; after a reconnect also for as long as it may keep a connection of ours that broke
// without its notice. True while it is being found out.
bool Rebalancer::find_duplicate_client_id(const std::vector<std::string>& client_ids) {
  const std::string& self = context_.core->client_id();
  const auto now = steady_clock::now();
  if (std::count(client_ids.begin(), client_ids.end(), self) < 2) {
    duplicate_since_.reset();
    return false;
  }
  if (reconnected_at_ && now - *reconnected_at_ < old_connection_patience) return false;
  if (!duplicate_since_) duplicate_since_ = now;
  if (now - *duplicate_since_ < duplicate_patience) return true;
  log(LogLevel::error, "another member has this client's id '" + self +
                           "', so both receive the same messages; give each its own instanceName");
  return false;
}

void Rebalancer::end_topic(const RoundPtr& round) {
  if (--round->open > 0) return;
  running_ = false;
  if (stopped_) return;
  if (again_) {
    trigger();
  } else {
    timer_.start(round->incomplete ? std::chrono::milliseconds(retry_interval) : interval, [this] { run(); });
  }
}

void Rebalancer::log(LogLevel level, const std::string& what) {
  (void)context_.core->log_limited(limiter_, level,
                                   "dividing the queues of group '" + context_.group + "': " + what);
}

}  // namespace rocketmq::client
