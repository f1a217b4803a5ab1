#include "integration/topic_reader.h"

#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>

#include "client/core/client_core.h"
#include "client/core/route_table.h"
#include "rocketmq/topic_view.h"
#include "wire/compression.h"
#include "wire/properties.h"
#include "wire/pull.h"
#include "wire/stored_message.h"
#include "wire/sys_flag.h"

namespace rocketmq::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t max_body_bytes = 64U << 20;

struct Reply {
  Failure failure;
  wire::ReceivedCommand command;
};

template <class T>
T wait_for(std::future<T>& future) {
  if (future.wait_for(20s) != std::future_status::ready) throw std::runtime_error("no answer within 20 s");
  return future.get();
}

client::RoutePtr route_of(client::ClientCore& core, const std::string& topic) {
  auto answer = std::make_shared<std::promise<client::RoutePtr>>();
  auto future = answer->get_future();
  core.post([&core, topic, answer] {
    core.routes().refresh(
        topic, [answer](const Failure&, const client::RoutePtr& route) { answer->set_value(route); });
  });
  return wait_for(future);
}

Reply pull(client::ClientCore& core, const std::string& address, const client::MessageQueue& queue,
           std::int64_t offset) {
  wire::PullMessageRequest request;
  request.consumer_group = "topic_reader";
  request.topic = queue.topic;
  request.queue_id = queue.queue_id;
  request.queue_offset = offset;
  request.sys_flag = wire::pull_flag::subscription;
  request.subscription = "*";
  request.broker_name = queue.broker_name;
  auto answer = std::make_shared<std::promise<Reply>>();
  auto future = answer->get_future();
  // On the loop, where every request is made.
  core.post([&core, address, command = request.to_command(), answer] {
    core.request(address, command, nullptr, 10s,
                 [answer](const Failure& failure, wire::ReceivedCommand&& reply) {
                   answer->set_value(Reply{failure, std::move(reply)});
                 });
  });
  return wait_for(future);
}

void append_rows(const wire::ReceivedCommand& reply, const client::MessageQueue& queue,
                 std::vector<StoredRow>& rows) {
  wire::StoredMessageReader reader(reply.body.view);
  wire::StoredMessageView message;
  for (bool found = true;;) {
    if (reader.next(message, found) != Errc::ok) throw std::runtime_error("a stored message cannot be read");
    if (!found) return;
    StoredRow row;
    row.queue = queue.broker_name + ":" + std::to_string(queue.queue_id);
    row.offset = message.queue_offset;
    row.tag = wire::find_property(message.properties, wire::property::tags).value_or("");
    row.key = wire::find_property(message.properties, wire::property::unique_key).value_or("");
    row.compressed = message.is_compressed();
    row.stored_bytes = message.body.size();
    row.reconsume_times = message.reconsume_times;
    wire::PropertyReader properties(message.properties);
    for (std::string_view name, value; properties.next(name, value);)
      row.properties[std::string(name)] = value;
    wire::Compression compression{};
    if (!row.compressed) {
      row.body = as_text(message.body);
    } else if (wire::compression_of(message.sys_flag, compression) != Errc::ok ||
               wire::decompress(compression, message.body, max_body_bytes, row.body) != Errc::ok) {
      throw std::runtime_error("a body cannot be decompressed");
    }
    rows.push_back(std::move(row));
  }
}

std::vector<StoredRow> read_once(const std::string& name_servers, const std::string& topic,
                                 bool may_be_missing) {
  ClientConfig config;
  config.name_server_addresses = name_servers;
  config.connect_timeout_ms = 30'000;
  const auto core = client::ClientCore::create(config);
  core->start();
  const auto route = route_of(*core, topic);
  std::vector<StoredRow> rows;
  if (route == nullptr && may_be_missing) return rows;
  if (route == nullptr) throw std::runtime_error("no route of topic " + topic);
  for (const auto& queue : route->subscribe_queues) {
    const auto* const address = route->master_address(queue.broker_name);
    if (address == nullptr) throw std::runtime_error("broker " + queue.broker_name + " has no master");
    std::int64_t offset = 0;
    for (;;) {
      const Reply reply = pull(*core, *address, queue, offset);
      if (reply.failure.failed()) throw std::runtime_error(to_string(reply.failure));
      wire::PullMessageReply header;
      if (wire::PullMessageReply::decode(reply.command.header, header) != Errc::ok) {
        throw std::runtime_error("a pull was answered with " + std::to_string(reply.command.header.code) +
                                 ": " + reply.command.header.remark);
      }
      if (reply.command.header.code == 0) append_rows(reply.command, queue, rows);
      if (header.next_begin_offset <= offset && reply.command.header.code != 0) break;
      offset = header.next_begin_offset;
      if (offset >= header.max_offset) break;
    }
  }
  core->close(2s);
  return rows;
}

}  // namespace

std::vector<StoredRow> read_topic(const std::string& name_servers, const std::string& topic,
                                  std::size_t at_least) {
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  for (;;) {
    const bool is_last = at_least == 0 || std::chrono::steady_clock::now() > deadline;
    auto rows = read_once(name_servers, topic, !is_last);
    if (rows.size() >= at_least || is_last) return rows;
    std::this_thread::sleep_for(100ms);
  }
}

void wait_until_readable(const ClientConfig& client, const std::string& topic, std::int64_t messages) {
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  std::int64_t there = 0;
  while (there < messages) {
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("topic " + topic + " has " + std::to_string(there) + " messages only");
    there = 0;
    for (const TopicQueue& queue : topic_queues(client, topic))
      there += queue.max_offset;
    if (there < messages) std::this_thread::sleep_for(10ms);
  }
}

}  // namespace rocketmq::test
