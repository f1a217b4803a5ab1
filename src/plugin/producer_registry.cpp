#include "plugin/producer_registry.h"

#include <random>
#include <utility>

namespace rocketmq::plugin {

ProducerRegistry& ProducerRegistry::instance() {
  static auto* const registry = new ProducerRegistry();
  return *registry;
}

ProducerRegistry::ProducerRegistry() {
  std::random_device random;
  next_number_ = (static_cast<long long>(random() & 0x7fffffffU) << 24) + 1;
}

long long ProducerRegistry::add(OpenProducer producer, std::string description) {
  const std::lock_guard lock(mutex_);
  const long long number = next_number_++;
  entries_.emplace(number, Entry{std::move(producer), std::move(description)});
  return number;
}

ProducerRegistry::OpenProducer ProducerRegistry::find(long long number,
                                                      const std::string& description) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(number);
  if (found == entries_.end() || found->second.description != description) return {};
  return found->second.open;
}

std::vector<ProducerStatRow> ProducerRegistry::stats(const Caller& caller) const {
  std::map<long long, OpenProducer> open;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [number, entry] : entries_)
      open.emplace(number, entry.open);
  }
  std::vector<ProducerStatRow> rows;
  for (const auto& [number, producer] : open) {
    ProducerStatRow row = producer.stat->snapshot();
    if (!caller.may_see(row.description.user)) continue;
    row.id = std::to_string(number);
    row.retries = static_cast<long long>(producer.producer->retries());
    rows.push_back(std::move(row));
  }
  return rows;
}

std::shared_ptr<Producer> ProducerRegistry::remove(long long number) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(number);
  if (found == entries_.end()) return nullptr;
  std::shared_ptr<Producer> producer = std::move(found->second.open.producer);
  entries_.erase(found);
  return producer;
}

std::vector<std::shared_ptr<Producer>> ProducerRegistry::remove_all() {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Producer>> producers;
  producers.reserve(entries_.size());
  for (auto& [number, entry] : entries_)
    producers.push_back(std::move(entry.open.producer));
  entries_.clear();
  return producers;
}

std::size_t ProducerRegistry::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace rocketmq::plugin
