#include "client/consumer/offset_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "wire/json_reader.h"
#include "wire/json_writer.h"

namespace rocketmq::client {

namespace {

namespace fs = std::filesystem;

std::string why() {
  return std::error_code(errno, std::generic_category()).message();
}

Failure problem(const std::string& what, const std::string& path) {
  return {Errc::invalid_argument, "the offset file " + path + " cannot be " + what + ": " + why(), {}};
}

/// A file descriptor that closes itself.
class File {
 public:
  File(const std::string& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] bool ok() const noexcept { return fd_ >= 0; }

 private:
  const int fd_;
};

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool read_all(int fd, std::string& text) {
  constexpr std::size_t limit = 64U << 20;
  std::array<char, 65536> buffer{};
  while (text.size() < limit) {
    const ssize_t count = ::read(fd, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    if (count == 0) return true;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return true;
}

/// `path.damaged`, or with a number if that exists. The last of them is replaced: more would tell nothing
/// new.
std::string free_name_for(const std::string& path) {
  constexpr int most = 20;
  std::string name = path + ".damaged";
  std::error_code ignored;
  for (int number = 2; number <= most && fs::exists(fs::symlink_status(name, ignored)); ++number)
    name = path + ".damaged-" + std::to_string(number);
  return name;
}

}  // namespace

std::string file_name_of(std::string_view name) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '@' || (c == '.' && !out.empty());
    if (plain) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    }
  }
  return out;
}

ClusterIdentity cluster_of_file(const std::string& path) {
  const File file(path, O_RDONLY);
  std::string text;
  QueueOffsets offsets;
  ClusterIdentity cluster;
  if (!file.ok() || !read_all(file.get(), text)) return {};
  return decode_offsets(text, offsets, &cluster) == Errc::ok ? cluster : ClusterIdentity{};
}

std::string encode_offsets(const QueueOffsets& offsets, const ClusterIdentity& cluster) {
  std::string text;
  wire::JsonWriter writer(text);
  writer.begin_object()
      .member("version", 1)
      .member("nameSpace", cluster.name_space)
      .key("servers")
      .begin_array();
  for (const std::string& server : cluster.servers)
    writer.value(server);
  writer.end_array().key("offsets").begin_array();
  for (const auto& [queue, offset] : offsets) {
    writer.begin_object()
        .member("topic", queue.topic)
        .member("brokerName", queue.broker_name)
        .member("queueId", queue.queue_id)
        .member("offset", offset)
        .end_object();
  }
  writer.end_array().end_object();
  text += '\n';
  return text;
}

Errc decode_offsets(std::string_view text, QueueOffsets& offsets, ClusterIdentity* cluster) {
  wire::JsonValue root;
  if (const Errc error = wire::read_json(text, root); error != Errc::ok) return error;
  const wire::JsonValue* list = root.find("offsets");
  if (list == nullptr || list->array() == nullptr) return Errc::missing_field;
  ClusterIdentity of_cluster;
  if (const Errc error = root.read_optional("nameSpace", of_cluster.name_space); error != Errc::ok)
    return error;
  if (const wire::JsonValue* servers = root.find("servers"); servers != nullptr) {
    if (servers->array() == nullptr) return Errc::bad_field;
    for (const wire::JsonValue& server : *servers->array()) {
      if (server.text() == nullptr) return Errc::bad_field;
      of_cluster.add_server(*server.text());
    }
  }
  QueueOffsets read;
  for (const wire::JsonValue& item : *list->array()) {
    MessageQueue queue;
    std::int64_t offset = 0;
    Errc error = item.read("topic", queue.topic);
    if (error == Errc::ok) error = item.read("brokerName", queue.broker_name);
    if (error == Errc::ok) error = item.read("queueId", queue.queue_id);
    if (error == Errc::ok) error = item.read("offset", offset);
    if (error != Errc::ok) return error;
    if (offset < 0 || queue.queue_id < 0) return Errc::bad_field;
    read[queue] = offset;
  }
  offsets = std::move(read);
  if (cluster != nullptr) *cluster = std::move(of_cluster);
  return Errc::ok;
}

std::string offset_file_path(const std::string& directory, std::string_view owner, std::string_view group,
                             int cluster_number) {
  // No name becomes one with a '~'.
  const std::string number = cluster_number == 1 ? "" : "~" + std::to_string(cluster_number);
  return (fs::path(directory) / file_name_of(owner) / (file_name_of(group) + number + ".json")).string();
}

Failure lock_offset_file(const std::string& path, std::shared_ptr<void>& lock, bool& in_use) {
  in_use = false;
  lock.reset();
  const fs::path folder = fs::path(path).parent_path();
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    return {Errc::invalid_argument,
            "the offset directory " + folder.string() + " cannot be made: " + error.message(),
            {}};
  }
  // A lock of its own, because the file itself is replaced again and again.
  auto file = std::make_shared<File>(path + ".lock", O_RDWR | O_CREAT);
  if (!file->ok()) return problem("locked", path);
  if (::flock(file->get(), LOCK_EX | LOCK_NB) != 0) {
    in_use = errno == EWOULDBLOCK;
    return problem("locked", path);
  }
  lock = std::move(file);
  return {};
}

Failure load_offsets(const std::string& path, QueueOffsets& offsets, ClusterIdentity* cluster) {
  offsets.clear();
  if (cluster != nullptr) *cluster = {};
  std::string reason;
  {
    const File file(path, O_RDONLY);
    if (!file.ok()) return errno == ENOENT ? Failure{} : problem("opened", path);
    std::string text;
    if (!read_all(file.get(), text)) {
      if (errno != EISDIR) return problem("read", path);
      reason = "a directory is in its place";
    } else if (const Errc error = decode_offsets(text, offsets, cluster); error != Errc::ok) {
      reason = text.empty() ? "it is empty" : describe(error);
    } else {
      return {};
    }
  }
  offsets.clear();
  const std::string aside = free_name_for(path);
  if (::rename(path.c_str(), aside.c_str()) != 0) return problem("set aside as " + aside, path);
  return {Errc::bad_json,
          "the offset file " + path + " is damaged (" + reason + "); it was set aside as " + aside +
              ", and the group starts as a new one",
          {}};
}

Failure save_offsets(const std::string& path, const QueueOffsets& offsets, const ClusterIdentity& cluster) {
  const std::string temporary = path + ".new";
  {
    const File file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file.ok()) return problem("written", temporary);
    if (!write_all(file.get(), encode_offsets(offsets, cluster)) || ::fsync(file.get()) != 0) {
      return problem("written", temporary);
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) return problem("replaced", path);
  // Only now the new name is durable, too.
  const File folder(fs::path(path).parent_path().string(), O_RDONLY | O_DIRECTORY);
  if (!folder.ok() || ::fsync(folder.get()) != 0) return problem("made durable", path);
  return {};
}

}  // namespace rocketmq::client
