#include "plugin/error_handler.h"

#include <array>
#include <cstddef>
#include <exception>
#include <string_view>
#include <utility>
#include <vector>

#include "plugin/message_table.h"
#include "plugin/sdk_strings.h"

namespace rocketmq::plugin {

namespace {

constexpr int max_calls = 4;
constexpr long long nanos_of_ms = 1'000'000;

}  // namespace

ErrorHandler::ErrorHandler(std::string job_id, FunctionDefSP function, SessionSP session)
    : job_id_(std::move(job_id)), function_(std::move(function)), session_(std::move(session)) {}

void ErrorHandler::clear() {
  function_.clear();
  session_.clear();
}

std::string ErrorHandler::take(std::span<const GivenUpMessage> messages, const std::function<bool()>& pause) {
  if (function_.isNull() || messages.empty()) return {};
  std::string error;
  for (int call = 0; call < max_calls; ++call) {
    if (call > 0 && !pause()) break;
    try {
      // A table a call, because the one before may have changed it.
      std::vector<ConstantSP> arguments{make_table(messages)};
      function_->call(session_->getHeap().get(), arguments);
      return {};
    } catch (const std::exception& exception) {
      const std::string_view text = exception.what();
      error = text.empty() ? "an exception without a message" : text;
    } catch (...) {
      error = "an unknown exception";
    }
  }
  return error;
}

TableSP ErrorHandler::make_table(std::span<const GivenUpMessage> messages) const {
  constexpr std::array<std::pair<const char*, ColumnKind>, 8> about_messages{
      {{"topic", ColumnKind::topic},
       {"brokerName", ColumnKind::broker_name},
       {"queueId", ColumnKind::queue_id},
       {"queueOffset", ColumnKind::queue_offset},
       {"msgId", ColumnKind::msg_id},
       {"tag", ColumnKind::tag},
       {"keys", ColumnKind::keys},
       {"reconsumeTimes", ColumnKind::reconsume_times}}};
  std::vector<ReceivedMessage> received;
  StringColumn job_ids(DT_STRING, messages.size());
  StringColumn errors(DT_STRING, messages.size());
  const VectorSP times = Util::createVector(DT_TIMESTAMP, static_cast<INDEX>(messages.size()));
  const long long now_ms = Util::toLocalNanoTimestamp(Util::getNanoEpochTime()) / nanos_of_ms;
  for (const GivenUpMessage& given_up : messages) {
    times->setLong(static_cast<INDEX>(received.size()), now_ms);
    received.push_back(*given_up.message);
    job_ids.append(job_id_);
    errors.append(*given_up.error);
  }
  std::vector<std::string> names{"jobId", "errorTime"};
  std::vector<ConstantSP> columns{job_ids.finish(), times};
  for (const auto& [name, kind] : about_messages) {
    names.emplace_back(name);
    columns.push_back(make_message_column({name, kind}, received));
  }
  names.emplace_back("error");
  columns.emplace_back(errors.finish());
  names.emplace_back("msg");
  columns.push_back(make_message_column({"msg", ColumnKind::msg}, received));
  return Util::createTable(names, columns);
}

}  // namespace rocketmq::plugin
