#include "plugin/stat_table.h"

#include <string>

#include "plugin/table_columns.h"

namespace rocketmq::plugin {

TableSP make_stat_table(const std::vector<JobStatRow>& rows) {
  using Row = const JobStatRow&;
  const std::vector<std::string> names{"jobId",          "startTime",   "endTime",
                                       "firstMsgTime",   "lastMsgTime", "processedMsgCount",
                                       "failedMsgCount", "lastErrMsg",  "lastFailedTimestamp"};
  const TableColumns<JobStatRow> column(rows);
  const std::vector<ConstantSP> columns{
      column.text([](Row row) -> const std::string& { return row.job_id; }),
      column.local_nanos([](Row row) { return row.start_time; }),
      column.local_nanos([](Row row) { return row.end_time; }),
      column.local_nanos([](Row row) { return row.first_message_time; }),
      column.local_nanos([](Row row) { return row.last_message_time; }),
      column.long_column([](Row row) { return row.processed_count; }),
      column.long_column([](Row row) { return row.failed_count; }),
      column.text([](Row row) -> const std::string& { return row.last_error; }),
      column.local_nanos([](Row row) { return row.last_failed_time; })};
  return Util::createTable(names, columns);
}

TableSP make_producer_table(const std::vector<ProducerStatRow>& rows) {
  using Row = const ProducerStatRow&;
  const std::vector<std::string> names{"producerId",     "groupName",  "namesrvAddr",  "clientId",
                                       "user",           "createTime", "sentMsgCount", "sentBytes",
                                       "failedMsgCount", "retries",    "msgPerSecond", "avgSendMs",
                                       "p99SendMs",      "lastErrMsg", "lastErrTime"};
  const TableColumns<ProducerStatRow> column(rows);
  const std::vector<ConstantSP> columns{
      column.text([](Row row) -> const std::string& { return row.id; }),
      column.text([](Row row) -> const std::string& { return row.description.group; }),
      column.text([](Row row) -> const std::string& { return row.description.name_servers; }),
      column.text([](Row row) -> const std::string& { return row.description.client_id; }),
      column.text([](Row row) -> const std::string& { return row.description.user; }),
      column.local_nanos([](Row row) { return row.description.create_time; }),
      column.long_column([](Row row) { return row.sent_count; }),
      column.long_column([](Row row) { return row.sent_bytes; }),
      column.long_column([](Row row) { return row.failed_count; }),
      column.long_column([](Row row) { return row.retries; }),
      column.double_column([](Row row) { return row.messages_per_second; }),
      column.double_column([](Row row) { return row.average_ms; }),
      column.double_column([](Row row) { return row.p99_ms; }),
      column.text([](Row row) -> const std::string& { return row.last_error; }),
      column.local_nanos([](Row row) { return row.last_error_time; })};
  return Util::createTable(names, columns);
}

}  // namespace rocketmq::plugin
