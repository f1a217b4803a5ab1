#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "rocketmq/consumer.h"

namespace rocketmq::test {

/// A SQLite file with a table of rows, which has no key and so shows what comes twice, and a table of the
/// offsets that come next. Both are written in one transaction. Throws std::runtime_error.
class RowFile {
 public:
  explicit RowFile(const std::string& path);

  void begin() { run("BEGIN IMMEDIATE"); }
  /// A row, and that its queue goes on after it.
  void add(const ReceivedMessage& message);
  void commit() { run("COMMIT"); }

  [[nodiscard]] std::vector<QueueStart> offsets() const;
  [[nodiscard]] std::int64_t number(const std::string& query) const;

 private:
  struct Closer {
    void operator()(sqlite3* file) const noexcept { sqlite3_close_v2(file); }
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Closer>;

  void run(const std::string& sql) const;
  [[nodiscard]] Statement prepare(const std::string& sql) const;
  void run_with(const Statement& statement, const ReceivedMessage& message) const;
  [[noreturn]] void fail(const std::string& what) const;

  std::unique_ptr<sqlite3, Closer> file_;
  Statement add_row_;
  Statement set_offset_;
};

}  // namespace rocketmq::test
