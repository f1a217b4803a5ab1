#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "client/core/topic_route.h"
#include "rocketmq/error.h"
#include "transport/loop_timer.h"

namespace rocketmq::client {

class ClientCore;

using RoutePtr = std::shared_ptr<const TopicRoute>;

/// The routes of the topics that a client uses, fetched from the name servers and refreshed every 30 s.
/// Topic names are those of the wire. All functions: loop.
class RouteTable {
 public:
  /// Gets a failure, or a route. Never called from within the function that it was given to.
  using Handler = std::function<void(const Failure& failure, RoutePtr route)>;
  /// Called after the cached route of a watched topic has changed or has appeared. A route that was known
  /// stays in use while the name servers do not know the topic: its broker may just be restarting.
  using ChangeHandler = std::function<void(const std::string& topic, const RoutePtr& route)>;

  static constexpr std::chrono::seconds refresh_interval{30};

  explicit RouteTable(ClientCore& core);
  ~RouteTable();

  /// The cached route, or else one that is fetched now. The topic is watched from then on: refreshed every
  /// 30 s, also while it does not exist.
  /// Failures: topic_not_found (code 17), no_name_server, server_refused, closed, and those of decoding.
  void get(const std::string& topic, Handler handler);

  /// The same for sending: a topic that does not exist gets the queues that TBW102 promises. Failures also:
  /// no_queue if nothing of the topic may be written.
  void get_for_publish(const std::string& topic, Handler handler);

  /// Fetches the route now, whatever is cached. Calls while a fetch is under way share its answer.
  void refresh(const std::string& topic, Handler handler);

  /// Says that the route proved wrong (a broker is gone, a queue does not exist): it is fetched again soon,
  /// at most once a second a topic, and stays in use meanwhile.
  void mark_stale(const std::string& topic);

  /// What is known now; null if the topic was not fetched yet or does not exist.
  [[nodiscard]] RoutePtr cached(const std::string& topic) const;

  /// Ends the refreshing of a topic and forgets its route.
  void forget(const std::string& topic);

  /// Every broker of every known route: name -> id -> address.
  [[nodiscard]] std::map<std::string, BrokerAddresses> brokers() const;

  /// Any address of any master (of any broker if no master is known), for requests that every broker
  /// answers, e.g. a group's consumer list. Empty if no route is known.
  [[nodiscard]] std::string any_broker_of(const std::string& topic);

  /// Adds a listener; it lives as long as the table.
  void on_change(ChangeHandler handler);

  /// Starts refreshing; called by the core.
  void start();
  void close();

 private:
  struct Entry;
  void fetch(const std::string& topic, const std::shared_ptr<Entry>& entry);
  void fetch_auto_created(const std::string& topic, const std::shared_ptr<Entry>& entry,
                          const Failure& missing);
  void finish(const std::string& topic, const std::shared_ptr<Entry>& entry, const Failure& failure,
              const RoutePtr& route);
  std::shared_ptr<Entry> watch(const std::string& topic);
  void refresh_later();
  /// Closes the connections to brokers that were in a route and are in none now.
  void forget_brokers(const std::map<std::string, BrokerAddresses>& before);

  ClientCore& core_;
  std::map<std::string, std::shared_ptr<Entry>> entries_;
  std::vector<ChangeHandler> listeners_;
  transport::LoopTimer refresh_timer_;
  bool closed_ = false;
};

}  // namespace rocketmq::client
