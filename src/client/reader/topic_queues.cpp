#include "client/reader/topic_queues.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "wire/names.h"
#include "wire/topic_stats.h"

namespace rocketmq {

namespace {

bool contains(const std::vector<wire::MessageQueue>& queues, const wire::MessageQueue& queue) {
  return std::binary_search(queues.begin(), queues.end(), queue);
}

TopicQueue describe(const wire::QueueStats& stats, const client::TopicRoute& route) {
  TopicQueue queue;
  queue.broker_name = stats.queue.broker_name;
  queue.queue_id = stats.queue.queue_id;
  queue.min_offset = stats.min_offset;
  queue.max_offset = stats.max_offset;
  if (stats.last_update_timestamp > 0) queue.last_store_ms = stats.last_update_timestamp;
  // A static topic is read and written by logical queues; a broker tells the ones that it stores.
  queue.readable =
      route.is_static() ? !route.subscribe_queues.empty() : contains(route.subscribe_queues, stats.queue);
  queue.writable =
      route.is_static() ? !route.publish_queues.empty() : contains(route.publish_queues, stats.queue);
  return queue;
}

}  // namespace

std::vector<TopicQueue> topic_queues(const ClientConfig& client, std::string_view topic) {
  throw_if(wire::check_topic(topic));
  client::Questions questions(client);
  return client::topic_queues(questions, topic);
}

namespace client {

std::vector<TopicQueue> topic_queues(Questions& questions, std::string_view topic) {
  throw_if(wire::check_topic(topic));
  const std::string wire_topic = questions.core()->wrap_name(topic);
  const RoutePtr route = questions.route(wire_topic);
  std::vector<Questions::Question> asked;
  for (const auto& [name, addresses] : route->brokers) {
    const auto* const server = route->readable(name, client::master_id);
    if (server == nullptr) continue;
    asked.push_back({server->second, wire::GetTopicStatsInfoRequest{wire_topic}.to_command(),
                     "the offsets of topic '" + std::string(topic) + "' at broker '" + name + "'"});
  }
  std::vector<TopicQueue> queues;
  const auto answers = questions.ask(asked);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    throw_if(answers[i].failure);
    wire::TopicStats stats;
    if (const Errc error = wire::TopicStats::decode_body(answers[i].body.view, stats); error != Errc::ok)
      throw Error(error, asked[i].address + " answered unreadably: " + asked[i].what);
    for (const wire::QueueStats& queue : stats.queues)
      queues.push_back(describe(queue, *route));
  }
  std::sort(queues.begin(), queues.end(), [](const TopicQueue& left, const TopicQueue& right) {
    return std::tie(left.broker_name, left.queue_id) < std::tie(right.broker_name, right.queue_id);
  });
  return queues;
}

}  // namespace client

}  // namespace rocketmq
