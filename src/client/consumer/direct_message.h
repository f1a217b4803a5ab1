#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/errc.h"
#include "client/consumer/process_queue.h"
#include "transport/directory.h"
#include "wire/consumer_status.h"
#include "wire/message_queue.h"
#include "wire/response_code.h"

namespace rocketmq::client {

/// The way back to an operator, for exactly one answer. It leads over the client's connections, so it is cut
/// before those are gone, however long its message is still with a taker. Thread-safe.
class WayBack {
 public:
  /// `respond` may be called from any thread.
  explicit WayBack(transport::Responder respond) : respond_(std::move(respond)) {}

  /// The first answer is sent, further ones are not.
  void send(transport::Answer answer);
  /// No answer is sent any more; none is being sent when this returns.
  void cut() noexcept;

 private:
  std::mutex mutex_;
  transport::Responder respond_;  // Empty once it was used, or cut.
};

/// One message that an operator has handed over to this consumer, past its queues (request 309, e.g. `mqadmin
/// queryMsgById -g -d`), together with the way back to that operator.
///
/// It belongs to no queue: no offset moves by it, and it is never sent back. The operator gets exactly one
/// answer, whoever is first: the taker that handled it, the deadline, or the end of the consumer.
/// Thread-safe.
class DirectMessage {
 public:
  /// `segment` holds the stored message; `respond` may be called from any thread.
  DirectMessage(wire::MessageQueue queue, Segment segment, transport::Responder respond)
      : queue_(std::move(queue)),
        segment_(std::move(segment)),
        way_back_(std::make_shared<WayBack>(std::move(respond))) {}
  ~DirectMessage();
  DirectMessage(const DirectMessage&) = delete;
  DirectMessage& operator=(const DirectMessage&) = delete;

  [[nodiscard]] const wire::MessageQueue& queue() const noexcept { return queue_; }  ///< Where it is stored.
  [[nodiscard]] const Segment& segment() const noexcept { return segment_; }
  [[nodiscard]] const std::shared_ptr<WayBack>& way_back() const noexcept { return way_back_; }

  /// A taker has it: the time that is reported counts from here.
  void note_taken() noexcept { taken_at_ = std::chrono::steady_clock::now(); }

  void succeeded();
  void failed(std::string_view reason);  ///< The handler threw.
  void given_up();                       ///< The taker did not deal with it.
  /// It did not get as far as a result, e.g. because no taker came.
  void refuse(wire::ResponseCode code, std::string remark);

 private:
  void answer(const char* result, std::string_view remark);

  const wire::MessageQueue queue_;
  const Segment segment_;
  const std::shared_ptr<WayBack> way_back_;
  std::chrono::steady_clock::time_point taken_at_{};
};

using DirectMessagePtr = std::shared_ptr<DirectMessage>;

/// Reads request 309. Errors: truncated, bad_magic, bad_field, bad_crc, where the body is not a stored
/// message.
[[nodiscard]] Errc make_direct_message(const wire::ConsumeMessageDirectlyRequest& request,
                                       const SharedBytes& body, transport::Responder respond,
                                       DirectMessagePtr& out);

}  // namespace rocketmq::client
