#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "client/core/cluster_identity.h"
#include "rocketmq/error.h"
#include "wire/message_queue.h"

namespace rocketmq::client {

using wire::MessageQueue;

// A file with the offsets of one consumer is replaced as a whole: whatever happens meanwhile, a reader sees
// the offsets before or after, never a mixture. Only its owner may read it (mode 0600).

using QueueOffsets = std::map<MessageQueue, std::int64_t>;

/// `directory/owner/group.json`, or `group~2.json` ... for further clusters of one owner.
[[nodiscard]] std::string offset_file_path(const std::string& directory, std::string_view owner,
                                           std::string_view group, int cluster_number = 1);

/// Makes the directories and takes the file of that path until `lock` is reset; what it held before is let
/// go. Fails with invalid_argument if the directory cannot be made or written; sets `in_use` if another
/// consumer has the file.
[[nodiscard]] Failure lock_offset_file(const std::string& path, std::shared_ptr<void>& lock, bool& in_use);

/// Reads the offsets; none if there is no file yet. What cannot be understood (also a directory in its place)
/// is set aside as `.damaged`, `.damaged-2` ... and reported by bad_json; the offsets are then empty and the
/// file may be saved again. Fails with invalid_argument if it can be neither read nor set aside.
[[nodiscard]] Failure load_offsets(const std::string& path, QueueOffsets& offsets,
                                   ClusterIdentity* cluster = nullptr);

/// Writes a new file beside the old one, makes it durable, and puts it in its place.
[[nodiscard]] Failure save_offsets(const std::string& path, const QueueOffsets& offsets,
                                   const ClusterIdentity& cluster = {});

/// The cluster that the file belongs to, also while another consumer has it; not known if there is no file,
/// if it cannot be read, and of a file that older versions of this library have written.
[[nodiscard]] ClusterIdentity cluster_of_file(const std::string& path);

/// The JSON text of a file, and back. Errors: bad_json, missing_field, bad_field; nothing changes then.
[[nodiscard]] std::string encode_offsets(const QueueOffsets& offsets, const ClusterIdentity& cluster = {});
[[nodiscard]] Errc decode_offsets(std::string_view text, QueueOffsets& offsets,
                                  ClusterIdentity* cluster = nullptr);

/// A name as a part of a path: every byte that is not a letter, digit, '-', '_', '.' or '@' becomes %XX, and
/// so does a leading '.'.
[[nodiscard]] std::string file_name_of(std::string_view name);

}  // namespace rocketmq::client
