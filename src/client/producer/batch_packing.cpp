#include "client/producer/batch_packing.h"

#include <algorithm>

namespace rocketmq::client {

namespace {

constexpr std::size_t least_batch_bytes = std::size_t{256} * 1024;
constexpr std::size_t least_slice_messages = 1024;

std::size_t divide_up(std::size_t value, std::size_t by) {
  return (value + by - 1) / by;
}

}  // namespace

std::size_t batch_bytes_for(std::size_t total_bytes, std::size_t bytes_per_timeout) noexcept {
  constexpr std::size_t most = std::size_t{1024} * 1024;
  constexpr std::size_t batches = 16;  // Two for each queue of a topic of eight.
  constexpr std::size_t queues = 150;
  return std::clamp(std::min(total_bytes / batches, bytes_per_timeout / queues), least_batch_bytes, most);
}

std::size_t even_batch_bytes(std::size_t count, std::size_t bytes, std::size_t target_bytes) noexcept {
  // A batch ends with the message that makes it full, so there is some room for that one below the target.
  const std::size_t usual = std::max<std::size_t>(target_bytes - target_bytes / 64, 1);
  const std::size_t batches =
      std::max({divide_up(bytes, usual), divide_up(count, max_batch_messages), std::size_t{1}});
  return divide_up(bytes, batches);
}

std::size_t queues_worth_using(std::size_t messages, std::size_t bytes) noexcept {
  const std::size_t worth = std::max(divide_up(bytes, least_batch_bytes), messages / least_slice_messages);
  return std::clamp<std::size_t>(worth, 1, std::max<std::size_t>(messages, 1));
}

std::vector<BatchRange> pack_batches(std::span<const std::string_view> bodies, std::size_t first,
                                     std::size_t count, const PackingOptions& options) {
  std::vector<BatchRange> batches;
  std::size_t bytes = 0;
  for (std::size_t i = first; i < first + count; ++i) {
    const std::size_t item = options.item_bytes(bodies[i], i);
    const bool compressed = bodies[i].size() > options.compress_over_bytes;
    const bool fits = !batches.empty() && batches.back().compressed == compressed && !options.is_alone(i) &&
                      !options.is_alone(i - 1) && batches.back().count < options.max_messages &&
                      bytes < options.enough_bytes && bytes + item <= options.target_bytes;
    if (!fits) {
      batches.push_back(BatchRange{i, 0, compressed});
      bytes = 0;
    }
    ++batches.back().count;
    bytes += item;
  }
  return batches;
}

std::vector<SliceRange> slice_messages(std::size_t messages, std::size_t slices, bool short_ends) {
  std::vector<SliceRange> result;
  const bool ends = short_ends && slices > 1;
  const std::size_t end_count = ends ? divide_up(messages, 2 * (slices - 1)) : 0;
  const std::size_t parts = ends ? slices - 2 : slices;
  const std::size_t last_count = ends && parts == 0 ? messages - end_count : end_count;
  const std::size_t between = messages - end_count - last_count;
  std::size_t first = 0;
  const auto cut = [&](std::size_t count) {
    result.push_back(SliceRange{first, count});
    first += count;
  };
  if (ends) cut(end_count);
  for (std::size_t part = 0; part < parts; ++part)
    cut(between / parts + (part < between % parts ? 1 : 0));
  if (ends) cut(last_count);
  return result;
}

}  // namespace rocketmq::client
