#pragma once

#include <memory>
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
/// that no other consumer on this machine uses, so that its progress survives a restart all the same. Groups
/// and topics of one name in two clusters have nothing to do with each other, so a file says of which cluster
/// it is, and only consumers of that one read it. A file that does not say it is anybody's.
class FileOffsetStore : public OffsetStore {
 public:
  /// Throws Error invalid_argument if the file cannot be had.
  FileOffsetStore(ClientCore& core, std::string directory, std::string group, ClusterIdentity cluster);

  void load(const MessageQueue& queue, LoadHandler handler) override;
  void store(const MessageQueue& queue, std::int64_t offset, StoreHandler handler) override;

 private:
  enum class Whose {
    ours,      ///< Of our cluster.
    others,    ///< Of another cluster.
    anybodys,  ///< It does not say, or there is none.
  };
  [[nodiscard]] std::string path_of(int number) const;
  [[nodiscard]] Whose whose(const ClusterIdentity& cluster) const;
  [[nodiscard]] bool take(Whose wanted);
  [[nodiscard]] bool try_to_take(const std::string& path);
  void save();

  ClientCore& core_;
  const std::string directory_;
  const std::string group_;
  const ClusterIdentity cluster_;
  std::string others_;  // A file of another cluster, for the log.
  std::string path_;
  std::shared_ptr<void> lock_;
  QueueOffsets offsets_;
  std::vector<StoreHandler> waiting_;
};

}  // namespace rocketmq::client
