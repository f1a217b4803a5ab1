#include "client/consumer/allocation.h"

#include <algorithm>
#include <cstddef>

namespace rocketmq::client {

namespace {

template <class T>
void sort_once(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

}  // namespace

std::optional<std::vector<MessageQueue>> allocate_average(std::vector<MessageQueue> queues,
                                                          std::vector<std::string> client_ids,
                                                          std::string_view self) {
  sort_once(queues);
  sort_once(client_ids);
  const auto found = std::lower_bound(client_ids.begin(), client_ids.end(), self);
  if (found == client_ids.end() || *found != self) return std::nullopt;

  const auto index = static_cast<std::size_t>(found - client_ids.begin());
  const std::size_t share = queues.size() / client_ids.size();
  const std::size_t longer = queues.size() % client_ids.size();  // This many clients get one queue more.
  const std::size_t begin = index * share + std::min(index, longer);
  const std::size_t size = share + (index < longer ? 1 : 0);
  using Difference = std::vector<MessageQueue>::difference_type;
  return std::vector<MessageQueue>(queues.begin() + static_cast<Difference>(begin),
                                   queues.begin() + static_cast<Difference>(begin + size));
}

}  // namespace rocketmq::client
