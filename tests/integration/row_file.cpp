#include "integration/row_file.h"

#include <stdexcept>

#include "rocketmq/bytes.h"

namespace rocketmq::test {

RowFile::RowFile(const std::string& path) {
  sqlite3* file = nullptr;
  const int error = sqlite3_open(path.c_str(), &file);
  file_.reset(file);
  if (error != SQLITE_OK) fail(path);
  sqlite3_busy_timeout(file, 10'000);
  // The machine lives on, so what the operating system was given is kept.
  run("PRAGMA journal_mode = WAL");
  run("PRAGMA synchronous = OFF");
  run("CREATE TABLE IF NOT EXISTS rows (broker TEXT, queue INTEGER, queue_offset INTEGER, body TEXT)");
  run("CREATE TABLE IF NOT EXISTS next_offsets (broker TEXT, queue INTEGER, topic TEXT, queue_offset "
      "INTEGER, "
      "PRIMARY KEY (broker, queue))");
  add_row_ = prepare("INSERT INTO rows VALUES (?1, ?2, ?3, ?4)");
  set_offset_ = prepare("INSERT OR REPLACE INTO next_offsets VALUES (?1, ?2, ?5, ?3 + 1)");
}

void RowFile::add(const ReceivedMessage& message) {
  run_with(add_row_, message);
  run_with(set_offset_, message);
}

std::vector<QueueStart> RowFile::offsets() const {
  const Statement rows = prepare("SELECT topic, broker, queue, queue_offset FROM next_offsets");
  const auto text = [&rows](int column) {
    return std::string(reinterpret_cast<const char*>(sqlite3_column_text(rows.get(), column)));
  };
  std::vector<QueueStart> found;
  while (sqlite3_step(rows.get()) == SQLITE_ROW)
    found.push_back(
        {text(0), text(1), sqlite3_column_int(rows.get(), 2), sqlite3_column_int64(rows.get(), 3)});
  return found;
}

std::int64_t RowFile::number(const std::string& query) const {
  const Statement rows = prepare(query);
  if (sqlite3_step(rows.get()) != SQLITE_ROW) fail(query);
  return sqlite3_column_int64(rows.get(), 0);
}

void RowFile::run(const std::string& sql) const {
  if (sqlite3_exec(file_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(sql);
}

RowFile::Statement RowFile::prepare(const std::string& sql) const {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(file_.get(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) fail(sql);
  return Statement(statement);
}

void RowFile::run_with(const Statement& statement, const ReceivedMessage& message) const {
  const auto bind = [&statement](int place, std::string_view text) {
    sqlite3_bind_text(statement.get(), place, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  };
  sqlite3_reset(statement.get());
  bind(1, message.broker_name);
  sqlite3_bind_int(statement.get(), 2, message.queue_id);
  sqlite3_bind_int64(statement.get(), 3, message.queue_offset);
  bind(4, as_text(message.body));
  bind(5, message.topic);  // Only of next_offsets.
  if (sqlite3_step(statement.get()) != SQLITE_DONE) fail("writing a row");
}

void RowFile::fail(const std::string& what) const {
  throw std::runtime_error(what + ": " + sqlite3_errmsg(file_.get()));
}

}  // namespace rocketmq::test
