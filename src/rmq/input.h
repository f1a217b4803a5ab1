#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rocketmq::rmq {

/// A line, without its end, and where it is for messages to people. Lives until the next batch.
struct InputLine {
  std::string_view text;
  std::uint64_t number = 0;  ///< Within its file, from 1 on.
};

/// The lines of files one after another, many at once. It hands over what is there: a pipe that gives a line
/// now and then is not waited for longer than for its first line.
class Input {
 public:
  static constexpr std::size_t max_batch_bytes = std::size_t{8} << 20;
  static constexpr std::size_t max_batch_lines = 100'000;
  static constexpr std::size_t max_line_bytes = std::size_t{16} << 20;

  /// No file is standard input, and so is `-`. `whole`: each file is one line, whatever is in it.
  Input(std::vector<std::string> files, bool whole);
  ~Input();
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  /// The next lines, all of one file. False at the end, and if the user interrupts. Throws CommandError that
  /// names the file.
  [[nodiscard]] bool next(std::vector<InputLine>& lines);

  /// Of the lines that next() gave last.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

 private:
  [[nodiscard]] bool open_next();
  void close_file();
  [[nodiscard]] bool more_is_there() const;
  void fill();
  void take_lines(std::vector<InputLine>& lines);

  const std::vector<std::string> files_;
  const bool whole_;
  std::size_t next_file_ = 0;
  std::string name_;
  int descriptor_ = -1;
  bool at_end_ = false;
  std::string buffer_;
  std::size_t begin_ = 0;    // Of what was not handed over.
  std::size_t scanned_ = 0;  // Up to here there is no line end that is not in lines.
  std::size_t end_ = 0;      // Of what was read.
  std::uint64_t number_ = 0;
};

}  // namespace rocketmq::rmq
