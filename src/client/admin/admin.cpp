#include "rocketmq/admin.h"

#include <algorithm>
#include <set>
#include <utility>

#include "client/admin/admin_impl.h"
#include "client/reader/group_view.h"
#include "wire/admin.h"
#include "wire/names.h"
#include "wire/sys_flag.h"

namespace rocketmq {

namespace {

using client::body_of;
using client::Questions;

constexpr const char* name_server = "the name server";

/// Of RocketMQ 5, what follows it in a retry topic is the topic.
constexpr char pop_retry_separator = '+';

/// Brokers of a cluster as users see them.
BrokerServers servers_of_broker(const wire::BrokerData& data, const std::string& name) {
  return {data.cluster, data.broker_name.empty() ? name : data.broker_name, data.broker_addrs};
}

}  // namespace

std::vector<Admin::Impl::Server> Admin::Impl::servers(const std::string& wire_topic) {
  std::vector<Server> servers;
  const client::RoutePtr route = questions.route(wire_topic);
  for (const auto& [name, addresses] : route->brokers) {
    if (const auto* const server = route->readable(name, client::master_id); server != nullptr)
      servers.push_back({name, server->second});
  }
  return servers;
}

std::vector<std::string> Admin::Impl::group_servers(std::string_view group) {
  try {
    return client::servers_of(*questions.route(wire::retry_topic(wrap(group))));
  } catch (const Error& error) {
    if (error.code() != Errc::topic_not_found) throw;
  }
  const std::string what = "the list of brokers";
  const auto info = body_of<wire::ClusterInfo>(
      questions.ask_name_server(wire::GetBrokerClusterInfoRequest{}.to_command(), what), name_server, what);
  std::vector<std::string> addresses;
  for (const auto& [name, broker] : info.brokers) {
    if (!broker.broker_addrs.empty()) addresses.push_back(broker.broker_addrs.begin()->second);
  }
  return addresses;
}

Admin::Admin(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Admin::~Admin() = default;

std::unique_ptr<Admin> Admin::start(ClientConfig config) {
  return std::unique_ptr<Admin>(new Admin(std::make_unique<Impl>(std::move(config))));
}

std::vector<BrokerServers> Admin::brokers() {
  const std::string what = "the list of brokers";
  const auto info = body_of<wire::ClusterInfo>(
      impl_->questions.ask_name_server(wire::GetBrokerClusterInfoRequest{}.to_command(), what), name_server,
      what);
  std::vector<BrokerServers> brokers;
  brokers.reserve(info.brokers.size());
  for (const auto& [name, broker] : info.brokers)
    brokers.push_back(servers_of_broker(broker, name));
  std::stable_sort(brokers.begin(), brokers.end(),
                   [](const auto& left, const auto& right) { return left.cluster < right.cluster; });
  return brokers;
}

std::vector<std::string> Admin::topics() {
  const std::string what = "the list of topics";
  auto list = body_of<wire::TopicList>(
      impl_->questions.ask_name_server(wire::GetAllTopicListRequest{}.to_command(), what), name_server, what);
  std::set<std::string> names;
  for (const std::string& topic : list.topics)
    names.insert(impl_->questions.core()->unwrap_name(topic));
  return {names.begin(), names.end()};
}

std::vector<std::string> Admin::groups() {
  std::set<std::string> groups;
  for (const std::string& topic : topics()) {
    if (!wire::is_retry_topic(topic)) continue;
    const std::string_view group = std::string_view(topic).substr(wire::retry_topic_prefix.size());
    groups.emplace(group.substr(0, group.find(pop_retry_separator)));
  }
  return {groups.begin(), groups.end()};
}

std::vector<TopicPart> Admin::topic_parts(std::string_view topic) {
  throw_if(wire::check_topic(topic));
  const std::string what = "the route of topic '" + std::string(topic) + "'";
  const std::string wire_topic = impl_->wrap(topic);
  (void)impl_->questions.route(wire_topic);  // Says better what is wrong with a topic that does not exist.
  const auto data = body_of<wire::TopicRouteData>(
      impl_->questions.ask_name_server(wire::GetRouteInfoRequest{wire_topic, true}.to_command(), what),
      name_server, what);
  std::vector<TopicPart> parts;
  for (const wire::QueueData& queues : data.queue_datas) {
    TopicPart part;
    part.broker.broker_name = queues.broker_name;
    for (const wire::BrokerData& broker : data.broker_datas) {
      if (broker.broker_name == queues.broker_name)
        part.broker = servers_of_broker(broker, queues.broker_name);
    }
    part.read_queues = queues.read_queue_nums;
    part.write_queues = queues.write_queue_nums;
    part.readable = (queues.perm & wire::permission::read) != 0;
    part.writable = (queues.perm & wire::permission::write) != 0;
    parts.push_back(std::move(part));
  }
  std::sort(parts.begin(), parts.end(), [](const TopicPart& left, const TopicPart& right) {
    return left.broker.broker_name < right.broker.broker_name;
  });
  return parts;
}

std::vector<std::string> Admin::topic_groups(std::string_view topic) {
  throw_if(wire::check_topic(topic));
  const std::string wire_topic = impl_->wrap(topic);
  const std::string what = "the groups of topic '" + std::string(topic) + "'";
  std::vector<Questions::Question> asked;
  for (const Impl::Server& server : impl_->servers(wire_topic))
    asked.push_back({server.address, wire::QueryTopicConsumeByWhoRequest{wire_topic}.to_command(), what});
  std::set<std::string> groups;
  const auto answers = impl_->questions.ask(asked);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    for (const std::string& group : body_of<wire::GroupList>(answers[i], asked[i].address, what).groups)
      groups.insert(impl_->questions.core()->unwrap_name(group));
  }
  return {groups.begin(), groups.end()};
}

}  // namespace rocketmq
