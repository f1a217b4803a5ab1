// The SDK's string: bytes with a length, NULs included.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "HostNamespace.h"

HOST_SDK_BEGIN

/// Binary-safe. data() and c_str() are NUL-terminated as well, for text.
class DolphinString {
 public:
  DolphinString() = default;
  DolphinString(const std::string& str) : bytes_(str) {}
  DolphinString(const char* str) : bytes_(str) {}
  DolphinString(const char* ptr, std::size_t len) : bytes_(ptr, len) {}

  std::size_t size() const { return bytes_.size(); }
  std::size_t length() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }
  const char* data() const { return bytes_.data(); }
  const char* c_str() const { return bytes_.c_str(); }
  std::string getString() const { return bytes_; }
  void clear() { bytes_.clear(); }

  DolphinString& assign(const char* str, std::size_t len) {
    bytes_.assign(str, len);
    return *this;
  }
  void append(const char* str, std::size_t length) { bytes_.append(str, length); }

  /// Order of unsigned bytes: below, at or above zero.
  int compare(const DolphinString& other) const { return bytes_.compare(other.bytes_); }
  int compare(const std::string& other) const { return bytes_.compare(other); }
  int compare(const char* other) const { return bytes_.compare(other); }

  bool operator==(const DolphinString& other) const { return bytes_ == other.bytes_; }
  bool operator==(const std::string& other) const { return bytes_ == other; }
  bool operator==(const char* other) const { return bytes_ == other; }
  bool operator<(const DolphinString& other) const { return bytes_ < other.bytes_; }

 private:
  std::string bytes_;
};

HOST_SDK_END
