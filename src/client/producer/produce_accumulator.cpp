#include "client/producer/produce_accumulator.h"

#include <algorithm>
#include <utility>

#include "client/producer/send_retry.h"
#include "wire/batch.h"

namespace rocketmq::client {
namespace {

std::size_t item_bytes(const EncodedBatch& single) {
  return wire::batch_item_size(single.body->size(), single.properties.size());
}

EncodedBatch join(const std::vector<SendTicketPtr>& tickets) {
  std::size_t bytes = 0;
  for (const auto& ticket : tickets)
    bytes += item_bytes(ticket->request);
  std::string items;
  items.reserve(bytes);
  for (const auto& ticket : tickets) {
    // It cannot fail: the properties are far shorter than what an item may have.
    (void)wire::append_batch_item(items, 0, as_bytes(*ticket->request.body), ticket->request.properties);
  }
  EncodedBatch batch;
  batch.count = tickets.size();
  batch.batch = true;
  batch.body = std::make_shared<const std::string>(std::move(items));
  return batch;
}

/// Whether the broker has refused the request as it is, so that it makes no sense to send it again.
bool is_refusal(const SendRange& range) {
  if (range.outcome != SendOutcome::not_stored || !range.failure.server) return false;
  const auto& reply = *range.failure.server;
  const auto step = decide_send({Errc::ok, reply.code, reply.remark, 2}, 1, max_unclear_attempts).step;
  return step == SendStep::fail || step == SendStep::split;
}

}  // namespace

void ProduceAccumulator::add(const SendTicketPtr& ticket) {
  Topic& topic = topics_.try_emplace(ticket->topic, loop_, ticket->topic).first->second;
  const bool free = topic.in_flight == 0 && topic.expected == 0;
  if (free || Clock::now() < topic.alone_until) {
    start(topic, {ticket});
    return;
  }
  const std::size_t bytes = item_bytes(ticket->request);
  if (topic.waiting_bytes + bytes > max_batch_bytes) start_waiting(topic);
  if (topic.waiting.empty() && topic.expected == 0) start_after(topic, longest_wait);
  topic.waiting.push_back(ticket);
  topic.waiting_bytes += bytes;
  if (topic.expected != 0 && topic.waiting.size() >= topic.expected) start_waiting(topic);
}

void ProduceAccumulator::start_after(Topic& topic, Clock::duration time) {
  topic.timer.start(time, [this, &topic] {
    start_waiting(topic);
    forget_if_idle(topic);
  });
}

void ProduceAccumulator::start_waiting(Topic& topic) {
  topic.expected = 0;
  topic.timer.cancel();
  if (topic.waiting.empty()) return;
  topic.waiting_bytes = 0;
  start(topic, std::exchange(topic.waiting, {}));
}

void ProduceAccumulator::start(Topic& topic, Batch batch) {
  for (const auto& ticket : batch)
    ticket->sent = true;
  ++topic.in_flight;
  EncodedBatch request = batch.size() == 1 ? batch.front()->request : join(batch);
  const std::string& name = batch.front()->topic;
  send_(name, std::move(request),
        [this, batch = std::move(batch)](const SendProgress::Result& result) { on_ended(batch, result); });
}

void ProduceAccumulator::on_ended(const Batch& batch, const SendProgress::Result& result) {
  Topic& topic = topics_.at(batch.front()->topic);
  --topic.in_flight;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto& ticket = batch[i];
    const auto range = std::find_if(result.ranges.begin(), result.ranges.end(),
                                    [i](const SendRange& each) { return i < each.first + each.count; });
    // It may be another one's message, or the company, that the broker did not like.
    if (batch.size() > 1 && is_refusal(*range)) {
      ticket->refused_in_company = true;
      start(topic, {ticket});
      continue;
    }
    if (ticket->refused_in_company && range->outcome == SendOutcome::stored)
      topic.alone_until = Clock::now() + alone_time;
    ticket->progress.end({SendRange{0, 1, range->outcome, range->failure}}, result.queues_tried);
  }
  if (topic.expected != 0) return;
  const std::size_t company = batch.size() + topic.waiting.size();
  if (company > 1 && Clock::now() >= topic.alone_until) {
    topic.expected = company;
    start_after(topic, linger_time);
  } else {
    start_waiting(topic);
    forget_if_idle(topic);
  }
}

void ProduceAccumulator::forget_if_idle(const Topic& topic) {
  const bool idle = topic.in_flight == 0 && topic.expected == 0 && topic.waiting.empty();
  if (idle && topics_.size() > max_idle_topics) topics_.erase(topics_.find(topic.name));
}

void ProduceAccumulator::abort(const Failure& failure) {
  for (auto& [name, topic] : topics_) {
    for (const auto& ticket : std::exchange(topic.waiting, {}))
      ticket->give_up(failure);
    topic.waiting_bytes = topic.expected = 0;
  }
}

}  // namespace rocketmq::client
