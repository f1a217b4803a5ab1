#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/error.h"
#include "wire/message_queue.h"

namespace rocketmq::client {

using wire::MessageQueue;

/// A file with the offsets of one consumer, replaced as a whole: whatever happens meanwhile, a reader sees
/// the offsets before or after, never a mixture. Only its owner may read it (mode 0600). Not thread-safe.
class OffsetFile {
 public:
  using Offsets = std::map<MessageQueue, std::int64_t>;

  OffsetFile() = default;
  ~OffsetFile();
  OffsetFile(const OffsetFile&) = delete;
  OffsetFile& operator=(const OffsetFile&) = delete;

  /// Makes the directories and takes `directory/owner/group.json` for this process and object. Fails with
  /// invalid_argument where the directory cannot be made or written; sets `in_use` where another consumer has
  /// the file.
  [[nodiscard]] Failure open(const std::string& directory, std::string_view owner, std::string_view group,
                             bool& in_use);

  /// Reads the offsets; none where there is no file yet. What cannot be understood (also a directory in its
  /// place) is set aside as `.damaged`, `.damaged-2` ... and reported by bad_json; the offsets are then empty
  /// and the file may be saved again. Fails with invalid_argument where it can be neither read nor set aside.
  [[nodiscard]] Failure load(Offsets& offsets);

  /// Writes a new file beside the old one, makes it durable, and puts it in its place.
  [[nodiscard]] Failure save(const Offsets& offsets);

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string directory_;
  std::string path_;
  int lock_ = -1;
};

/// The JSON text of a file, and back. Errors: bad_json, missing_field, bad_field.
[[nodiscard]] std::string encode_offsets(const OffsetFile::Offsets& offsets);
[[nodiscard]] Errc decode_offsets(std::string_view text, OffsetFile::Offsets& offsets);

/// A name as a part of a path: every byte that is no letter, digit, '-', '_', '.' or '@' becomes %XX, and so
/// does a leading '.'.
[[nodiscard]] std::string file_name_of(std::string_view name);

}  // namespace rocketmq::client
