#include "plugin/message_table.h"

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugin/local_time.h"
#include "plugin/row_column.h"
#include "plugin/sdk_strings.h"
#include "rocketmq/bytes.h"
#include "rocketmq/message_fields.h"
#include "rows/csv_rows.h"
#include "rows/json_rows.h"
#include "rows/row_buffer.h"

namespace rocketmq::plugin {

namespace {

/// The messages and how many rows each of them has.
struct Messages {
  std::span<const ReceivedMessage> all;
  const std::vector<std::size_t>* counts = nullptr;  ///< Of each message; a null pointer: one.
  std::size_t row_count = 0;

  /// `use` gets the message of each row.
  template <class Use>
  void for_each_row(Use use) const {
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (std::size_t left = counts == nullptr ? 1 : (*counts)[i]; left > 0; --left)
        use(all[i]);
    }
  }
};

template <class Get>
ConstantSP text_column(DATA_TYPE type, const Messages& messages, Get get) {
  StringColumn column(type, messages.row_count);
  messages.for_each_row([&](const ReceivedMessage& message) { column.append(get(message)); });
  return column.finish();
}

template <class Get>
ConstantSP text_column(const Messages& messages, Get get) {
  return text_column(DT_STRING, messages, get);
}

template <class Value, class Get>
VectorSP number_column(DATA_TYPE type, const Messages& messages, Get get) {
  std::vector<Value> values;
  values.reserve(messages.row_count);
  messages.for_each_row([&](const ReceivedMessage& message) { values.push_back(get(message)); });
  return make_vector(type, values);
}

template <class Get>
ConstantSP int_column(const Messages& messages, Get get) {
  return number_column<int>(DT_INT, messages, get);
}

/// Milliseconds since the epoch to local time. The server is asked once for each quarter of an hour that the
/// messages come from, because clocks are put forward and back at full quarters.
class LocalTime {
 public:
  [[nodiscard]] long long operator()(long long ms) {
    constexpr long long quarter_ms = 15LL * 60 * 1000;
    if (const long long quarter = ms / quarter_ms; quarter != quarter_) {
      quarter_ = quarter;
      ahead_ms_ = local_time_ahead_ms(quarter * quarter_ms);
    }
    return ms + ahead_ms_;
  }

 private:
  long long quarter_ = -1;
  long long ahead_ms_ = 0;
};

template <class Get>
ConstantSP time_column(const Messages& messages, Get get) {
  LocalTime local_time;
  bool has_null = false;
  const VectorSP column =
      number_column<long long>(DT_TIMESTAMP, messages, [&](const ReceivedMessage& message) {
        const long long ms = get(message);
        if (ms >= 0 && ms <= last_moment_ms) return local_time(ms);
        has_null = true;
        return std::numeric_limits<long long>::min();
      });
  // Only what is told to look for NULLs finds them.
  column->setNullFlag(has_null);
  return column;
}

ConstantSP msg_id_column(const Messages& messages) {
  std::string id;
  return text_column(messages, [&id](const ReceivedMessage& message) -> std::string_view {
    if (!message.message_id.empty()) return message.message_id;
    return id = offset_message_id_of(message);
  });
}

ConstantSP properties_column(const Messages& messages) {
  std::string json;
  return text_column(messages, [&json](const ReceivedMessage& message) -> std::string_view {
    json.clear();
    append_properties_json(json, message);
    return json;
  });
}

ConstantSP make_column(const MessageColumn& column, DATA_TYPE msg_type, const Messages& messages) {
  using Message = const ReceivedMessage&;
  switch (column.kind) {
    case ColumnKind::msg:
      return text_column(msg_type, messages, [](Message message) { return as_text(message.body); });
    case ColumnKind::topic:
      return text_column(messages, [](Message message) { return message.topic; });
    case ColumnKind::tag:
      return text_column(messages, [](Message message) { return message.tag; });
    case ColumnKind::keys:
      return text_column(messages, keys_of);
    case ColumnKind::msg_id:
      return msg_id_column(messages);
    case ColumnKind::broker_name:
      return text_column(messages, [](Message message) { return message.broker_name; });
    case ColumnKind::queue_id:
      return int_column(messages, [](Message message) { return message.queue_id; });
    case ColumnKind::queue_offset:
      return number_column<long long>(DT_LONG, messages,
                                      [](Message message) { return message.queue_offset; });
    case ColumnKind::born_timestamp:
      return time_column(messages, [](Message message) { return message.born_time_ms; });
    case ColumnKind::store_timestamp:
      return time_column(messages, [](Message message) { return message.store_time_ms; });
    case ColumnKind::born_host:
      return text_column(messages, born_host_of);
    case ColumnKind::reconsume_times:
      return int_column(messages, [](Message message) { return message.reconsume_times; });
    case ColumnKind::properties:
      return properties_column(messages);
    case ColumnKind::property:
      break;
  }
  return text_column(messages, [&column](Message message) {
    return property_of(message, column.name).value_or(std::string_view());
  });
}

/// `buffer`: the rows that were made of bodies; null without a schema.
TableSP build(const MessageTableFormat& format, const rows::RowBuffer* buffer, const Messages& rows) {
  std::vector<std::string> names;
  std::vector<ConstantSP> columns;
  for (std::size_t i = 0; i < format.schema.size(); ++i) {
    names.push_back(format.schema[i].name);
    columns.push_back(make_row_column(*buffer, i));
  }
  const DATA_TYPE msg_type = format.body == BodyFormat::string ? DT_STRING : DT_BLOB;
  for (const MessageColumn& column : format.columns) {
    names.push_back(column.name);
    columns.push_back(make_column(column, msg_type, rows));
  }
  return Util::createTable(names, columns);
}

}  // namespace

ConstantSP make_message_column(const MessageColumn& column, std::span<const ReceivedMessage> messages) {
  return make_column(column, DT_BLOB, {messages, nullptr, messages.size()});
}

/// The rows that are made of bodies.
struct MessageTableMaker::BodyRows {
  explicit BodyRows(const MessageTableFormat& format) : buffer(format.schema), csv(format.delimiter) {
    if (format.body == BodyFormat::json) json.emplace(format.schema);
  }

  void read(std::span<const ReceivedMessage> messages, std::vector<BadBody>& bad) {
    buffer.clear();
    counts.clear();
    for (std::size_t i = 0; i < messages.size(); ++i) {
      const std::size_t before = buffer.rows();
      const std::string_view body = as_text(messages[i].body);
      rows::BodyError error = json ? json.value().append(body, buffer) : csv.append(body, buffer);
      if (!error.empty()) bad.push_back({i, std::move(error)});
      counts.push_back(buffer.rows() - before);
    }
  }

  rows::RowBuffer buffer;
  std::optional<rows::JsonRows> json;
  rows::CsvRows csv;
  std::vector<std::size_t> counts;  // Of each message.
};

MessageTableMaker::MessageTableMaker(const MessageTableFormat& format) : format_(format) {
  if (!format.schema.empty()) body_rows_ = std::make_unique<BodyRows>(format);
}

MessageTableMaker::~MessageTableMaker() = default;

const rows::RowBuffer* MessageTableMaker::last_rows() const noexcept {
  return body_rows_ ? &body_rows_->buffer : nullptr;
}

const std::vector<std::size_t>* MessageTableMaker::last_counts() const noexcept {
  return body_rows_ ? &body_rows_->counts : nullptr;
}

MessageTable MessageTableMaker::make(std::span<const ReceivedMessage> messages) {
  MessageTable made;
  Messages rows{messages, nullptr, messages.size()};
  if (body_rows_) {
    body_rows_->read(messages, made.bad);
    rows.counts = &body_rows_->counts;
    rows.row_count = body_rows_->buffer.rows();
  }
  if (rows.row_count > 0) made.table = build(format_, last_rows(), rows);
  return made;
}

TableSP MessageTableMaker::make_empty() {
  std::vector<BadBody> none;
  if (body_rows_) body_rows_->read({}, none);
  return build(format_, last_rows(), {});
}

}  // namespace rocketmq::plugin
