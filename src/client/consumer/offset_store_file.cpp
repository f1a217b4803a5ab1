#include "client/consumer/offset_store_file.h"

#include <filesystem>
#include <utility>

#include "client/core/client_core.h"

namespace rocketmq::client {

namespace {

namespace fs = std::filesystem;

constexpr int most_files = 1024;

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

}  // namespace

FileOffsetStore::FileOffsetStore(ClientCore& core, std::string directory, std::string group,
                                 ClusterIdentity cluster)
    : core_(core), directory_(std::move(directory)), group_(std::move(group)), cluster_(std::move(cluster)) {
  if (!take(Whose::ours) && !take(Whose::anybodys)) {
    throw Error(Errc::invalid_argument, "group '" + group_ + "' has " + std::to_string(most_files) +
                                            " offset files in " + directory_ + ", and all are in use");
  }
  // At once, so that others see whose it is.
  if (const Failure failure = save_offsets(path_, offsets_, cluster_); failure.failed()) throw Error(failure);
}

// One without an instanceName has a number among its like; one with has a number among the clusters.
std::string FileOffsetStore::path_of(int number) const {
  if (!core_.config().instance_name.empty()) {
    return offset_file_path(directory_, core_.client_id(), group_, number);
  }
  const std::string owner = number == 1 ? "default" : "default-" + std::to_string(number);
  return offset_file_path(directory_, owner, group_);
}

FileOffsetStore::Whose FileOffsetStore::whose(const ClusterIdentity& cluster) const {
  if (!cluster.is_known()) return Whose::anybodys;
  return cluster.meets(cluster_) ? Whose::ours : Whose::others;
}

bool FileOffsetStore::take(Whose wanted) {
  for (int number = 1; number <= most_files; ++number) {
    const std::string path = path_of(number);
    // What is ours is among those that are there; what is nobody's yet may be the next one.
    const bool named = !core_.config().instance_name.empty();
    if (wanted == Whose::ours && !is_there(named ? fs::path(path) : fs::path(path).parent_path()))
      return false;
    const Whose owner = whose(cluster_of_file(path));
    if (owner == Whose::others) others_ = path;
    if (owner == wanted && try_to_take(path)) return true;
  }
  return false;
}

bool FileOffsetStore::try_to_take(const std::string& path) {
  bool in_use = false;
  if (Failure failure = lock_offset_file(path, lock_, in_use); failure.failed()) {
    if (!in_use) throw Error(std::move(failure));
    const std::string& name = core_.config().instance_name;
    if (name.empty()) return false;
    throw Error(Errc::invalid_argument, "another consumer of group '" + group_ + "' with instanceName '" +
                                            name + "' uses " + path + "; give it another instanceName");
  }
  path_ = path;
  ClusterIdentity cluster;
  const bool is_new = !is_there(path);
  if (const Failure failure = load_offsets(path, offsets_, &cluster); failure.failed()) {
    if (failure.code != Errc::bad_json) throw Error(failure);
    core_.log(LogLevel::error, to_string(failure));
  }
  if (whose(cluster) == Whose::others) return false;  // Somebody was quicker.
  if (is_new && !others_.empty()) {
    core_.log(
        LogLevel::warning,
        "the progress of group '" + group_ + "' in " + others_ +
            " is that of another cluster, by the servers that it names, so the group starts as a new one "
            "and keeps its progress in " +
            path +
            ". If it is the same cluster and all its addresses have changed, end this consumer, "
            "add one of its servers to that file's \"servers\", and remove the new file");
  }
  return true;
}

void FileOffsetStore::load(const MessageQueue& queue, LoadHandler handler) {
  core_.post([this, queue, handler = std::move(handler)] {
    const auto found = offsets_.find(queue);
    handler({}, found == offsets_.end() ? std::nullopt : std::optional<std::int64_t>(found->second));
  });
}

void FileOffsetStore::store(const MessageQueue& queue, std::int64_t offset, StoreHandler handler) {
  offsets_[queue] = offset;
  waiting_.push_back(std::move(handler));
  if (waiting_.size() == 1) core_.post([this] { save(); });
}

void FileOffsetStore::save() {
  const Failure failure = save_offsets(path_, offsets_, cluster_);
  for (const StoreHandler& handler : std::exchange(waiting_, {}))
    handler(failure);
}

}  // namespace rocketmq::client
