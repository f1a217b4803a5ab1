#include "plugin/start_table.h"

#include <algorithm>
#include <climits>
#include <map>
#include <tuple>
#include <utility>

#include "plugin/argument_error.h"
#include "plugin/nearest_name.h"
#include "plugin/value_text.h"

namespace rocketmq::plugin {

namespace {

/// No queue will ever have this many messages.
constexpr long long max_start_offset = 1LL << 60;

[[noreturn]] void refuse_start_table(const std::string& name, const std::string& given) {
  throw ArgumentError(
      name +
      " must be a table with the columns brokerName (STRING), queueId (INT), queueOffset (LONG) "
      "and if wanted topic (STRING)" +
      (name == start_offsets_name ? ", or a function without arguments that returns one" : "") +
      "; given: " + given + ".");
}

bool is_integral_column(const ConstantSP& column) {
  return column->getCategory() == INTEGRAL;
}

/// The columns of the table; null pointers if there are none.
struct StartColumns {
  ConstantSP topic;
  ConstantSP broker;
  ConstantSP queue;
  ConstantSP offset;
};

StartColumns find_columns(const std::string& table_name, const ConstantSP& value) {
  if (value.isNull() || !value->isTable()) refuse_start_table(table_name, describe_type(value));
  const TableSP table = value;
  StartColumns columns;
  const std::map<std::string, std::pair<ConstantSP*, bool>> known{{"topic", {&columns.topic, true}},
                                                                  {"brokerName", {&columns.broker, true}},
                                                                  {"queueId", {&columns.queue, false}},
                                                                  {"queueOffset", {&columns.offset, false}}};
  for (INDEX i = 0; i < table->columns(); ++i) {
    const std::string name = table->getColumnName(i);
    const ConstantSP column = table->getColumn(i);
    const auto found = known.find(name);
    if (found == known.end()) {
      refuse_start_table(table_name,
                         describe_unknown_column(name, {"topic", "brokerName", "queueId", "queueOffset"}));
    }
    const auto& [target, is_text] = found->second;
    if (is_text ? !is_text_type(column) : !is_integral_column(column))
      refuse_start_table(table_name, "a table whose column " + name + " is " + describe_type(column));
    *target = column;
  }
  for (const auto& [name, target] : known) {
    if (target.first->isNull() && name != "topic")
      refuse_start_table(table_name, "a table without the column " + name);
  }
  return columns;
}

/// A row of the table, for messages.
struct StartRow {
  const std::string& table_name;
  INDEX row = 0;

  [[noreturn]] void refuse(const std::string& problem) const {
    throw ArgumentError(table_name + ": row " + std::to_string(row) + " " + problem + ".");
  }
  [[nodiscard]] std::string text(const ConstantSP& column, const char* name) const {
    const ConstantSP element = column->get(row);
    if (element->isNull()) refuse(std::string("has no ") + name);
    return element->getString();
  }
  [[nodiscard]] long long number(const ConstantSP& column, const char* name, long long largest) const {
    const ConstantSP element = column->get(row);
    if (element->isNull()) refuse(std::string("has no ") + name);
    const long long number = element->getLong();
    if (number < 0 || number > largest) refuse(std::string("has the ") + name + " " + std::to_string(number));
    return number;
  }
};

std::string list_of(const std::vector<std::string>& topics) {
  if (topics.size() == 1) return "is " + in_quotes(topics.front());
  std::string list = "are ";
  for (const std::string& topic : topics)
    list += (list.size() > 4 ? ", " : "") + in_quotes(topic);
  return list;
}

}  // namespace

std::vector<QueueStart> read_start_table(const std::string& name, const ConstantSP& value,
                                         const std::vector<std::string>& topics) {
  const StartColumns columns = find_columns(name, value);
  std::vector<QueueStart> starts;
  std::map<std::tuple<std::string, std::string, int>, INDEX> rows;
  if (columns.topic.isNull() && topics.size() > 1) {
    throw ArgumentError(name + ": the job has " + std::to_string(topics.size()) +
                        " topics, so the table needs the column topic.");
  }
  for (INDEX i = 0; i < columns.broker->size(); ++i) {
    const StartRow row{name, i};
    QueueStart start{topics.front(), row.text(columns.broker, "brokerName"),
                     static_cast<int>(row.number(columns.queue, "queueId", INT_MAX)),
                     row.number(columns.offset, "queueOffset", max_start_offset)};
    if (!columns.topic.isNull()) {
      start.topic = row.text(columns.topic, "topic");
      if (std::find(topics.begin(), topics.end(), start.topic) == topics.end())
        row.refuse("is of topic " + in_quotes(start.topic) + ", but the job's " + list_of(topics));
    }
    const auto [first, is_new] = rows.try_emplace({start.topic, start.broker_name, start.queue_id}, i);
    if (!is_new) {
      row.refuse("names queue " + std::to_string(start.queue_id) + " of broker " +
                 in_quotes(start.broker_name) + " again, after row " + std::to_string(first->second));
    }
    starts.push_back(std::move(start));
  }
  return starts;
}

}  // namespace rocketmq::plugin
