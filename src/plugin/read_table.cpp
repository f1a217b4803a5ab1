#include "plugin/read_table.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace rocketmq::plugin {

namespace {

void append(const VectorSP& to, const ConstantSP& more) {
  if (!to->append(more))
    throw std::runtime_error("the server could not append to a column; it may be out of memory");
  if (more->getNullFlag()) to->setNullFlag(true);
}

std::vector<VectorSP> vectors_of(const TableSP& table) {
  std::vector<VectorSP> columns;
  columns.reserve(static_cast<std::size_t>(table->columns()));
  for (INDEX i = 0; i < table->columns(); ++i)
    columns.push_back(table->getColumn(i));
  return columns;
}

}  // namespace

ReadTable::ReadTable(const MessageTableFormat& format, std::size_t queues, bool keeps_times)
    : keeps_times_(keeps_times), maker_(format), empty_columns_(format.schema), queues_(queues) {}

std::string ReadTable::add(std::size_t index, std::span<const ReceivedMessage> messages) {
  const MessageTable made = maker_.make(messages);
  for (const BadBody& bad : made.bad)
    note_bad(messages[bad.index], bad.error);
  std::string warning;
  if (const rows::RowBuffer* rows = maker_.last_rows()) warning = empty_columns_.look(*rows);
  if (made.table.isNull()) return warning;
  Queue& queue = queues_[index];
  queue.parts.push_back(made.table);
  queue.rows += static_cast<std::size_t>(made.table->size());
  queue.messages += messages.size() - made.bad.size();
  if (keeps_times_) note_times(queue, messages);
  return warning;
}

void ReadTable::note_bad(const ReceivedMessage& message, const std::string& error) {
  bad_.times.push_back(message.store_time_ms);
  if (!bad_.first.empty() && bad_.first_time <= message.store_time_ms) return;
  bad_.first_time = message.store_time_ms;
  bad_.first = "broker " + std::string(message.broker_name) + ", queue " + std::to_string(message.queue_id) +
               ", offset " + std::to_string(message.queue_offset) + ": " + error;
}

void ReadTable::note_times(Queue& queue, std::span<const ReceivedMessage> messages) {
  const std::vector<std::size_t>* const counts = maker_.last_counts();
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const std::size_t rows = counts == nullptr ? 1 : (*counts)[i];
    for (std::size_t row = 0; row < rows; ++row) {
      queue.times.push_back(messages[i].store_time_ms);
      queue.begins.push_back(row == 0);
      later_.push_back(messages[i].store_time_ms);
      std::push_heap(later_.begin(), later_.end(), std::greater<>());
    }
  }
}

std::size_t ReadTable::rows_before(std::int64_t time_ms) {
  while (!later_.empty() && later_.front() < time_ms) {
    std::pop_heap(later_.begin(), later_.end(), std::greater<>());
    later_.pop_back();
    ++before_;
  }
  return before_;
}

// Messages that the limit leaves out may be as bad as they like.
void ReadTable::throw_if_bad(std::int64_t last_time) const {
  const auto bad = std::count_if(bad_.times.begin(), bad_.times.end(),
                                 [last_time](std::int64_t time) { return time <= last_time; });
  if (bad == 0) return;
  std::string text = bad == 1 ? "a message does" : std::to_string(bad) + " messages do";
  text += " not fit the schema. ";
  throw std::runtime_error(text + (bad == 1 ? "Its place: " : "The first one: ") + bad_.first);
}

std::vector<VectorSP> ReadTable::join() {
  std::vector<VectorSP> all = vectors_of(maker_.make_empty());
  std::size_t rows = 0;
  for (const Queue& queue : queues_)
    rows += queue.rows;
  for (VectorSP& column : all) {
    // Of arrays the number of rows does not tell the number of elements.
    const DATA_TYPE type = column->getType();
    if (type < ARRAY_TYPE_BASE) column = Util::createVector(type, 0, static_cast<INDEX>(rows));
  }
  for (Queue& queue : queues_) {
    for (TableSP& part : queue.parts) {
      for (std::size_t i = 0; i < all.size(); ++i)
        append(all[i], part->getColumn(static_cast<INDEX>(i)));
      part.clear();  // So that little is held twice.
    }
  }
  return all;
}

/// The rows of the table, in their order. Positions are those by queue and offset, which equal times keep.
std::vector<int> ReadTable::choose(const Options& options, std::size_t rows, Result& result) const {
  std::vector<std::int64_t> times;
  std::vector<bool> begins;
  for (const Queue& queue : queues_) {
    times.insert(times.end(), queue.times.begin(), queue.times.end());
    begins.insert(begins.end(), queue.begins.begin(), queue.begins.end());
  }
  std::vector<int> chosen(rows);
  std::iota(chosen.begin(), chosen.end(), 0);
  std::stable_sort(chosen.begin(), chosen.end(), [&times](int left, int right) {
    return times[static_cast<std::size_t>(left)] < times[static_cast<std::size_t>(right)];
  });
  if (rows >= options.limit) {
    chosen.resize(options.limit);
    throw_if_bad(times[static_cast<std::size_t>(chosen.back())]);
  } else {
    throw_if_bad(std::numeric_limits<std::int64_t>::max());
  }
  result.messages = static_cast<std::size_t>(std::count_if(
      chosen.begin(), chosen.end(), [&begins](int row) { return begins[static_cast<std::size_t>(row)]; }));
  if (!options.by_time) std::sort(chosen.begin(), chosen.end());
  return chosen;
}

ReadTable::Result ReadTable::finish(const Options& options) {
  Result result;
  std::size_t rows = 0;
  for (const Queue& queue : queues_) {
    rows += queue.rows;
    result.messages += queue.messages;
  }
  const TableSP empty = maker_.make_empty();
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(empty->columns()));
  for (INDEX i = 0; i < empty->columns(); ++i)
    names.push_back(empty->getColumnName(i));
  if (!keeps_times_) {
    throw_if_bad(std::numeric_limits<std::int64_t>::max());
    const std::vector<VectorSP> all = join();
    result.table = Util::createTable(names, std::vector<ConstantSP>(all.begin(), all.end()));
    return result;
  }
  const std::vector<int> chosen = choose(options, rows, result);
  const VectorSP index = Util::createVector(DT_INT, static_cast<INDEX>(chosen.size()));
  if (!chosen.empty()) index->setInt(0, static_cast<int>(chosen.size()), chosen.data());
  std::vector<ConstantSP> columns;
  for (VectorSP& column : join()) {
    columns.push_back(chosen.empty() ? ConstantSP(column) : column->get(index));
    column.clear();
  }
  result.table = Util::createTable(names, columns);
  return result;
}

}  // namespace rocketmq::plugin
