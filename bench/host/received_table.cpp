#include "host/received_table.h"

#include <stdexcept>

namespace rocketmq::bench {

namespace {

constexpr const char* msg_script = R"(
share table(1:0, ["msg"], [BLOB]) as received
def appendData(mutable target, data){ target.append!(data) }
handler = appendData{received}
)";

constexpr const char* metadata_script = R"(
names = ["msg", "topic", "tag", "keys", "msgId", "brokerName", "queueId", "queueOffset", "bornTimestamp", "storeTimestamp", "bornHost", "reconsumeTimes", "properties"]
share table(1:0, names, [BLOB, STRING, STRING, STRING, STRING, STRING, INT, LONG, TIMESTAMP, TIMESTAMP, STRING, INT, STRING]) as received
def appendData(mutable target, data){ target.append!(data) }
handler = appendData{received}
)";

constexpr const char* typed_script = R"(
names = ["symbol", "bidPrice", "askPrice", "volume", "sequence", "time"]
share table(1:0, names, [SYMBOL, DOUBLE, DOUBLE, INT, LONG, TIMESTAMP]) as received
fields = table(names as name, ["SYMBOL", "DOUBLE", "DOUBLE", "INT", "LONG", "TIMESTAMP"] as type)
def appendData(mutable target, data){ target.append!(data) }
handler = appendData{received}
)";

// parseJsonTable makes no TIMESTAMP of a number.
constexpr const char* parsing_script = R"(
names = ["symbol", "bidPrice", "askPrice", "volume", "sequence", "time"]
share table(1:0, names, [SYMBOL, DOUBLE, DOUBLE, INT, LONG, TIMESTAMP]) as received
fields = table(names as name, ["SYMBOL", "DOUBLE", "DOUBLE", "INT", "LONG", "LONG"] as type)
def appendParsed(mutable target, fields, data){
    ticks = parseJsonTable(string(data.msg), fields)
    target.append!(select symbol, bidPrice, askPrice, volume, sequence, timestamp(time) as time from ticks)
}
handler = appendParsed{received, fields}
)";

bool is_tick(const TableSP& rows, INDEX row, const Tick& tick) {
  return rows->getColumn(0)->getString(row) == tick.symbol &&
         rows->getColumn(1)->getDouble(row) == tick.bid_price &&
         rows->getColumn(2)->getDouble(row) == tick.ask_price &&
         rows->getColumn(3)->getInt(row) == tick.volume && rows->getColumn(5)->getLong(row) == tick.time_ms;
}

}  // namespace

std::string make_received_table(PluginSession& session, TableKind kind, BodyKind body) {
  switch (kind) {
    case TableKind::msg:
      session.run(msg_script);
      return {};
    case TableKind::metadata:
      session.run(metadata_script);
      return "columns: names";
    case TableKind::script:
      session.run(parsing_script);
      return {};
    case TableKind::typed:
      break;
  }
  session.run(typed_script);
  return std::string("schema: fields, format: ") + (body == BodyKind::csv ? "\"CSV\"" : "\"JSON\"");
}

void check_ticks(const PluginSession& session) {
  const TableSP rows = session.get("received");
  const ConstantSP sequences = rows->getColumn(4);
  for (INDEX row = 0; row < rows->size(); ++row) {
    if (!is_tick(rows, row, make_tick(index_of_tick(sequences->getLong(row)))))
      throw std::runtime_error("row " + std::to_string(row) + " is not the tick that was sent");
  }
}

}  // namespace rocketmq::bench
