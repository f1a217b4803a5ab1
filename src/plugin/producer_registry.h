#pragma once

#include <memory>
#include <vector>

#include "plugin/caller.h"
#include "plugin/handle_registry.h"
#include "plugin/producer_stat.h"
#include "rocketmq/producer.h"

namespace rocketmq::plugin {

/// What stands behind a script's producer.
struct OpenProducer {
  std::shared_ptr<Producer> producer;
  std::shared_ptr<ProducerStat> stat;
};

/// The live producers of this process. Never destroyed, so that late threads find them.
[[nodiscard]] HandleRegistry<OpenProducer>& open_producers();

/// A row for each that the caller may see, in the order of creation.
[[nodiscard]] std::vector<ProducerStatRow> producer_stats(const Caller& caller);

}  // namespace rocketmq::plugin
