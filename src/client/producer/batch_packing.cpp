#include "client/producer/batch_packing.h"

#include <algorithm>

#include "wire/batch.h"

namespace rocketmq::client {

std::size_t batch_bytes_for(std::size_t total_bytes, std::size_t bytes_per_timeout) noexcept {
  constexpr std::size_t least = std::size_t{256} * 1024;
  constexpr std::size_t most = std::size_t{1024} * 1024;
  constexpr std::size_t batches = 16;  // Two for each queue of a topic of eight.
  constexpr std::size_t queues = 150;
  return std::clamp(std::min(total_bytes / batches, bytes_per_timeout / queues), least, most);
}

std::vector<BatchRange> pack_batches(std::span<const std::string_view> bodies,
                                     const PackingOptions& options) {
  std::vector<BatchRange> batches;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    const std::size_t item = wire::batch_item_size(bodies[i].size(), options.properties_bytes);
    const bool compressed = bodies[i].size() > options.compress_over_bytes;
    const bool fits = !batches.empty() && batches.back().compressed == compressed &&
                      batches.back().count < options.max_messages && bytes + item <= options.target_bytes;
    if (!fits) {
      batches.push_back(BatchRange{i, 0, compressed});
      bytes = 0;
    }
    ++batches.back().count;
    bytes += item;
  }
  return batches;
}

std::vector<SliceRange> slice_batches(std::size_t batches, std::size_t slices, bool short_last) {
  std::vector<SliceRange> result;
  slices = std::min(slices, batches);
  if (slices == 0) return result;
  const bool keep_last = short_last && slices > 1;
  const std::size_t parts = keep_last ? slices - 1 : slices;
  const std::size_t spread = keep_last ? batches - 1 : batches;
  std::size_t first = 0;
  for (std::size_t part = 0; part < parts; ++part) {
    const std::size_t count = spread / parts + (part < spread % parts ? 1 : 0);
    result.push_back(SliceRange{first, count});
    first += count;
  }
  if (keep_last) result.push_back(SliceRange{first, 1});
  return result;
}

}  // namespace rocketmq::client
