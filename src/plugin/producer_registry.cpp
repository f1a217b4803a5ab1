#include "plugin/producer_registry.h"

#include <string>
#include <utility>

namespace rocketmq::plugin {

HandleRegistry<OpenProducer>& open_producers() {
  static auto* const registry = new HandleRegistry<OpenProducer>();
  return *registry;
}

std::vector<ProducerStatRow> producer_stats(const Caller& caller) {
  std::vector<ProducerStatRow> rows;
  for (const auto& [number, open] : open_producers().all()) {
    ProducerStatRow row = open.stat->snapshot();
    if (!caller.may_see(row.description.user)) continue;
    row.id = std::to_string(number);
    row.retries = static_cast<long long>(open.producer->retries());
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace rocketmq::plugin
