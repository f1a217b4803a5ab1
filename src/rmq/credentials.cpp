#include "rmq/credentials.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"
#include "rmq/environment.h"
#include "rmq/usage_error.h"

namespace rocketmq::rmq {

namespace {

constexpr const char* access_variable = "ROCKETMQ_ACCESS_KEY";
constexpr const char* secret_variable = "ROCKETMQ_SECRET_KEY";
constexpr std::size_t largest_file = std::size_t{64} * 1024;

class File {
 public:
  explicit File(const std::string& name)
      : descriptor_(open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] int get() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

/// What was checked is what is read.
std::string read_private(const std::string& name) {
  const std::string what = "the credentials file " + name;
  const File file(name);
  struct stat status {};
  if (file.get() < 0 || fstat(file.get(), &status) != 0)
    throw UsageError(what + " cannot be read: " + system_message());
  if (!S_ISREG(status.st_mode)) throw UsageError(what + " is no regular file");
  if (status.st_uid != geteuid() && status.st_uid != 0) throw UsageError(what + " belongs to another user");
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    throw UsageError(what + " may be used by others; run: chmod 600 " + name);
  std::string text;
  std::array<char, 4096> buffer{};
  ssize_t count = 0;
  while ((count = ::read(file.get(), buffer.data(), buffer.size())) > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > largest_file) throw UsageError(what + " is larger than 64 KiB");
  }
  if (count < 0) throw UsageError(what + " cannot be read: " + system_message());
  return text;
}

std::string_view unquote(std::string_view value) {
  const bool quoted =
      value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front();
  return quoted ? value.substr(1, value.size() - 2) : value;
}

Credentials parse(std::string_view text, const std::string& name) {
  Credentials credentials;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t sign = line.find_first_of(":=");
    const std::string_view key = trim(line.substr(0, sign));
    const std::string value(sign == std::string_view::npos ? "" : unquote(trim(line.substr(sign + 1))));
    if (key == "accessKey") {
      credentials.access_key = value;
    } else if (key == "secretKey") {
      credentials.secret_key = value;
    } else if (key == "accessChannel") {
      credentials.access_channel = value;
    } else {
      throw UsageError("line " + std::to_string(number) + " of the credentials file " + name +
                       " is none of accessKey, secretKey and accessChannel");
    }
  }
  if (credentials.access_key.empty() || credentials.secret_key.empty())
    throw UsageError("the credentials file " + name + " needs an accessKey and a secretKey");
  return credentials;
}

}  // namespace

Credentials find_credentials(const std::string& file) {
  if (!file.empty()) return parse(read_private(file), file);
  Credentials credentials;
  credentials.access_key = environment_value(access_variable);
  credentials.secret_key = environment_value(secret_variable);
  if (credentials.access_key.empty() != credentials.secret_key.empty()) {
    throw UsageError(std::string(credentials.access_key.empty() ? secret_variable : access_variable) +
                     " is set, and " + (credentials.access_key.empty() ? access_variable : secret_variable) +
                     " is not; set both or neither");
  }
  return credentials;
}

}  // namespace rocketmq::rmq
