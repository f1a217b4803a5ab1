#include "simulation/simulated_producer.h"

#include <algorithm>
#include <utility>

#include "client/core/heartbeat.h"
#include "simulation/virtual_time.h"
#include "wire/heartbeat.h"

namespace rocketmq::simulation {

struct SimulatedProducer::Send {
  Send(std::vector<std::string> texts, wire::UniqueIdGenerator& ids)
      : bodies(std::move(texts)), encoder(ids, {}, 5) {
    views.assign(bodies.begin(), bodies.end());
  }
  std::vector<std::string> bodies;
  std::vector<std::string_view> views;
  client::PackingOptions packing;
  std::vector<std::vector<client::BatchRange>> batches;  // Of each slice.
  client::MessageEncoder encoder;
  std::shared_ptr<client::SendProgress> progress = std::make_shared<client::SendProgress>();
  std::shared_ptr<client::SendOperation> operation;
  Ended ended;
};

SimulatedProducer::SimulatedProducer(const std::string& name, LogSink log)
    : client_(name, std::move(log)),
      ids_({{127, 0, 0, 1}, 1, 1}),
      shared_{client_.core(), client::SendQueues(0)} {
  client_.core().heartbeats().set_source(
      [this] {
        wire::HeartbeatData data;
        data.client_id = client_.core().client_id();
        data.producer_groups.emplace_back("producers");
        return data;
      },
      false);
}

SimulatedProducer::~SimulatedProducer() {
  *alive_ = false;
  client_.core().close({});
}

void SimulatedProducer::start() {
  client_.start([this] { started_ = true; });
}

void SimulatedProducer::send(const std::string& topic, std::vector<std::string> bodies,
                             std::size_t messages_a_batch, Ended ended) {
  const auto send = std::make_shared<Send>(std::move(bodies), ids_);
  send->ended = std::move(ended);
  send->packing.max_messages = messages_a_batch;
  send->packing.compress_over_bytes = 4096;
  send->packing.properties_bytes = send->encoder.properties_bytes();
  client::SendOptions options;
  options.producer_group = "producers";
  const std::size_t batches = (send->views.size() + messages_a_batch - 1) / messages_a_batch;
  send->operation = std::make_shared<client::SendOperation>(shared_, options, topic, send->views.size(),
                                                            batches, send->progress);
  running_.insert(send);
  client_.core().post([this, send]() {
    send->operation->start(std::nullopt, [this, send] {
      client_.core().post([this, send] {
        running_.erase(send);
        const auto result = send->progress->wait_for_end([] {});
        send->ended(result->ranges);
      });
    });
  });
  encode_more(send);
}

// What the thread of the caller does, which waits for the plan and then for room.
void SimulatedProducer::encode_more(const SendPtr& send) {
  if (send->batches.empty()) cut(send);
  while (const auto next = send->progress->next_if_room()) {
    client_.core().post(
        [send, slice = next->slice,
         batch = send->encoder.encode(send->views, send->batches[next->slice][next->batch])]() mutable {
          send->operation->add(slice, std::move(batch));
        });
  }
  VirtualTime::after(encode_interval, [this, alive = std::weak_ptr(alive_), send] {
    if (!alive.expired() && running_.contains(send)) encode_more(send);
  });
}

void SimulatedProducer::cut(const SendPtr& send) {
  const auto plan = send->progress->plan();
  if (plan.empty()) return;
  std::vector<std::size_t> counts;
  for (const auto& slice : plan) {
    send->batches.push_back(client::pack_batches(send->views, slice.first, slice.count, send->packing));
    counts.push_back(send->batches.back().size());
  }
  send->progress->set_batches(counts);
  client_.core().post([send, counts] { send->operation->set_batches(counts); });
}

void SimulatedProducer::close(std::chrono::milliseconds deadline, std::function<void()> done) {
  closed_ = true;
  const auto once = std::make_shared<std::function<void()>>(std::move(done));
  const auto leave = [this, once] { end(*once); };
  client_.core().post([this, deadline, leave] {
    const auto running = running_;
    for (const auto& send : running)
      send->operation->abort({Errc::closed, "the producer is closed", std::nullopt});
    client_.core().heartbeats().unregister("producers", "",
                                           std::min(deadline / 2, std::chrono::milliseconds(1000)), leave);
  });
}

void SimulatedProducer::end(const std::function<void()>& done) {
  // Not on the strand, which is about to be closed.
  VirtualTime::after({}, [this, alive = std::weak_ptr(alive_), done] {
    if (alive.expired()) return;
    client_.core().close({});
    done();
  });
}

}  // namespace rocketmq::simulation
