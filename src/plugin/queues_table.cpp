#include "plugin/queues_table.h"

#include <climits>
#include <map>
#include <string>
#include <utility>

#include "plugin/argument_error.h"
#include "plugin/consume_timestamp.h"
#include "plugin/nearest_name.h"
#include "plugin/value_text.h"

namespace rocketmq::plugin {

namespace {

[[noreturn]] void refuse(const std::string& given) {
  throw ArgumentError(
      "queues must be a table with the columns brokerName (STRING) and queueId (INT), and if wanted begin "
      "and "
      "end (offsets, or times with a date); given: " +
      given + ".");
}

[[noreturn]] void refuse_row(INDEX row, const std::string& problem) {
  throw ArgumentError("queues: row " + std::to_string(row) + " " + problem + ".");
}

struct QueueColumns {
  ConstantSP broker;
  ConstantSP queue;
  ConstantSP begin;
  ConstantSP end;
};

bool may_be(const std::string& name, const ConstantSP& column) {
  if (name == "brokerName") return is_text_type(column);
  return column->getCategory() == INTEGRAL || (name != "queueId" && column->getCategory() == TEMPORAL);
}

QueueColumns find_columns(const ConstantSP& value) {
  if (value.isNull() || !value->isTable()) refuse(describe_type(value));
  const TableSP table = value;
  QueueColumns columns;
  const std::map<std::string, ConstantSP*> known{{"brokerName", &columns.broker},
                                                 {"queueId", &columns.queue},
                                                 {"begin", &columns.begin},
                                                 {"end", &columns.end}};
  for (INDEX i = 0; i < table->columns(); ++i) {
    const std::string name = table->getColumnName(i);
    const ConstantSP column = table->getColumn(i);
    const auto found = known.find(name);
    if (found == known.end())
      refuse(describe_unknown_column(name, {"brokerName", "queueId", "begin", "end"}));
    if (!may_be(name, column)) refuse("a table whose column " + name + " is " + describe_type(column));
    *found->second = column;
  }
  if (columns.broker.isNull()) refuse("a table without the column brokerName");
  if (columns.queue.isNull()) refuse("a table without the column queueId");
  if (columns.broker->size() == 0) refuse("a table without rows");
  return columns;
}

ReadPosition read_place(const ConstantSP& column, INDEX row, const char* name, const ReadPosition& fallback) {
  if (column.isNull()) return fallback;
  const ConstantSP element = column->get(row);
  if (element->isNull()) return fallback;
  if (element->getCategory() == INTEGRAL) {
    const long long offset = element->getLong();
    if (offset < 0) refuse_row(row, std::string("has the ") + name + " " + std::to_string(offset));
    return {ReadPosition::Kind::offset, offset};
  }
  const auto time = read_local_time(element);
  if (!time) refuse_row(row, std::string("has a ") + name + " that is no time with a date");
  return {ReadPosition::Kind::time, *time};
}

}  // namespace

std::vector<QueueToRead> read_queues_table(const ConstantSP& value, const ReadPosition& begin,
                                           const ReadPosition& end) {
  const QueueColumns columns = find_columns(value);
  std::vector<QueueToRead> queues;
  std::map<std::pair<std::string, int>, INDEX> rows;
  for (INDEX i = 0; i < columns.broker->size(); ++i) {
    const ConstantSP broker = columns.broker->get(i);
    const ConstantSP id = columns.queue->get(i);
    if (broker->isNull()) refuse_row(i, "has no brokerName");
    if (id->isNull() || id->getLong() < 0 || id->getLong() > INT_MAX)
      refuse_row(i, "has no queueId of 0 or more");
    QueueToRead queue;
    queue.broker_name = broker->getString();
    queue.queue_id = id->getInt();
    queue.begin = read_place(columns.begin, i, "begin", begin);
    queue.end = read_place(columns.end, i, "end", end);
    if (queue.begin.kind == queue.end.kind && queue.begin.value > queue.end.value)
      refuse_row(i, "has a begin behind its end");
    const auto [first, is_new] = rows.try_emplace({queue.broker_name, queue.queue_id}, i);
    if (!is_new) {
      refuse_row(i, "names queue " + std::to_string(queue.queue_id) + " of broker " +
                        in_quotes(queue.broker_name) + " again, after row " + std::to_string(first->second));
    }
    queues.push_back(std::move(queue));
  }
  return queues;
}

}  // namespace rocketmq::plugin
