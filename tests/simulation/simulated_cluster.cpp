#include "simulation/simulated_cluster.h"

#include <algorithm>
#include <array>
#include <utility>

#include "simulation/simulated_client.h"
#include "simulation/virtual_time.h"
#include "support/offset_list.h"
#include "support/send_reply.h"
#include "support/stored_message_encoder.h"
#include "wire/batch.h"
#include "wire/group.h"
#include "wire/heartbeat.h"
#include "wire/offsets.h"
#include "wire/properties.h"
#include "wire/pull.h"
#include "wire/request_code.h"
#include "wire/reset_offset.h"
#include "wire/response_code.h"
#include "wire/route.h"
#include "wire/send.h"

namespace rocketmq::simulation {

using std::chrono::milliseconds;
using wire::RequestCode;
using wire::ResponseCode;

namespace {

constexpr const char* retry_topic = "%RETRY%group";
/// Where one broker's commit-log offsets end and those of its next queue begin; only their uniqueness
/// matters.
constexpr std::int64_t log_stride = 1'000'000;

wire::Command code_only(ResponseCode code) {
  wire::Command header;
  header.code = wire::to_int(code);
  return header;
}

SharedBytes shared(const std::string& text) {
  auto storage = std::make_shared<const Bytes>(text.begin(), text.end());
  const ByteView view(*storage);
  return {std::move(storage), view};
}

}  // namespace

struct SimulatedCluster::Answer {
  wire::Command header;
  std::string body = {};
};

struct SimulatedCluster::Incoming {
  ClientEndPtr from;
  std::uint64_t request = 0;
  wire::Command command;
  std::string body;
  std::uint64_t connection = 0;
  VirtualTime::Duration sent_at = VirtualTime::now();
};

struct SimulatedCluster::Held {
  Incoming incoming;
  Model::Queue queue;
  std::int64_t offset = 0;
};

struct SimulatedCluster::Broker {
  struct Stored {
    std::string body;
    std::int32_t reconsume_times = 0;
  };
  struct Connection {
    std::uint64_t number = 0;
    std::string client_id;  // Once a heartbeat of the group came.
    VirtualTime::Duration busy_until{0};
  };

  std::string name;
  std::string address;
  int queue_count = 0;
  bool up = true;
  bool writable = true;
  std::uint64_t last_connection = 0;
  std::map<ClientEndPtr, Connection, ByNumber> connections;
  std::map<Model::Queue, std::vector<Stored>> queues;
  std::map<Model::Queue, std::int64_t> offsets;
  std::map<Model::Queue, std::int64_t> offsets_on_disk;
  std::vector<Held> held;
  std::set<std::string> garbled;  // Where a pull's answer was cut off already.

  [[nodiscard]] bool has(const ClientEndPtr& client, std::uint64_t connection) const {
    const auto found = connections.find(client);
    return up && found != connections.end() && found->second.number == connection;
  }
};

SimulatedCluster::SimulatedCluster(Model& model, std::minstd_rand& random, int brokers, int queues)
    : model_(model), random_(random) {
  for (int i = 0; i < brokers; ++i) {
    auto broker = std::make_shared<Broker>();
    broker->name = std::string(1, static_cast<char>('a' + i));
    broker->address = "127.0.0.1:" + std::to_string(i + 1);
    broker->queue_count = queues;
    brokers_.push_back(std::move(broker));
  }
  flush_regularly();
}

SimulatedCluster::~SimulatedCluster() = default;

bool SimulatedCluster::happens(double probability) {
  return probability > 0 && std::uniform_real_distribution<double>(0, 1)(random_) < probability;
}

milliseconds SimulatedCluster::latency() {
  if (happens(faults.slow)) return milliseconds(1000 + random_() % 4000);
  return milliseconds(1 + random_() % 4);
}

SimulatedCluster::BrokerPtr SimulatedCluster::at(const std::string& address) const {
  for (const BrokerPtr& broker : brokers_) {
    if (broker->address == address) return broker;
  }
  return nullptr;
}

// Brokers write offsets to disk every 5 s.
void SimulatedCluster::flush_regularly() {
  VirtualTime::after(std::chrono::seconds(5), [this, alive = std::weak_ptr(alive_)] {
    if (alive.expired()) return;
    for (const BrokerPtr& broker : brokers_)
      broker->offsets_on_disk = broker->offsets;
    flush_regularly();
  });
}

void SimulatedCluster::answer_with(RequestCode request, std::int32_t code, int times) {
  forced_[wire::to_int(request)] = {code, times};
}

int SimulatedCluster::count(RequestCode request) const {
  const auto found = counts_.find(wire::to_int(request));
  return found == counts_.end() ? 0 : found->second;
}

bool SimulatedCluster::take_forced(const wire::Command& command, Answer& reply) {
  ++counts_[command.code];
  const auto found = forced_.find(command.code);
  if (found == forced_.end() || found->second.second == 0) return false;
  --found->second.second;
  reply.header.code = found->second.first;
  reply.header.remark = "as the test says";
  return true;
}

void SimulatedCluster::carry(const ClientEndPtr& from, const std::string& address, std::uint64_t request,
                             const wire::Command& command, const transport::RequestBody& body) {
  Incoming incoming{from, request, command, body ? *body : std::string(), 0, VirtualTime::now()};
  if (address == name_server_address) {
    if (happens(faults.lost_request)) return;
    const bool refused = happens(faults.refused);
    VirtualTime::after(latency(), [this, alive = std::weak_ptr(alive_), incoming, refused] {
      if (alive.expired()) return;
      Answer reply;
      if (!take_forced(incoming.command, reply)) {
        reply = refused ? Answer{code_only(ResponseCode::system_error)} : route(incoming.command);
      }
      incoming.from->reply(incoming.request, {reply.header, shared(reply.body)});
    });
    return;
  }
  const BrokerPtr broker = at(address);
  if (!broker || !broker->up) {
    VirtualTime::after(latency(), [from, request, address] {
      from->fail(request, {Errc::connect_failed, address + " refuses connections", std::nullopt});
    });
    return;
  }
  auto& connection = broker->connections[from];
  if (connection.number == 0) connection.number = ++broker->last_connection;
  incoming.connection = connection.number;
  // Requests of one connection arrive in their order.
  const auto arrival = std::max(connection.busy_until, VirtualTime::now() + latency());
  connection.busy_until = arrival;
  VirtualTime::after(arrival - VirtualTime::now(), [this, alive = std::weak_ptr(alive_), incoming, broker] {
    if (!alive.expired() && broker->has(incoming.from, incoming.connection)) arrive(incoming, broker);
  });
}

void SimulatedCluster::arrive(const Incoming& incoming, const BrokerPtr& broker) {
  if (happens(faults.lost_request)) return;
  if (happens(faults.broken_before)) return break_connection(broker, incoming.from);
  Answer forced;
  if (take_forced(incoming.command, forced)) return answer(incoming, broker, forced);
  const bool is_pull = incoming.command.code == wire::to_int(RequestCode::pull_message);
  if (happens(faults.refused)) {
    constexpr std::array codes = {ResponseCode::system_error,           ResponseCode::system_busy,
                                  ResponseCode::service_not_available,  ResponseCode::no_permission,
                                  ResponseCode::flow_control,           ResponseCode::topic_not_exist,
                                  ResponseCode::subscription_not_exist, ResponseCode::not_leader_for_queue};
    ResponseCode code = codes[random_() % codes.size()];
    // A broker that has the topic never says so to a pull, and a client would believe it that the topic is
    // new.
    if (is_pull && code == ResponseCode::topic_not_exist) code = ResponseCode::system_busy;
    answer(incoming, broker, {code_only(code)});
    return;
  }
  switch (static_cast<RequestCode>(incoming.command.code)) {
    case RequestCode::heart_beat:
      return answer(incoming, broker, heartbeat(incoming, *broker));
    case RequestCode::unregister_client:
      return answer(incoming, broker, unregister(incoming, *broker));
    case RequestCode::get_consumer_list_by_group:
      return answer(incoming, broker, members(*broker));
    case RequestCode::send_message_v2:
    case RequestCode::send_batch_message:
      return answer(incoming, broker, send(incoming, *broker));
    case RequestCode::consumer_send_msg_back:
      return answer(incoming, broker, send_back(incoming, *broker));
    case RequestCode::pull_message:
      return pull(incoming, broker);
    case RequestCode::invoke_broker_to_reset_offset: {
      wire::ResetOffsetRequest asked;
      if (wire::ResetOffsetRequest::decode(incoming.command, asked) != Errc::ok)
        throw BrokenPromise("a seek that cannot be read");
      // Here a message is stored at the time of its offset.
      return answer(incoming, broker, {wire::Command{}, reset_offsets(*broker, asked.timestamp)});
    }
    default:
      return answer(incoming, broker, offsets(incoming, *broker));
  }
}

void SimulatedCluster::answer(const Incoming& incoming, const BrokerPtr& broker, Answer reply) {
  if (incoming.request == 0 || happens(faults.lost_reply)) return;
  if (happens(faults.broken_after)) return break_connection(broker, incoming.from);
  if (incoming.command.code == wire::to_int(RequestCode::pull_message) && reply.body.size() > 20 &&
      happens(faults.garbled_pull)) {
    // Once an offset: what cannot be read twice is skipped, as the manual says.
    const std::string* const offset = incoming.command.ext_fields.find("queueOffset");
    const std::string* const queue = incoming.command.ext_fields.find("queueId");
    const std::string* const of = incoming.command.ext_fields.find("topic");
    if (broker->garbled.insert(*of + *queue + "@" + *offset).second) {
      reply.body.resize(reply.body.size() - 1 - random_() % 15);
    }
  }
  reply.header.flag = wire::Command::response_flag;
  VirtualTime::after(latency(), [incoming, broker, reply = std::move(reply)] {
    if (!broker->has(incoming.from, incoming.connection)) return;
    incoming.from->reply(incoming.request, {reply.header, shared(reply.body)});
  });
}

void SimulatedCluster::break_connection(const BrokerPtr& broker, const ClientEndPtr& client) {
  const auto found = broker->connections.find(client);
  if (found == broker->connections.end()) return;
  const bool was_member = !found->second.client_id.empty();
  broker->connections.erase(found);
  std::erase_if(broker->held, [&](const Held& held) { return held.incoming.from == client; });
  client->lose_connection(broker->address);
  if (was_member) tell_members(broker);
}

void SimulatedCluster::closed_by(const ClientEndPtr& client, const std::string& address) {
  for (const BrokerPtr& broker : brokers_) {
    if (!address.empty() && broker->address != address) continue;
    const auto found = broker->connections.find(client);
    if (found == broker->connections.end()) continue;
    const bool was_member = !found->second.client_id.empty();
    broker->connections.erase(found);
    std::erase_if(broker->held, [&](const Held& held) { return held.incoming.from == client; });
    if (was_member) tell_members(broker);
  }
}

void SimulatedCluster::tell_members(const BrokerPtr& broker) {
  wire::NotifyConsumerIdsChangedRequest notify;
  notify.consumer_group = group;
  for (const auto& [client, connection] : broker->connections) {
    if (connection.client_id.empty()) continue;
    VirtualTime::after(latency(), [client = client, broker, number = connection.number, notify] {
      if (broker->has(client, number)) client->ask(broker->address, {notify.to_command(), {}}, nullptr);
    });
  }
}

SimulatedCluster::Answer SimulatedCluster::route(const wire::Command& command) const {
  const std::string* const wanted = command.ext_fields.find("topic");
  if (wanted == nullptr || (*wanted != topic && *wanted != retry_topic)) {
    return {code_only(ResponseCode::topic_not_exist)};
  }
  wire::TopicRouteData data;
  for (const BrokerPtr& broker : brokers_) {
    if (!broker->up) continue;
    const std::int32_t count = *wanted == topic ? broker->queue_count : 1;
    data.queue_datas.push_back({broker->name, count, count, broker->writable ? 6 : 4, 0});
    data.broker_datas.push_back({"c", broker->name, {{0, broker->address}}, "", false});
  }
  if (data.queue_datas.empty()) return {code_only(ResponseCode::topic_not_exist)};
  return {wire::Command{}, data.encode_body()};
}

SimulatedCluster::Answer SimulatedCluster::heartbeat(const Incoming& incoming, Broker& broker) {
  wire::HeartbeatData data;
  if (wire::HeartbeatData::decode_body(as_bytes(incoming.body), data) != Errc::ok) {
    throw BrokenPromise("a heartbeat cannot be read: " + incoming.body);
  }
  auto& connection = broker.connections[incoming.from];
  const bool joins = !data.consumer_data_set.empty() && connection.client_id.empty();
  if (joins) {
    connection.client_id = data.client_id;
    names_[incoming.from->number()] = data.client_id;
    tell_members(at(broker.address));
  }
  return {wire::Command{}};
}

SimulatedCluster::Answer SimulatedCluster::unregister(const Incoming& incoming, Broker& broker) {
  auto& connection = broker.connections[incoming.from];
  if (!connection.client_id.empty()) {
    connection.client_id.clear();
    tell_members(at(broker.address));
  }
  return {wire::Command{}};
}

SimulatedCluster::Answer SimulatedCluster::members(const Broker& broker) const {
  wire::ConsumerIdList list;
  for (const auto& [client, connection] : broker.connections) {
    if (!connection.client_id.empty()) list.consumer_ids.push_back(connection.client_id);
  }
  std::sort(list.consumer_ids.begin(), list.consumer_ids.end());
  return {wire::Command{}, list.encode_body()};
}

SimulatedCluster::Answer SimulatedCluster::offsets(const Incoming& incoming, Broker& broker) {
  const auto& fields = incoming.command.ext_fields;
  Model::Queue queue{"", broker.name, 0};
  if (fields.read("topic", queue.topic) != Errc::ok || fields.read("queueId", queue.queue_id) != Errc::ok) {
    return {code_only(ResponseCode::request_code_not_supported)};
  }
  // By all that was ever heard of it: on a new connection its heartbeat may still be on the way.
  const auto named =
      names_.try_emplace(incoming.from->number(), "client " + std::to_string(incoming.from->number()));
  const std::string& client = named.first->second;
  switch (static_cast<RequestCode>(incoming.command.code)) {
    case RequestCode::query_consumer_offset: {
      model_.asked_for_offset(client, queue);
      const auto found = broker.offsets.find(queue);
      if (found == broker.offsets.end()) return {code_only(ResponseCode::query_not_found)};
      return {wire::OffsetReply{found->second}.to_command()};
    }
    case RequestCode::update_consumer_offset: {
      std::int64_t offset = -1;
      if (fields.read("commitOffset", offset) != Errc::ok) throw BrokenPromise("a commit without an offset");
      if (VirtualTime::now() - incoming.sent_at > milliseconds(500)) model_.came_late(queue);
      model_.committed(client, queue, offset);
      broker.offsets[queue] = offset;
      return {wire::Command{}};
    }
    case RequestCode::get_max_offset:
      return {wire::OffsetReply{static_cast<std::int64_t>(broker.queues[queue].size())}.to_command()};
    case RequestCode::get_min_offset:
      return {wire::OffsetReply{0}.to_command()};
    case RequestCode::get_earliest_msg_store_time:
      return {wire::TimestampReply{1}.to_command()};
    default:
      return {code_only(ResponseCode::request_code_not_supported)};
  }
}

void SimulatedCluster::append(Broker& broker, const Model::Queue& queue, std::string body,
                              std::int32_t reconsume_times) {
  auto& messages = broker.queues[queue];
  model_.stored(queue, static_cast<std::int64_t>(messages.size()), body);
  messages.push_back({std::move(body), reconsume_times});
}

SimulatedCluster::Answer SimulatedCluster::send(const Incoming& incoming, Broker& broker) {
  wire::SendMessageRequest request;
  if (wire::decode_fields(incoming.command, request) != Errc::ok) {
    throw BrokenPromise("a send cannot be read");
  }
  if (!broker.writable) return {code_only(ResponseCode::no_permission)};
  const Model::Queue queue{request.topic, broker.name, request.queue_id};
  if (request.batch) {
    wire::BatchReader reader(as_bytes(incoming.body));
    wire::BatchItemView item;
    for (bool found = true; reader.next(item, found) == Errc::ok && found;)
      append(broker, queue, std::string(as_text(item.body)), 0);
  } else {
    // A failed message that could not be sent back to its broker.
    if (request.topic == retry_topic) model_.sent_back(incoming.body);
    append(broker, queue, incoming.body, request.reconsume_times);
  }
  wake(at(broker.address));
  Answer reply{wire::SendMessageReply{"0A", request.queue_id, 0, {}, {}, {}, {}, true}.to_command()};
  if (happens(faults.weakly_stored)) reply.header.code = 10 + static_cast<std::int32_t>(random_() % 3);
  return reply;
}

// The delay of a real broker is 10 s and more; a shorter one makes more happen in a run.
SimulatedCluster::Answer SimulatedCluster::send_back(const Incoming& incoming, Broker& broker) {
  wire::ConsumerSendMsgBackRequest request;
  if (wire::decode_fields(incoming.command, request) != Errc::ok) {
    throw BrokenPromise("a message that is sent back cannot be read");
  }
  const std::int64_t number = request.offset / log_stride;
  const std::int64_t offset = request.offset % log_stride;
  const Model::Queue queue = number == 0
                                 ? Model::Queue{retry_topic, broker.name, 0}
                                 : Model::Queue{topic, broker.name, static_cast<std::int32_t>(number - 1)};
  model_.sent_back(queue, offset);
  const Broker::Stored message = broker.queues[queue].at(static_cast<std::size_t>(offset));
  const std::int32_t times = message.reconsume_times + 1;
  if (times > request.max_reconsume_times.value_or(16)) return {wire::Command{}};  // To the dead letters.
  VirtualTime::after(std::chrono::seconds(1),
                     [this, alive = std::weak_ptr(alive_), name = broker.address, message, times] {
                       const BrokerPtr keeper = alive.expired() ? nullptr : at(name);
                       if (!keeper) return;
                       append(*keeper, {retry_topic, keeper->name, 0}, message.body, times);
                       if (keeper->up) wake(keeper);
                     });
  return {wire::Command{}};
}

SimulatedCluster::Answer SimulatedCluster::pulled(const Broker& broker, const Model::Queue& queue,
                                                  std::int64_t offset) {
  constexpr std::int64_t most = 8;
  const auto found = broker.queues.find(queue);
  const std::int64_t end = found == broker.queues.end() ? 0 : static_cast<std::int64_t>(found->second.size());
  wire::PullMessageReply reply;
  reply.max_offset = end;
  reply.next_begin_offset = std::min(offset + most, end);
  if (offset > end) {
    reply.next_begin_offset = end;
    Answer moved{reply.to_command()};
    moved.header.code = wire::to_int(ResponseCode::pull_offset_moved);
    return moved;
  }
  Answer answer{reply.to_command()};
  for (std::int64_t i = offset; i < reply.next_begin_offset; ++i) {
    const Broker::Stored& stored = found->second[static_cast<std::size_t>(i)];
    wire::StoredMessageView message;
    message.queue_id = queue.queue_id;
    message.queue_offset = i;
    message.physical_offset = (queue.topic == topic ? queue.queue_id + 1 : 0) * log_stride + i;
    message.topic = queue.topic;
    message.body = as_bytes(stored.body);
    message.reconsume_times = stored.reconsume_times;
    message.store_timestamp = 1;
    (void)wire::append_stored_message(answer.body, message);
  }
  if (answer.body.empty()) answer.header.code = wire::to_int(ResponseCode::pull_not_found);
  return answer;
}

void SimulatedCluster::pull(const Incoming& incoming, const BrokerPtr& broker) {
  wire::PullMessageRequest request;
  if (wire::decode_fields(incoming.command, request) != Errc::ok) {
    throw BrokenPromise("a pull cannot be read");
  }
  if (broker->connections[incoming.from].client_id.empty()) {
    answer(incoming, broker, {code_only(ResponseCode::subscription_not_exist)});
    return;
  }
  const Model::Queue queue{request.topic, broker->name, request.queue_id};
  Answer reply = pulled(*broker, queue, request.queue_offset);
  if (reply.header.code != ResponseCode::pull_not_found ||
      (request.sys_flag & wire::pull_flag::suspend) == 0) {
    answer(incoming, broker, std::move(reply));
    return;
  }
  broker->held.push_back({incoming, queue, request.queue_offset});
  VirtualTime::after(
      milliseconds(request.suspend_timeout_millis),
      [this, alive = std::weak_ptr(alive_), broker, incoming, queue, offset = request.queue_offset] {
        if (alive.expired()) return;
        const auto same = [&](const Held& held) {
          return held.incoming.from == incoming.from && held.incoming.request == incoming.request;
        };
        if (std::erase_if(broker->held, same) > 0) {
          answer(incoming, broker, pulled(*broker, queue, offset));
        }
      });
}

void SimulatedCluster::wake(const BrokerPtr& broker) {
  const std::vector<Held> held = std::exchange(broker->held, {});
  for (const Held& each : held) {
    Answer reply = pulled(*broker, each.queue, each.offset);
    if (reply.header.code == ResponseCode::pull_not_found) {
      broker->held.push_back(each);
    } else {
      answer(each.incoming, broker, std::move(reply));
    }
  }
}

void SimulatedCluster::kill_broker(std::size_t index) {
  const BrokerPtr broker = brokers_[index];
  if (!broker->up) return;
  broker->up = false;
  broker->held.clear();
  broker->offsets = broker->offsets_on_disk;
  model_.offsets_moved();
  const auto connections = std::exchange(broker->connections, {});
  for (const auto& [client, connection] : connections)
    client->lose_connection(broker->address);
}

void SimulatedCluster::start_broker(std::size_t index) {
  brokers_[index]->up = true;
}

void SimulatedCluster::add_queue(std::size_t index) {
  ++brokers_[index]->queue_count;
}

void SimulatedCluster::set_writable(std::size_t index, bool writable) {
  brokers_[index]->writable = writable;
}

void SimulatedCluster::reset_offsets(std::int64_t offset) {
  for (const BrokerPtr& broker : brokers_) {
    if (broker->up) reset_offsets(*broker, offset);
  }
}

std::string SimulatedCluster::reset_offsets(Broker& broker, std::int64_t offset) {
  model_.offsets_moved();
  wire::ResetOffsetBody body;
  for (std::int32_t id = 0; id < broker.queue_count; ++id) {
    const Model::Queue queue{topic, broker.name, id};
    const auto end = static_cast<std::int64_t>(broker.queues[queue].size());
    const std::int64_t wanted = std::min(offset, end);
    const auto stored = broker.offsets.find(queue);
    // Only back: what is skipped by an operator would have to be told to the model.
    if (stored == broker.offsets.end() || stored->second < wanted) continue;
    stored->second = wanted;
    body.offsets.push_back({queue, wanted});
  }
  const wire::ResetOffsetRequest request{topic, group, 0, true};
  std::string text = wire::encode_as_list(body);
  const SharedBytes bytes = shared(text);
  for (const auto& [client, connection] : broker.connections) {
    if (!connection.client_id.empty()) client->ask(broker.address, {request.to_command(), bytes}, nullptr);
  }
  return text;
}

std::vector<Model::Queue> SimulatedCluster::queues() const {
  std::vector<Model::Queue> all;
  for (const BrokerPtr& broker : brokers_) {
    for (std::int32_t id = 0; id < broker->queue_count; ++id)
      all.push_back({topic, broker->name, id});
    all.push_back({retry_topic, broker->name, 0});
  }
  return all;
}

std::int64_t SimulatedCluster::stored_offset(const Model::Queue& queue) const {
  for (const BrokerPtr& broker : brokers_) {
    const auto found = broker->offsets.find(queue);
    if (found != broker->offsets.end()) return found->second;
  }
  return 0;
}

}  // namespace rocketmq::simulation
