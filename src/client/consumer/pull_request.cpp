#include "client/consumer/pull_request.h"

#include <algorithm>
#include <utility>

#include "client/core/name_servers.h"
#include "client/core/route_table.h"
#include "wire/pull.h"
#include "wire/sys_flag.h"

namespace rocketmq::client {

using std::chrono::steady_clock;

const BrokerAddresses::value_type* pull_server(const ConsumerContext& context, const MessageQueue& queue,
                                               std::int64_t broker_id) {
  const RoutePtr route = context.core->routes().cached(queue.topic);
  return route == nullptr ? nullptr : route->readable(route->holder(queue), broker_id);
}

const BrokerAddresses::value_type* pull_slave(const ConsumerContext& context, const MessageQueue& queue) {
  const RoutePtr route = context.core->routes().cached(queue.topic);
  if (route == nullptr) return nullptr;
  const auto broker = route->brokers.find(std::string(route->holder(queue)));
  if (broker == route->brokers.end()) return nullptr;
  const BrokerAddresses& servers = broker->second;
  const auto slave = std::find_if(servers.begin(), servers.end(),
                                  [](const auto& server) { return server.first != master_id; });
  return slave == servers.end() ? nullptr : &*slave;
}

bool is_a_proxy(const ConsumerContext& context, const BrokerAddresses::value_type* server) {
  const auto& name_servers = context.core->name_servers().addresses();
  return server != nullptr &&
         std::find(name_servers.begin(), name_servers.end(), server->second) != name_servers.end();
}

void request_pull(const ConsumerContext& context, const AssignedQueue& queue, const PullPipeline::Pull& pull,
                  const BrokerAddresses::value_type* server, std::function<void(PullAnswer&&)> handler) {
  if (server == nullptr) {
    context.core->post([handler = std::move(handler), broker = queue.queue.broker_name] {
      const Failure failure{Errc::connect_failed, "no address of broker '" + broker + "' is known", {}};
      handler({master_id, {}, {}, failure, {}});
    });
    return;
  }
  wire::PullMessageRequest request;
  request.consumer_group = context.group;
  request.topic = queue.queue.topic;
  request.queue_id = queue.queue.queue_id;
  request.queue_offset = pull.offset;
  request.max_msg_nums = pull.messages;
  request.max_msg_bytes = max_pull_bytes;
  // No offset is committed along the way: commits of one queue must not overtake each other.
  request.sys_flag = pull.suspends ? wire::pull_flag::suspend : 0;
  request.suspend_timeout_millis = pull.suspends ? pull_suspend.count() : 0;
  request.sub_version = queue.subscription->sub_version;
  request.expression_type = queue.subscription->expression_type;
  if (!context.is_member) {
    request.sys_flag |= wire::pull_flag::subscription;
    request.subscription = queue.subscription->sub_string;
  }
  if (pull.unfiltered) {
    request.sys_flag |= wire::pull_flag::subscription;
    request.subscription = "*";
    request.expression_type = "TAG";
  }
  request.broker_name = queue.queue.broker_name;
  context.core->request_share(
      static_cast<std::size_t>(request.queue_id), server->second, request.to_command(),
      pull.suspends ? held_pull_timeout : prompt_pull_timeout,
      [handler = std::move(handler), broker_id = server->first, address = server->second,
       asked = steady_clock::now()](const Failure& transport, wire::ReceivedCommand&& reply) {
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - asked);
        handler({broker_id, address, took, transport, std::move(reply)});
      });
}

void query_ends_by_pull(const ConsumerContext& context, const AssignedQueue& queue,
                        const BrokerAddresses::value_type& server, const std::string& what,
                        std::function<void(const Failure&, const QueueEnds&)> handler) {
  PullPipeline::Pull pull;
  pull.messages = 1;
  pull.unfiltered = true;
  request_pull(context, queue, pull, &server, [what, handler = std::move(handler)](PullAnswer&& answer) {
    Failure failure = answer.transport;
    wire::PullMessageReply ends;
    if (!failure.failed() && !wire::is_pull_result(answer.reply.header.code)) {
      failure = failure_of(answer.transport, answer.reply, answer.address, what);
    } else if (!failure.failed()) {
      const Errc error = wire::PullMessageReply::decode(answer.reply.header, ends);
      if (error != Errc::ok)
        failure = {error, answer.address + " answered a pull without usable offsets: " + what, {}};
    }
    handler(failure, {ends.min_offset, ends.max_offset});
  });
}

}  // namespace rocketmq::client
