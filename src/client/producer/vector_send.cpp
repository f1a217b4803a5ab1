#include "client/producer/vector_send.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <new>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "client/producer/producer_client.h"
#include "client/producer/send_progress.h"
#include "wire/batch.h"

namespace rocketmq::client {
namespace {

/// Sends of this size tell how much the line and the brokers take.
constexpr std::size_t large_send_bytes = std::size_t{4} << 20;

}  // namespace

std::size_t encoded_bytes(std::span<const std::string_view> bodies, std::size_t properties_bytes) {
  return std::accumulate(bodies.begin(), bodies.end(), std::size_t{0},
                         [&](std::size_t sum, std::string_view body) {
                           return sum + wire::batch_item_size(body.size(), properties_bytes);
                         });
}

VectorSend::VectorSend(ProducerClient& producer, std::string_view topic, std::string wire_topic,
                       std::span<const std::string_view> bodies, MessageEncoder& encoder)
    : producer_(producer),
      topic_(topic),
      wire_topic_(std::move(wire_topic)),
      bodies_(bodies),
      encoder_(encoder) {}

void VectorSend::run(const PackingOptions& packing, std::size_t queues, std::size_t bytes,
                     transport::EventLoop::Waiter& waiter) {
  if (bytes < large_send_bytes) {
    send(packing, queues, waiter);
    return;
  }
  const auto begin = std::chrono::steady_clock::now();
  try {
    send(packing, queues, waiter);
  } catch (...) {
    producer_.bytes_per_timeout_ = 0;
    throw;
  }
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
  const double times = std::min(producer_.config_.send_timeout_ms / std::max(taken.count(), 1e-3), 1e6);
  producer_.bytes_per_timeout_ = static_cast<std::size_t>(static_cast<double>(bytes) * times);
}

void VectorSend::send(const PackingOptions& packing, std::size_t queues,
                      transport::EventLoop::Waiter& waiter) {
  const auto progress = std::make_shared<SendProgress>();
  const auto operation = producer_.make_operation(wire_topic_, bodies_.size(), queues, progress);
  const auto check = [&] { abort_if_ended(*operation); };
  ClientCore& core = *producer_.core_;
  core.post([producer = &producer_, operation] { producer->run(operation, std::nullopt); });
  waiter.run_until([&] { return progress->has_ended() || !progress->plan().empty(); },
                   std::chrono::steady_clock::now() + longest_help);
  // While this thread encodes, another one must send what is encoded.
  waiter.call_thread();
  Failure encoding;
  try {
    std::vector<std::vector<BatchRange>> batches;
    std::vector<std::size_t> counts;
    for (const auto& slice : progress->wait_for_plan(check)) {
      PackingOptions even = packing;
      even.enough_bytes = even_batch_bytes(
          slice.count, encoded_bytes(bodies_.subspan(slice.first, slice.count), packing.properties_bytes),
          packing.target_bytes);
      batches.push_back(pack_batches(bodies_, slice.first, slice.count, even));
      counts.push_back(batches.back().size());
    }
    progress->set_batches(counts);
    core.post([operation, counts] { operation->set_batches(counts); });
    while (const auto next = progress->wait_for_room(check)) {
      core.post([operation, slice = next->slice,
                 batch = encoder_.encode(bodies_, batches[next->slice][next->batch])]() mutable {
        operation->add(slice, std::move(batch));
      });
    }
  } catch (const Error& error) {
    encoding = error.failure();
  } catch (const std::bad_alloc&) {
    encoding = Failure{Errc::send_failed, "not enough memory to encode the messages", std::nullopt};
  }
  if (encoding.failed()) core.post([operation, encoding] { operation->abort(encoding); });
  throw_unless_stored(topic_, *progress->wait_for_end(check));
}

void VectorSend::abort_if_ended(SendOperation& operation) {
  // Once no handler runs any more, nobody but the sender's thread can end the send.
  if (producer_.has_ended()) operation.abort(producer_.end_failure());
}

}  // namespace rocketmq::client
