#include "client/consumer/group_seek.h"

#include <algorithm>
#include <utility>

#include "base/wall_clock.h"
#include "client/consumer/offset_query.h"
#include "client/consumer/pull_request.h"
#include "client/consumer/time_search.h"
#include "client/core/route_table.h"
#include "wire/broker_config.h"

namespace rocketmq::client {

namespace {

constexpr std::chrono::milliseconds seek_timeout{5000};

/// What brokers understand as the end of each queue.
constexpr std::int64_t the_end = -1;

/// A time in the future is the end.
std::int64_t timestamp_of(const SeekTarget& target) {
  if (target.kind == SeekTarget::Kind::first) return 0;
  return target.kind == SeekTarget::Kind::time && target.time_ms <= now_in_ms() ? target.time_ms : the_end;
}

}  // namespace

GroupSeek::GroupSeek(ConsumerContext& context, const PullLoops& loops, bool broadcasting, SeekTarget target,
                     Done done)
    : context_(context),
      loops_(loops),
      broadcasting_(broadcasting),
      target_(std::move(target)),
      done_(std::move(done)) {}

// A topic may have got its first queue, or another one, since its route was fetched.
void GroupSeek::start() {
  next_ = [this] { find_queues() ? store_progress() : done_(failure_, {}); };
  open_ = context_.user_topics().size() + 1;
  for (const SubscribedTopic& topic : context_.user_topics()) {
    // Without an answer, what is cached counts.
    context_.core->routes().refresh(
        topic.name(), [self = shared_from_this()](const Failure&, const RoutePtr&) { self->one_less(); });
  }
  one_less();
}

bool GroupSeek::find_queues() {
  if (target_.kind == SeekTarget::Kind::offsets) {
    return std::all_of(target_.offsets.begin(), target_.offsets.end(),
                       [this](const QueueStart& wanted) { return find_queue(wanted); });
  }
  for (const SubscribedTopic& topic : context_.user_topics()) {
    const RoutePtr route = context_.core->routes().cached(topic.name());
    if (route == nullptr) continue;
    for (const MessageQueue& queue : route->subscribe_queues)
      queues_[queue] = {context_.core->unwrap_name(queue.topic), queue.broker_name, queue.queue_id, {}, 0};
  }
  if (!queues_.empty()) return true;
  failure_ = {Errc::invalid_argument,
              names_of(context_.user_topics()) + ": there is no queue yet, so there is nothing to move",
              {}};
  return false;
}

bool GroupSeek::find_queue(const QueueStart& wanted) {
  const MessageQueue queue{context_.core->wrap_name(wanted.topic), wanted.broker_name, wanted.queue_id};
  const RoutePtr route = context_.core->routes().cached(queue.topic);
  const bool exists = context_.find_topic(queue.topic) != nullptr && route != nullptr &&
                      std::find(route->subscribe_queues.begin(), route->subscribe_queues.end(), queue) !=
                          route->subscribe_queues.end();
  if (!exists || wanted.queue_offset < 0) {
    failure_ = {Errc::invalid_argument,
                exists ? to_string(queue) + " cannot begin at offset " + std::to_string(wanted.queue_offset)
                       : "there is no " + to_string(queue) + " to move; nothing was moved",
                {}};
    return false;
  }
  if (!queues_.try_emplace(queue, SeekResult{wanted.topic, wanted.broker_name, wanted.queue_id, {}, 0})
           .second) {
    failure_ = {Errc::invalid_argument, to_string(queue) + " is to be moved twice; nothing was moved", {}};
    return false;
  }
  wanted_[queue] = wanted.queue_offset;
  return true;
}

// What is done before the seek must not be stored after it.
void GroupSeek::store_progress() {
  next_ = [this] { load_old(); };
  open_ = loops_.size() + 1;
  for (const auto& [queue, loop] : loops_)
    loop->commits().commit([self = shared_from_this()] { self->one_less(); });
  one_less();
}

void GroupSeek::load_old() {
  next_ = [this] { move(); };
  open_ = queues_.size() + 1;
  for (auto& [queue, result] : queues_) {
    context_.store->load(queue, [self = shared_from_this(), &result = result](
                                    const Failure& failure, std::optional<std::int64_t> offset) {
      if (!failure.failed()) result.old_offset = offset;
      self->one_less();
    });
  }
  one_less();
}

void GroupSeek::move() {
  next_ = [this] {
    std::vector<SeekResult> results;
    results.reserve(moved_.size());
    for (const MessageQueue& queue : moved_)
      results.push_back(queues_.at(queue));
    if (failure_.failed() && !moved_.empty()) {
      failure_.message += "; " + std::to_string(moved_.size()) + " of " + std::to_string(queues_.size()) +
                          " queues were moved all the same: seek again for the others";
    }
    done_(failure_, results);
  };
  open_ = 1;
  for (const auto& [queue, loop] : loops_)
    resets_before_[queue] = loop->resets().count;
  if (broadcasting_) {
    for (const auto& [queue, result] : queues_)
      move_alone(queue);
  } else if (target_.kind == SeekTarget::Kind::offsets) {
    std::set<std::string> names;
    for (const auto& [queue, offset] : wanted_)
      names.insert(queue.broker_name);
    for (const std::string& name : names)
      move_to_offsets(name);
  } else {
    std::set<Server> servers;
    for (const auto& [queue, result] : queues_)
      servers.emplace(queue.topic, queue.broker_name);
    for (const Server& server : servers)
      move_server(server);
  }
  one_less();
}

void GroupSeek::move_server(const Server& server) {
  const MessageQueue any{server.first, server.second, 0};
  const std::string* const address = master_of(any);
  if (address == nullptr) return;
  wire::ResetOffsetRequest request;
  request.topic = server.first;
  request.group = context_.group;
  request.timestamp = timestamp_of(target_);
  request.is_force = true;
  ++open_;
  context_.core->request(
      *address, request.to_broker_command(), nullptr, seek_timeout,
      [self = shared_from_this(), at = *address](const Failure& transport,
                                                 const wire::ReceivedCommand& reply) {
        Failure failure = self->failure_to_move(transport, reply, at);
        wire::ResetOffsetBody body;
        if (!failure.failed() && wire::ResetOffsetBody::decode_body(reply.body.view, body) != Errc::ok)
          failure = {Errc::bad_field, at + " has moved the group, but its answer cannot be read", {}};
        // After a move (220) that came before it.
        self->context_.core->post([self, failure, body = std::move(body)] {
          for (const wire::QueueOffset& offset : body.offsets)
            self->moved(offset.queue, offset.offset);
          if (failure.failed()) self->fail(failure);
          self->one_less();
        });
      });
}

// Without a broker that does it, the queues of other members cannot be moved to an offset.
void GroupSeek::move_to_offsets(const std::string& broker_name) {
  const auto move_all = [self = shared_from_this(), broker_name](bool by_broker) {
    for (const auto& [queue, offset] : self->wanted_) {
      if (queue.broker_name == broker_name) self->move_queue(queue, by_broker);
    }
    self->one_less();
  };
  const auto first = std::find_if(wanted_.begin(), wanted_.end(), [&broker_name](const auto& wanted) {
    return wanted.first.broker_name == broker_name;
  });
  const std::string* const address = master_of(first->first);
  if (address == nullptr) return;
  ++open_;
  context_.core->request(
      *address, wire::GetBrokerConfigRequest{}.to_command(), nullptr, seek_timeout,
      [move_all](const Failure& transport, const wire::ReceivedCommand& reply) {
        const bool told = !transport.failed() && reply.header.code == 0;
        move_all(told && wire::setting(reply.body.view, "useServerSideResetOffset") == "true");
      });
}

void GroupSeek::move_queue(const MessageQueue& queue, bool by_broker) {
  if (!by_broker && !loops_.contains(queue)) {
    fail({Errc::invalid_argument,
          to_string(queue) +
              " belongs to another member of the group, and its broker moves no single queues (" +
              "useServerSideResetOffset=true, from 5.1 on): seek there, or to FIRST, LAST or a time",
          {}});
    return;
  }
  ++open_;
  find_offset(queue,
              [self = shared_from_this(), queue, by_broker](const Failure& failure, std::int64_t offset) {
                if (by_broker && !failure.failed()) {
                  self->ask_broker(queue, offset);
                } else {
                  self->end_move(queue, failure, offset);
                }
              });
}

// Ends the queue's move.
void GroupSeek::ask_broker(const MessageQueue& queue, std::int64_t offset) {
  const std::string* const address = master_of(queue);
  if (address == nullptr) return one_less();
  const auto request = wire::ResetOffsetRequest::of_queue(context_.group, queue, offset);
  context_.core->request(*address, request.to_broker_command(), nullptr, seek_timeout,
                         [self = shared_from_this(), queue, offset, at = *address](
                             const Failure& transport, const wire::ReceivedCommand& reply) {
                           self->end_move(queue, self->failure_to_move(transport, reply, at), offset);
                         });
}

void GroupSeek::move_alone(const MessageQueue& queue) {
  ++open_;
  find_offset(queue, [self = shared_from_this(), queue](const Failure& failure, std::int64_t offset) {
    self->end_move(queue, failure, offset);
  });
}

void GroupSeek::end_move(const MessageQueue& queue, const Failure& failure, std::int64_t offset) {
  failure.failed() ? fail(failure) : moved(queue, offset);
  one_less();
}

void GroupSeek::find_offset(const MessageQueue& queue,
                            std::function<void(const Failure&, std::int64_t)> handler) {
  const std::string* const address = master_of(queue);
  if (address == nullptr) return handler(failure_, 0);
  if (const auto wanted = wanted_.find(queue); wanted != wanted_.end())
    return query_nearest_offset(*context_.core, *address, queue, wanted->second, std::move(handler));
  const std::int64_t time_ms = timestamp_of(target_);
  const auto loop = loops_.find(queue);
  if (time_ms > 0 && loop != loops_.end()) {
    const auto* const server = pull_server(context_, queue);
    if (server != nullptr) {
      search_time(context_, loop->second->queue(), *server, time_ms, std::move(handler));
      return;
    }
  }
  query_offset(*context_.core, *address, time_ms == the_end ? end_request(queue) : first_request(queue),
               offsets_of(queue), std::move(handler));
}

void GroupSeek::moved(const MessageQueue& queue, std::int64_t offset) {
  const auto found = queues_.find(queue);
  if (found == queues_.end()) return;
  found->second.new_offset = offset;
  moved_.insert(queue);
  const auto loop = loops_.find(queue);
  if (loop == loops_.end()) return;
  // A broker that tells all members of a move (220) has told us before it answered.
  const PullLoop::Resets& resets = loop->second->resets();
  if (resets.count == resets_before_[queue] || resets.offset != offset) loop->second->reset(offset);
}

Failure GroupSeek::failure_to_move(const Failure& transport, const wire::ReceivedCommand& reply,
                                   const std::string& address) const {
  const std::string what = "moving group '" + context_.group + "'";
  Failure failure = failure_of(transport, reply, address, what);
  if (transport.failed())
    failure.message = what + ": " + transport.message + "; it may have been moved all the same";
  return failure;
}

void GroupSeek::fail(const Failure& failure) {
  if (!failure_.failed()) failure_ = failure;
}

void GroupSeek::one_less() {
  if (--open_ > 0) return;
  // The step may replace it.
  const auto keep = shared_from_this();
  if (const auto next = std::exchange(next_, nullptr)) next();
}

const std::string* GroupSeek::master_of(const MessageQueue& queue) {
  const std::string* const address = context_.master_of(queue);
  if (address == nullptr)
    fail({Errc::connect_failed, "no master of broker '" + queue.broker_name + "' is known", {}});
  return address;
}

}  // namespace rocketmq::client
