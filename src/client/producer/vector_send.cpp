#include "client/producer/vector_send.h"

#include <new>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "wire/batch.h"

namespace rocketmq::client {

std::size_t encoded_bytes(std::span<const std::string_view> bodies, std::size_t properties_bytes) {
  return std::accumulate(bodies.begin(), bodies.end(), std::size_t{0},
                         [&](std::size_t sum, std::string_view body) {
                           return sum + wire::batch_item_size(body.size(), properties_bytes);
                         });
}

SendProgress::ResultPtr send_vector(ClientCore& core, const std::shared_ptr<SendOperation>& operation,
                                    std::span<const std::string_view> bodies, MessageEncoder& encoder,
                                    const PackingOptions& packing, const std::function<void()>& check) {
  const std::shared_ptr<SendProgress>& progress = operation->progress();
  Failure encoding;
  try {
    std::vector<std::vector<BatchRange>> batches;
    std::vector<std::size_t> counts;
    for (const auto& slice : progress->wait_for_plan(check)) {
      PackingOptions even = packing;
      even.enough_bytes = even_batch_bytes(
          slice.count, encoded_bytes(bodies.subspan(slice.first, slice.count), packing.properties_bytes),
          packing.target_bytes);
      batches.push_back(pack_batches(bodies, slice.first, slice.count, even));
      counts.push_back(batches.back().size());
    }
    progress->set_batches(counts);
    core.post([operation, counts] { operation->set_batches(counts); });
    while (const auto next = progress->wait_for_room(check)) {
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
