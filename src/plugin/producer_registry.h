#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "client/producer.h"
#include "plugin/caller.h"
#include "plugin/producer_stat.h"

namespace rocketmq::plugin {

/// The live producers by the number that their script-side resource carries. A resource holds a number and
/// not an address, so that a stale or foreign one is noticed and never dereferenced. Thread-safe.
class ProducerRegistry {
 public:
  /// The registry of this process. It is never destroyed, so that late threads find it.
  static ProducerRegistry& instance();

  /// Numbers start at a random one, so that those of other plugins' resources are not live producers here.
  ProducerRegistry();

  struct OpenProducer {
    std::shared_ptr<Producer> producer;  ///< Null if there is none.
    std::shared_ptr<ProducerStat> stat;
  };
  long long add(OpenProducer producer, std::string description);

  /// The producer of a resource with this number and description; null if it is closed or not ours.
  [[nodiscard]] OpenProducer find(long long number, const std::string& description) const;

  /// A row for each that is open and that the caller may see, in the order of creation.
  [[nodiscard]] std::vector<ProducerStatRow> stats(const Caller& caller) const;

  /// Takes a producer out; null if it is out already, so that it is closed exactly once.
  [[nodiscard]] std::shared_ptr<Producer> remove(long long number);

  /// Takes all out.
  [[nodiscard]] std::vector<std::shared_ptr<Producer>> remove_all();

  [[nodiscard]] std::size_t size() const;

 private:
  struct Entry {
    OpenProducer open;
    std::string description;
  };
  mutable std::mutex mutex_;  // Scripts' threads meet here.
  std::map<long long, Entry> entries_;
  long long next_number_;
};

}  // namespace rocketmq::plugin
