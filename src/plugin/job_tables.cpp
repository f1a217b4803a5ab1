#include "plugin/job_tables.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "plugin/table_columns.h"

namespace rocketmq::plugin {

namespace {

std::optional<long long> unless_zero(std::int64_t value) {
  return value == 0 ? std::nullopt : std::optional<long long>(value);
}

/// From its storing to its handling. Clocks may differ, but nothing is handled before it is stored.
std::optional<long long> delay_ms(const QueueStatus& queue) {
  if (queue.last_store_ms == 0) return std::nullopt;
  return std::max<long long>(queue.last_handled_ms - queue.last_store_ms, 0);
}

/// Of the message that was handled last.
std::optional<long long> last_delay_ms(const ConsumerStatus& consumer) {
  const auto last = std::max_element(consumer.queues.begin(), consumer.queues.end(),
                                     [](const QueueStatus& left, const QueueStatus& right) {
                                       return left.last_handled_ms < right.last_handled_ms;
                                     });
  return last == consumer.queues.end() ? std::nullopt : delay_ms(*last);
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : ",") + word;
  return text;
}

std::string joined_unless_equal(const std::vector<std::string>& words) {
  const bool equal = std::all_of(words.begin(), words.end(),
                                 [&words](const std::string& word) { return word == words.front(); });
  return equal && !words.empty() ? words.front() : joined(words);
}

template <class Get>
long long sum(const ConsumerStatus& consumer, Get get) {
  long long all = 0;
  for (const QueueStatus& queue : consumer.queues)
    all += static_cast<long long>(get(queue));
  return all;
}

int own_queues(const ConsumerStatus& consumer) {
  return static_cast<int>(std::count_if(consumer.queues.begin(), consumer.queues.end(),
                                        [](const QueueStatus& queue) { return !queue.is_retry; }));
}

}  // namespace

TableSP make_info_table(const std::vector<JobReport>& reports) {
  using Row = const JobReport&;
  const std::vector<std::string> names{"jobId",
                                       "jobName",
                                       "user",
                                       "state",
                                       "stateReason",
                                       "namesrvAddr",
                                       "groupName",
                                       "topic",
                                       "subExpression",
                                       "messageModel",
                                       "consumeFromWhere",
                                       "clientId",
                                       "queues",
                                       "lag",
                                       "processedMsgCount",
                                       "failedMsgCount",
                                       "deadLetterCount",
                                       "receivedBytes",
                                       "msgPerSecond",
                                       "bytesPerSecond",
                                       "avgHandlerMs",
                                       "lastHandlerMs",
                                       "lastDelayMs",
                                       "cachedMsgCount",
                                       "cachedBytes",
                                       "startTime",
                                       "endTime"};
  const TableColumns<JobReport> column(reports);
  const std::vector<ConstantSP> columns{
      column.text([](Row row) -> const std::string& { return row.id; }),
      column.text([](Row row) -> const std::string& { return row.description.name; }),
      column.text([](Row row) -> const std::string& { return row.description.user; }),
      column.text([](Row row) { return name_of(row.condition.state); }),
      column.text([](Row row) -> const std::string& { return row.condition.reason; }),
      column.text([](Row row) -> const std::string& { return row.description.name_servers; }),
      column.text([](Row row) -> const std::string& { return row.description.group; }),
      column.text([](Row row) { return joined(row.description.topics); }),
      column.text([](Row row) { return joined_unless_equal(row.description.sub_expressions); }),
      column.text([](Row row) -> const std::string& { return row.description.message_model; }),
      column.text([](Row row) -> const std::string& { return row.description.from_where; }),
      column.text([](Row row) -> const std::string& { return row.client_id; }),
      column.int_column([](Row row) { return own_queues(row.consumer); }),
      column.long_column([](Row row) { return lag_of(row.consumer); }),
      column.long_column([](Row row) { return row.stat.processed_count; }),
      column.long_column([](Row row) { return row.stat.failed_count; }),
      column.long_column([](Row row) { return row.activity.dead_letters; }),
      column.long_column([](Row row) { return row.activity.received_bytes; }),
      column.double_column([](Row row) { return row.activity.messages_per_second; }),
      column.double_column([](Row row) { return row.activity.bytes_per_second; }),
      column.double_column([](Row row) { return row.activity.average_call_ms; }),
      column.double_column([](Row row) { return row.activity.last_call_ms; }),
      column.long_column([](Row row) { return last_delay_ms(row.consumer); }),
      column.long_column([](Row row) {
        return sum(row.consumer, [](const QueueStatus& queue) { return queue.cached_messages; });
      }),
      column.long_column([](Row row) {
        return sum(row.consumer, [](const QueueStatus& queue) { return queue.cached_bytes; });
      }),
      column.local_nanos([](Row row) { return row.stat.start_time; }),
      column.local_nanos([](Row row) { return row.stat.end_time; })};
  return Util::createTable(names, columns);
}

TableSP make_queue_table(const std::vector<JobReport>& reports) {
  struct QueueOfJob {
    const JobReport* job = nullptr;
    const QueueStatus* queue = nullptr;
  };
  std::vector<QueueOfJob> rows;
  for (const JobReport& report : reports) {
    for (const QueueStatus& queue : report.consumer.queues)
      rows.push_back({&report, &queue});
  }
  using Row = const QueueOfJob&;
  const std::vector<std::string> names{
      "jobId",     "topic", "brokerName",    "queueId", "committedOffset", "consumedOffset", "receivedOffset",
      "maxOffset", "lag",   "lastStoreTime", "delayMs", "lastReplyTime",   "state"};
  const TableColumns<QueueOfJob> column(rows);
  const std::vector<ConstantSP> columns{
      column.text([](Row row) -> const std::string& { return row.job->id; }),
      column.text([](Row row) -> const std::string& { return row.queue->topic; }),
      column.text([](Row row) -> const std::string& { return row.queue->broker_name; }),
      column.int_column([](Row row) { return row.queue->queue_id; }),
      column.long_column([](Row row) { return row.queue->committed_offset; }),
      column.long_column([](Row row) { return row.queue->consumed_offset; }),
      column.long_column([](Row row) { return row.queue->received_offset; }),
      column.long_column([](Row row) { return row.queue->max_offset; }),
      column.long_column([](Row row) { return row.queue->lag(); }),
      column.local_millis([](Row row) { return unless_zero(row.queue->last_store_ms); }),
      column.long_column([](Row row) { return delay_ms(*row.queue); }),
      column.local_millis([](Row row) { return unless_zero(row.queue->last_reply_ms); }),
      column.text([](Row row) { return queue_state(*row.queue, row.job->paused); })};
  return Util::createTable(names, columns);
}

TableSP make_seek_table(const std::vector<SeekResult>& results, bool several_topics) {
  using Row = const SeekResult&;
  std::vector<std::string> names{"brokerName", "queueId", "oldOffset", "newOffset"};
  const TableColumns<SeekResult> column(results);
  std::vector<ConstantSP> columns{column.text([](Row row) -> const std::string& { return row.broker_name; }),
                                  column.int_column([](Row row) { return row.queue_id; }),
                                  column.long_column([](Row row) { return row.old_offset; }),
                                  column.long_column([](Row row) { return row.new_offset; })};
  if (several_topics) {
    names.insert(names.begin(), "topic");
    columns.insert(columns.begin(), column.text([](Row row) -> const std::string& { return row.topic; }));
  }
  return Util::createTable(names, columns);
}

TableSP make_error_table(const std::vector<ErrorOfJob>& errors) {
  using Row = const ErrorOfJob&;
  const std::vector<std::string> names{"jobId",       "errorTime", "topic",          "brokerName", "queueId",
                                       "queueOffset", "msgId",     "reconsumeTimes", "error",      "msg"};
  const TableColumns<ErrorOfJob> column(errors);
  const std::vector<ConstantSP> columns{
      column.text([](Row row) -> const std::string& { return row.job_id; }),
      column.local_millis([](Row row) { return row.error.time / nanos_per_ms; }),
      column.text([](Row row) -> const std::string& { return row.error.topic; }),
      column.text([](Row row) -> const std::string& { return row.error.broker_name; }),
      column.int_column([](Row row) { return row.error.queue_id; }),
      column.long_column([](Row row) { return row.error.queue_offset; }),
      column.text([](Row row) -> const std::string& { return row.error.message_id; }),
      column.int_column([](Row row) { return row.error.reconsume_times; }),
      column.text([](Row row) -> const std::string& { return row.error.error; }),
      column.text([](Row row) -> const std::string& { return row.error.body; }, DT_BLOB)};
  return Util::createTable(names, columns);
}

}  // namespace rocketmq::plugin
