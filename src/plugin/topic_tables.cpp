#include "plugin/topic_tables.h"

#include <string>

#include "plugin/table_columns.h"

namespace rocketmq::plugin {

TableSP make_topic_table(const std::vector<TopicQueue>& queues) {
  using Row = const TopicQueue&;
  const std::vector<std::string> names{"brokerName", "queueId",       "minOffset", "maxOffset",
                                       "messages",   "lastStoreTime", "readable",  "writable"};
  const TableColumns<TopicQueue> column(queues);
  const std::vector<ConstantSP> columns{
      column.text([](Row row) -> const std::string& { return row.broker_name; }),
      column.int_column([](Row row) { return row.queue_id; }),
      column.long_column([](Row row) { return row.min_offset; }),
      column.long_column([](Row row) { return row.max_offset; }),
      column.long_column([](Row row) { return row.max_offset - row.min_offset; }),
      column.local_millis([](Row row) { return row.last_store_ms; }),
      column.bool_column([](Row row) { return row.readable; }),
      column.bool_column([](Row row) { return row.writable; })};
  return Util::createTable(names, columns);
}

TableSP make_progress_table(const std::vector<GroupQueue>& queues) {
  using Row = const GroupQueue&;
  const std::vector<std::string> names{"brokerName", "queueId",          "committedOffset", "maxOffset",
                                       "lag",        "lastConsumedTime", "clientId"};
  const TableColumns<GroupQueue> column(queues);
  const std::vector<ConstantSP> columns{
      column.text([](Row row) -> const std::string& { return row.broker_name; }),
      column.int_column([](Row row) { return row.queue_id; }),
      column.long_column([](Row row) { return row.committed_offset; }),
      column.long_column([](Row row) { return row.max_offset; }),
      column.long_column([](Row row) { return row.lag(); }),
      column.local_millis([](Row row) { return row.last_consumed_ms; }),
      column.text([](Row row) {
        std::string ids;
        for (const std::string& id : row.owners)
          ids += (ids.empty() ? "" : ",") + id;
        return ids;
      })};
  return Util::createTable(names, columns);
}

}  // namespace rocketmq::plugin
