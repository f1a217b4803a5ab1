#include "client/core/route_table.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "client/core/client_core.h"
#include "client/core/name_servers.h"
#include "wire/response_code.h"
#include "wire/route.h"
#include "wire/send.h"

namespace rocketmq::client {
namespace {

/// A name server answers from memory, so a few seconds without a word mean that it is gone.
constexpr std::chrono::milliseconds request_timeout{3000};
constexpr std::chrono::seconds stale_pause{1};

}  // namespace

struct RouteTable::Entry {
  explicit Entry(ClientCore& core) : stale_timer(core.loop()) {}

  RoutePtr route;         // As the name servers have it; kept while they do not know the topic.
  RoutePtr auto_created;  // Only while there is no route.
  std::vector<Handler> waiting;
  std::vector<Handler> waiting_to_publish;
  bool fetching = false;
  std::optional<std::chrono::steady_clock::time_point> last_fetch;
  transport::LoopTimer stale_timer;
};

RouteTable::RouteTable(ClientCore& core) : core_(core), refresh_timer_(core.loop()) {}

RouteTable::~RouteTable() = default;

void RouteTable::start() {
  refresh_later();
}

void RouteTable::refresh_later() {
  if (closed_) return;
  refresh_timer_.start(refresh_interval, [this] {
    const auto entries = entries_;
    for (const auto& [topic, entry] : entries)
      fetch(topic, entry);
    refresh_later();
  });
}

std::shared_ptr<RouteTable::Entry> RouteTable::watch(const std::string& topic) {
  const auto found = entries_.find(topic);
  if (found != entries_.end()) return found->second;
  // Made first: if memory runs out, no entry is left that is null.
  auto entry = std::make_shared<Entry>(core_);
  entries_.emplace(topic, entry);
  return entry;
}

void RouteTable::get(const std::string& topic, Handler handler) {
  const auto entry = watch(topic);
  if (entry->route != nullptr) {
    core_.post([handler = std::move(handler), route = entry->route] { handler({}, route); });
    return;
  }
  entry->waiting.push_back(std::move(handler));
  fetch(topic, entry);
}

void RouteTable::get_for_publish(const std::string& topic, Handler handler) {
  const auto entry = watch(topic);
  const auto& known = entry->route != nullptr ? entry->route : entry->auto_created;
  if (known != nullptr && !known->publish_queues.empty()) {
    core_.post([handler = std::move(handler), route = known] { handler({}, route); });
    return;
  }
  entry->waiting_to_publish.push_back(std::move(handler));
  fetch(topic, entry);
}

void RouteTable::refresh(const std::string& topic, Handler handler) {
  const auto entry = watch(topic);
  entry->waiting.push_back(std::move(handler));
  fetch(topic, entry);
}

void RouteTable::mark_stale(const std::string& topic) {
  const auto found = entries_.find(topic);
  if (closed_ || found == entries_.end()) return;
  const auto entry = found->second;
  if (entry->fetching || entry->stale_timer.pending()) return;
  const auto now = std::chrono::steady_clock::now();
  if (!entry->last_fetch || now - *entry->last_fetch >= stale_pause) {
    fetch(topic, entry);
    return;
  }
  entry->stale_timer.start(*entry->last_fetch + stale_pause - now, [this, topic, raw = entry.get()] {
    const auto entry_now = entries_.find(topic);
    if (entry_now != entries_.end() && entry_now->second.get() == raw) {
      fetch(topic, entry_now->second);
    }
  });
}

RoutePtr RouteTable::cached(const std::string& topic) const {
  const auto found = entries_.find(topic);
  if (found == entries_.end()) return nullptr;
  return found->second->route != nullptr ? found->second->route : found->second->auto_created;
}

void RouteTable::forget(const std::string& topic) {
  entries_.erase(topic);
}

std::map<std::string, BrokerAddresses> RouteTable::brokers() const {
  std::map<std::string, BrokerAddresses> result;
  for (const auto& [topic, entry] : entries_) {
    const auto& route = entry->route != nullptr ? entry->route : entry->auto_created;
    if (route == nullptr) continue;
    for (const auto& [name, addresses] : route->brokers)
      result[name].insert(addresses.begin(), addresses.end());
  }
  return result;
}

std::string RouteTable::any_broker_of(const std::string& topic) {
  const auto route = cached(topic);
  if (route == nullptr || route->brokers.empty()) return {};
  std::vector<std::string> masters;
  std::vector<std::string> others;
  for (const auto& [name, addresses] : route->brokers) {
    for (const auto& [id, address] : addresses)
      (id == master_id ? masters : others).push_back(address);
  }
  const auto& choice = masters.empty() ? others : masters;
  if (choice.empty()) return {};
  return choice[static_cast<std::size_t>(core_.random() * static_cast<double>(choice.size()))];
}

void RouteTable::on_change(ChangeHandler handler) {
  listeners_.push_back(std::move(handler));
}

void RouteTable::fetch(const std::string& topic, const std::shared_ptr<Entry>& entry) {
  if (entry->fetching) return;
  entry->fetching = true;
  entry->stale_timer.cancel();
  entry->last_fetch = std::chrono::steady_clock::now();
  core_.name_servers().request(
      wire::GetRouteInfoRequest{topic, true}.to_command(), request_timeout,
      [this, topic, entry](const Failure& transport, const std::string& address,
                           const wire::ReceivedCommand& reply) {
        if (!transport.failed() && reply.header.code == wire::ResponseCode::topic_not_exist) {
          Failure missing = failure_of(transport, reply, address, "");
          missing.code = Errc::topic_not_found;
          missing.message = "topic '" + core_.unwrap_name(topic) + "' does not exist";
          if (entry->waiting_to_publish.empty()) {
            finish(topic, entry, missing, nullptr);
          } else {
            fetch_auto_created(topic, entry, missing);
          }
          return;
        }
        const Failure failure = failure_of(
            transport, reply, address, "asking for the route of topic '" + core_.unwrap_name(topic) + "'");
        if (failure.failed()) {
          finish(topic, entry, failure, nullptr);
          return;
        }
        wire::TopicRouteData data;
        const Errc error = wire::TopicRouteData::decode_body(reply.body.view, data);
        if (error != Errc::ok) {
          finish(topic, entry,
                 Failure{error,
                         "the route of topic '" + core_.unwrap_name(topic) + "' that name server " + address +
                             " sent cannot be read: " + describe(error),
                         std::nullopt},
                 nullptr);
          return;
        }
        finish(topic, entry, {}, std::make_shared<const TopicRoute>(make_topic_route(topic, data)));
      });
}

void RouteTable::fetch_auto_created(const std::string& topic, const std::shared_ptr<Entry>& entry,
                                    const Failure& missing) {
  core_.name_servers().request(
      wire::GetRouteInfoRequest{wire::auto_create_topic, true}.to_command(), request_timeout,
      [this, topic, entry, missing](const Failure& transport, const std::string& address,
                                    const wire::ReceivedCommand& reply) {
        Failure failure = failure_of(transport, reply, address, "asking for the route of topic TBW102");
        wire::TopicRouteData data;
        if (!failure.failed()) {
          const Errc error = wire::TopicRouteData::decode_body(reply.body.view, data);
          if (error != Errc::ok) {
            failure = Failure{error, "the route of topic TBW102 cannot be read", std::nullopt};
          }
        }
        RoutePtr route;
        if (!failure.failed()) {
          route = std::make_shared<const TopicRoute>(make_auto_created_route(topic, data));
        }
        if (route == nullptr || route->publish_queues.empty()) {
          Failure final = missing;
          final.message +=
              ", and no broker creates topics by itself: create it (mqadmin updateTopic), or set "
              "autoCreateTopicEnable=true at the brokers";
          if (failure.failed() && failure.code != Errc::server_refused) final = failure;
          finish(topic, entry, final, nullptr);
          return;
        }
        finish(topic, entry, missing, route);
      });
}

void RouteTable::finish(const std::string& topic, const std::shared_ptr<Entry>& entry, const Failure& failure,
                        const RoutePtr& route) {
  entry->fetching = false;
  const auto waiting = std::exchange(entry->waiting, {});
  const auto waiting_to_publish = std::exchange(entry->waiting_to_publish, {});
  const auto brokers_before = brokers();
  const bool auto_created = route != nullptr && route->auto_created;
  bool changed = false;
  if (auto_created && entry->route == nullptr) {
    changed = entry->auto_created == nullptr || *entry->auto_created != *route;
    entry->auto_created = route;
  } else if (route != nullptr && !auto_created) {
    changed = entry->route == nullptr || *entry->route != *route;
    if (changed) entry->route = route;
    entry->auto_created = nullptr;
  }
  if (changed && entries_.count(topic) != 0) {
    forget_brokers(brokers_before);
    core_.log(LogLevel::info,
              "Route of topic '" + topic + "': " + std::to_string(route->publish_queues.size()) +
                  " queues to send to, " + std::to_string(route->subscribe_queues.size()) +
                  " to receive from, " + std::to_string(route->brokers.size()) + " brokers" +
                  (auto_created ? "; the topic comes into being with its first message" : ""));
    const auto listeners = listeners_;
    for (const auto& listener : listeners)
      listener(topic, route);
  }
  // Subscribers want what is there; senders take what was known before as well.
  const bool fetched = route != nullptr && !auto_created;
  for (const auto& handler : waiting)
    handler(fetched ? Failure{} : failure, fetched ? entry->route : nullptr);
  const RoutePtr to_publish = entry->route != nullptr ? entry->route : entry->auto_created;
  for (const auto& handler : waiting_to_publish) {
    if (to_publish != nullptr && !to_publish->publish_queues.empty()) {
      handler({}, to_publish);
    } else if (to_publish != nullptr && !failure.failed()) {
      handler(Failure{Errc::no_queue,
                      "topic '" + core_.unwrap_name(topic) +
                          "' has no queue that may be written: no broker with write permission has a master",
                      std::nullopt},
              nullptr);
    } else {
      handler(failure, nullptr);
    }
  }
}

void RouteTable::forget_brokers(const std::map<std::string, BrokerAddresses>& before) {
  std::set<std::string> in_use;
  for (const auto& [name, addresses] : brokers()) {
    for (const auto& [id, address] : addresses)
      in_use.insert(address);
  }
  for (const auto& [name, addresses] : before) {
    for (const auto& [id, address] : addresses) {
      if (in_use.count(address) == 0) core_.remoting().forget(address);
    }
  }
}

void RouteTable::close() {
  closed_ = true;
  refresh_timer_.cancel();
  for (const auto& [topic, entry] : entries_)
    entry->stale_timer.cancel();
}

}  // namespace rocketmq::client
