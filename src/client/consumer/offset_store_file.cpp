#include "client/consumer/offset_store_file.h"

#include <utility>

#include "client/core/client_core.h"

namespace rocketmq::client {

FileOffsetStore::FileOffsetStore(ClientCore& core, const std::string& directory, const std::string& group)
    : core_(core) {
  constexpr int most_consumers = 1024;
  const bool named = !core.config().instance_name.empty();
  for (int number = 1;; ++number) {
    const std::string owner =
        named ? core.client_id() : "default" + (number == 1 ? std::string() : "-" + std::to_string(number));
    bool in_use = false;
    Failure failure = file_.open(directory, owner, group, in_use);
    if (!failure.failed()) break;
    if (!in_use || number == most_consumers) throw Error(std::move(failure));
    if (named) {
      throw Error(Errc::invalid_argument, "another consumer of group '" + group + "' with instanceName '" +
                                              core.config().instance_name + "' uses " + file_.path() +
                                              "; give it another instanceName");
    }
  }
  if (const Failure failure = file_.load(offsets_); failure.failed()) {
    if (failure.code != Errc::bad_json) throw Error(failure);
    core_.log(LogLevel::error, to_string(failure));
  }
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
  const Failure failure = file_.save(offsets_);
  for (const StoreHandler& handler : std::exchange(waiting_, {}))
    handler(failure);
}

}  // namespace rocketmq::client
