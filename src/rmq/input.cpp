#include "rmq/input.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "rmq/environment.h"
#include "rmq/interrupt.h"
#include "rmq/usage_error.h"

namespace rocketmq::rmq {

namespace {

constexpr std::size_t read_bytes = std::size_t{1} << 20;

}  // namespace

Input::Input(std::vector<std::string> files, bool whole)
    : files_(files.empty() ? std::vector<std::string>{"-"} : std::move(files)), whole_(whole) {}

Input::~Input() {
  close_file();
}

void Input::close_file() {
  if (descriptor_ > STDIN_FILENO) close(descriptor_);
  descriptor_ = -1;
}

bool Input::open_next() {
  close_file();
  if (next_file_ == files_.size()) return false;
  const std::string& file = files_[next_file_++];
  name_ = file == "-" ? "standard input" : file;
  descriptor_ = file == "-" ? STDIN_FILENO : open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) throw CommandError(name_ + " cannot be read: " + system_message());
#ifdef F_SETPIPE_SZ
  // The program at the other end can go on writing while a batch is being sent.
  (void)fcntl(descriptor_, F_SETPIPE_SZ, static_cast<int>(read_bytes));
#endif
  at_end_ = false;
  begin_ = scanned_ = end_ = 0;
  number_ = 0;
  return true;
}

bool Input::more_is_there() const {
  pollfd wanted{descriptor_, POLLIN, 0};
  return poll(&wanted, 1, 0) == 1;
}

void Input::fill() {
  if (buffer_.size() < end_ + read_bytes) buffer_.resize(std::max(buffer_.size() * 2, end_ + read_bytes));
  const ssize_t count = ::read(descriptor_, buffer_.data() + end_, buffer_.size() - end_);
  if (count > 0) {
    end_ += static_cast<std::size_t>(count);
  } else if (count == 0) {
    at_end_ = true;
  } else if (errno != EINTR) {
    throw CommandError(name_ + " cannot be read: " + system_message());
  }
}

bool Input::next(std::vector<InputLine>& lines) {
  lines.clear();
  // What the lines before showed is no longer needed.
  std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
            buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
  scanned_ -= begin_;
  end_ -= begin_;
  begin_ = 0;
  while (!interrupted()) {
    if (descriptor_ < 0 && !open_next()) return false;
    const bool has_line = !whole_ && std::memchr(buffer_.data() + scanned_, '\n', end_ - scanned_) != nullptr;
    const bool enough = end_ >= max_batch_bytes || !more_is_there();
    if (at_end_ || (has_line && enough)) {
      take_lines(lines);
      if (at_end_) close_file();
      if (!lines.empty()) return true;
      continue;
    }
    if (!has_line) scanned_ = whole_ ? 0 : end_;
    if (end_ > max_line_bytes)
      throw CommandError(name_ + ": " + (whole_ ? "it" : "line " + std::to_string(number_ + 1)) +
                         " is longer than 16 MiB, and no message can be");
    fill();
  }
  return false;
}

void Input::take_lines(std::vector<InputLine>& lines) {
  const std::string_view all(buffer_.data(), end_);
  if (whole_) {
    lines.push_back({all, ++number_});
    begin_ = scanned_ = end_;
    return;
  }
  while (lines.size() < max_batch_lines) {
    const std::size_t line_end = all.find('\n', std::max(begin_, scanned_));
    if (line_end == std::string_view::npos) break;
    lines.push_back({all.substr(begin_, line_end - begin_), ++number_});
    begin_ = scanned_ = line_end + 1;
  }
  scanned_ = begin_;
  if (!at_end_ || begin_ == end_) return;
  if (lines.size() == max_batch_lines) {
    at_end_ = false;  // The file is not closed before the rest was taken.
    return;
  }
  // The last line may lack its end.
  lines.push_back({all.substr(begin_), ++number_});
  begin_ = scanned_ = end_;
}

}  // namespace rocketmq::rmq
