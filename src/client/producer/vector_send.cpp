#include "client/producer/vector_send.h"

#include <chrono>
#include <new>
#include <optional>
#include <utility>
#include <vector>

namespace rocketmq::client {

namespace {

/// The messages of a send with order keys, by place.
struct Arranged {
  Arranged() = default;
  Arranged(const KeyOrder& order, std::span<const std::string_view> by_message, const PackingOptions& packing)
      : bodies(order.arrange(by_message)),
        own_properties_bytes(order.arrange(packing.own_properties_bytes)),
        alone(order.arrange(packing.alone)) {}

  std::vector<std::string_view> bodies;
  std::vector<std::uint16_t> own_properties_bytes;
  std::vector<std::uint8_t> alone;
};

}  // namespace

std::size_t encoded_bytes(std::span<const std::string_view> bodies, std::size_t first, std::size_t count,
                          const PackingOptions& packing) {
  std::size_t bytes = 0;
  for (std::size_t i = first; i < first + count; ++i)
    bytes += packing.item_bytes(bodies[i], i);
  return bytes;
}

SendProgress::ResultPtr send_vector(ClientCore& core, const std::shared_ptr<SendOperation>& operation,
                                    std::span<const std::string_view> bodies, MessageEncoder& encoder,
                                    PackingOptions packing, const std::function<void()>& check) {
  const std::shared_ptr<SendProgress>& progress = operation->progress();
  Failure encoding;
  try {
    std::vector<std::vector<BatchRange>> batches;
    std::vector<std::size_t> counts;
    const auto plan = progress->wait_for_plan(check);
    Arranged arranged;
    if (operation->order() != nullptr && !plan.empty()) {
      arranged = Arranged(*operation->order(), bodies, packing);
      bodies = arranged.bodies;
      packing.own_properties_bytes = arranged.own_properties_bytes;
      packing.alone = arranged.alone;
      encoder.follow(operation->order()->messages());
    }
    for (const auto& slice : plan) {
      PackingOptions even = packing;
      even.enough_bytes = even_batch_bytes(
          slice.count, encoded_bytes(bodies, slice.first, slice.count, packing), packing.target_bytes);
      batches.push_back(pack_batches(bodies, slice.first, slice.count, even));
      counts.push_back(batches.back().size());
    }
    progress->set_batches(counts);
    core.post([operation, counts] { operation->set_batches(counts); });
    auto next_check = std::chrono::steady_clock::now() + SendProgress::check_interval;
    while (const auto next = progress->wait_for_room(check)) {
      // If there is always room, no wait looks.
      if (std::chrono::steady_clock::now() >= next_check) {
        check();
        next_check = std::chrono::steady_clock::now() + SendProgress::check_interval;
      }
      const BatchRange& range = batches[next->slice][next->batch];
      core.post([operation, slice = next->slice,
                 batch = encoder.encode(bodies, range, SendProgress::take_body(progress))]() mutable {
        operation->add(slice, std::move(batch));
      });
    }
  } catch (const Error& error) {
    encoding = error.failure();
  } catch (const std::bad_alloc&) {
    encoding = Failure{Errc::send_failed, "not enough memory to encode the messages", std::nullopt};
  }
  if (encoding.failed()) core.post([operation, encoding] { operation->abort(encoding); });
  return progress->wait_for_end(check);
}

}  // namespace rocketmq::client
