#include "client/consumer/time_search.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "client/consumer/offset_query.h"
#include "client/consumer/pull_request.h"
#include "client/core/access_refusal.h"
#include "wire/offsets.h"
#include "wire/pull.h"
#include "wire/response_code.h"
#include "wire/stored_message.h"

namespace rocketmq::client {

namespace {

/// Two would show the border between older and newer messages. With four it is also in sight if the broker's
/// answer is one off.
constexpr std::int32_t messages_per_look = 4;

/// Everything before low_ is older than the time, everything from high_ on is not. Each look at the messages
/// between narrows that.
class TimeSearch : public std::enable_shared_from_this<TimeSearch> {
 public:
  using Handler = std::function<void(const Failure& failure, std::int64_t offset)>;

  TimeSearch(ConsumerContext& context, AssignedQueuePtr queue, BrokerAddresses::value_type server,
             std::int64_t time_ms, Handler handler)
      : context_(context),
        queue_(std::move(queue)),
        server_(std::move(server)),
        time_ms_(time_ms),
        handler_(std::move(handler)) {}

  void start() {
    const MessageQueue& queue = queue_->queue;
    wire::SearchOffsetRequest request;
    request.topic = queue.topic;
    request.queue_id = queue.queue_id;
    request.timestamp = time_ms_;
    request.broker_name = queue.broker_name;
    query_offset(*context_.core, server_.second, request.to_command(), what(),
                 [self = shared_from_this()](const Failure& failure, std::int64_t offset) {
                   if (failure.failed() && !cannot_search(failure)) return self->handler_(failure, 0);
                   self->look(failure.failed() ? 0 : std::max<std::int64_t>(offset - 1, 0));
                 });
  }

 private:
  using ResponseCode = wire::ResponseCode;

  /// Looks at messages do without the broker's search. It fails with SYSTEM_ERROR in an empty queue of a
  /// BatchCQ topic (5.5.0: BatchConsumeQueue#getMinMsgOffset).
  [[nodiscard]] static bool cannot_search(const Failure& failure) {
    return is_access_refusal(failure) ||
           (failure.server && (failure.server->code == ResponseCode::request_code_not_supported ||
                               failure.server->code == ResponseCode::system_error));
  }

  [[nodiscard]] std::string what() const { return "the start in time of " + to_string(queue_->queue); }

  void look(std::int64_t offset) {
    looked_from_ = offset;
    pull(offset);
  }

  void pull(std::int64_t offset) {
    PullPipeline::Pull pull;
    pull.offset = offset;
    pull.messages = messages_per_look;
    pull.unfiltered = true;
    request_pull(context_, *queue_, pull, &server_, [self = shared_from_this(), offset](PullAnswer&& answer) {
      self->on_answer(offset, answer);
    });
  }

  void on_answer(std::int64_t offset, const PullAnswer& answer) {
    wire::PullMessageReply reply;
    Failure failure = answer.transport;
    if (!failure.failed() && !wire::is_pull_result(answer.reply.header.code)) {
      failure = failure_of(answer.transport, answer.reply, answer.address, "a pull for " + what());
    } else if (!failure.failed() && wire::PullMessageReply::decode(answer.reply.header, reply) != Errc::ok) {
      failure = unusable("without usable offsets");
    }
    if (failure.failed()) return handler_(failure, 0);
    low_ = std::max(low_, reply.min_offset);
    high_ = std::min(high_, reply.max_offset);
    looked_from_ = std::max(looked_from_, low_);
    if (!narrow(answer.reply.body.view, reply.offset_delta)) {
      // There is no message from where we looked to the next one.
      if (reply.next_begin_offset < high_ && reply.next_begin_offset > offset)
        return pull(reply.next_begin_offset);
      if (reply.next_begin_offset < high_ && offset < high_)
        return handler_(unusable("with neither a message nor a later offset"), 0);
      high_ = std::min(high_, looked_from_);
    }
    if (low_ >= high_) return handler_({}, low_);
    look(low_ + (high_ - low_) / 2);
  }

  /// By the times of the messages that a look has shown. False if it shows none.
  bool narrow(ByteView body, std::int64_t offset_delta) {
    wire::StoredMessageReader reader(body, wire::CrcCheck::skip);
    bool shown = false;
    while (true) {
      wire::StoredMessageView message;
      bool found = false;
      // What cannot be read is left for the pull that receives it, which says so.
      if (reader.next(message, found) != Errc::ok || !found) return shown;
      const std::int64_t offset = message.queue_offset + offset_delta;
      if (message.store_timestamp >= time_ms_) {
        high_ = std::min(high_, shown ? std::max(offset, low_) : looked_from_);
        if (shown) low_ = high_;
        return true;
      }
      // A batch stands at its first offset, which may lie before the one that was asked for.
      low_ = std::max({low_, looked_from_ + 1, offset + 1});
      shown = true;
    }
  }

  [[nodiscard]] Failure unusable(const std::string& how) const {
    return {Errc::bad_field, server_.second + " answered a pull for " + what() + ' ' + how, {}};
  }

  ConsumerContext& context_;
  const AssignedQueuePtr queue_;
  const BrokerAddresses::value_type server_;
  const std::int64_t time_ms_;
  const Handler handler_;
  std::int64_t low_ = 0;
  std::int64_t high_ = wire::max_queue_offset;
  std::int64_t looked_from_ = 0;
};

}  // namespace

void search_time(ConsumerContext& context, const AssignedQueuePtr& queue,
                 const BrokerAddresses::value_type& server, std::int64_t time_ms,
                 std::function<void(const Failure& failure, std::int64_t offset)> handler) {
  std::make_shared<TimeSearch>(context, queue, server, time_ms, std::move(handler))->start();
}

}  // namespace rocketmq::client
