#pragma once

#include <string>
#include <vector>

#include "client/consumer/offset_file.h"
#include "client/consumer/offset_store.h"

namespace rocketmq::client {

class ClientCore;

/// Progress in a file of this machine, for broadcasting: every consumer gets everything, so no broker keeps
/// its offset. Stores that come together are written together.
///
/// A consumer with an instanceName has the file of its clientId. One without has the first file of the group
/// that no other consumer on this machine uses, so that its progress survives a restart all the same.
class FileOffsetStore : public OffsetStore {
 public:
  /// Throws Error invalid_argument where the file cannot be had.
  FileOffsetStore(ClientCore& core, const std::string& directory, const std::string& group);

  void load(const MessageQueue& queue, LoadHandler handler) override;
  void store(const MessageQueue& queue, std::int64_t offset, StoreHandler handler) override;

 private:
  void save();

  ClientCore& core_;
  OffsetFile file_;
  OffsetFile::Offsets offsets_;
  std::vector<StoreHandler> waiting_;
};

}  // namespace rocketmq::client
