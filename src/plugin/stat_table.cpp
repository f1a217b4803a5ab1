#include "plugin/stat_table.h"

#include <climits>
#include <optional>
#include <string>

#include "plugin/sdk_strings.h"

namespace rocketmq::plugin {

namespace {

template <class Get>
ConstantSP time_column(const std::vector<JobStatRow>& rows, Get get) {
  const VectorSP column = Util::createVector(DT_NANOTIMESTAMP, static_cast<INDEX>(rows.size()));
  bool has_null = false;
  for (INDEX i = 0; i < static_cast<INDEX>(rows.size()); ++i) {
    const std::optional<EpochNanos> time = get(rows[static_cast<std::size_t>(i)]);
    if (time) {
      column->setLong(i, Util::toLocalNanoTimestamp(*time));
    } else {
      column->setNull(i);
      has_null = true;
    }
  }
  // As with a raw append: only what is told to look for NULLs finds them.
  column->setNullFlag(has_null);
  return column;
}

template <class Get>
ConstantSP count_column(const std::vector<JobStatRow>& rows, Get get) {
  const VectorSP column = Util::createVector(DT_LONG, static_cast<INDEX>(rows.size()));
  for (INDEX i = 0; i < static_cast<INDEX>(rows.size()); ++i) {
    column->setLong(i, get(rows[static_cast<std::size_t>(i)]));
  }
  return column;
}

template <class Get>
ConstantSP text_column(const std::vector<JobStatRow>& rows, Get get) {
  StringColumn column(DT_STRING, rows.size());
  for (const JobStatRow& row : rows)
    column.append(get(row));
  return column.finish();
}

}  // namespace

TableSP make_stat_table(const std::vector<JobStatRow>& rows) {
  using Row = const JobStatRow&;
  const std::vector<std::string> names{"jobId",          "startTime",   "endTime",
                                       "firstMsgTime",   "lastMsgTime", "processedMsgCount",
                                       "failedMsgCount", "lastErrMsg",  "lastFailedTimestamp"};
  const std::vector<ConstantSP> columns{
      text_column(rows, [](Row row) -> const std::string& { return row.job_id; }),
      time_column(rows, [](Row row) { return std::optional<EpochNanos>(row.start_time); }),
      time_column(rows, [](Row row) { return row.end_time; }),
      time_column(rows, [](Row row) { return row.first_message_time; }),
      time_column(rows, [](Row row) { return row.last_message_time; }),
      count_column(rows, [](Row row) { return row.processed_count; }),
      count_column(rows, [](Row row) { return row.failed_count; }),
      text_column(rows, [](Row row) -> const std::string& { return row.last_error; }),
      time_column(rows, [](Row row) { return row.last_failed_time; })};
  return Util::createTable(names, columns);
}

}  // namespace rocketmq::plugin
