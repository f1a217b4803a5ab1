#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rocketmq::plugin {

/// A random number, so that those of other plugins' resources are not live objects here.
[[nodiscard]] long long first_handle_number();

/// The live objects of one kind by the number that their script-side resource carries. A resource holds a
/// number and not an address, so that a stale or foreign one is noticed and never dereferenced. Thread-safe.
/// `Object` is cheap to copy.
template <class Object>
class HandleRegistry {
 public:
  long long add(Object object, std::string description) {
    const std::lock_guard lock(mutex_);
    const long long number = next_number_++;
    entries_.emplace(number, Entry{std::move(object), std::move(description)});
    return number;
  }

  /// The object of a resource with this number and description; nothing if it is closed or not ours.
  [[nodiscard]] std::optional<Object> find(long long number, const std::string& description) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(number);
    if (found == entries_.end() || found->second.description != description) return std::nullopt;
    return found->second.object;
  }

  /// All by their numbers, which is the order of creation.
  [[nodiscard]] std::map<long long, Object> all() const {
    const std::lock_guard lock(mutex_);
    std::map<long long, Object> objects;
    for (const auto& [number, entry] : entries_)
      objects.emplace(number, entry.object);
    return objects;
  }

  /// Takes an object out; nothing if it is out already, so that it is closed exactly once.
  [[nodiscard]] std::optional<Object> remove(long long number) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(number);
    if (found == entries_.end()) return std::nullopt;
    std::optional<Object> object = std::move(found->second.object);
    entries_.erase(found);
    return object;
  }

  /// Takes all out.
  [[nodiscard]] std::vector<Object> remove_all() {
    const std::lock_guard lock(mutex_);
    std::vector<Object> objects;
    objects.reserve(entries_.size());
    for (auto& [number, entry] : entries_)
      objects.push_back(std::move(entry.object));
    entries_.clear();
    return objects;
  }

  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
  }

 private:
  struct Entry {
    Object object;
    std::string description;
  };
  mutable std::mutex mutex_;  // Scripts' threads meet here.
  std::map<long long, Entry> entries_;
  long long next_number_ = first_handle_number();
};

}  // namespace rocketmq::plugin
