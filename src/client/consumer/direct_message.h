#pragma once

#include <chrono>
#include <functional>
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

/// What became of a direct message.
struct DirectResult {
  enum class Kind {
    succeeded,  ///< The handler took it.
    failed,     ///< The handler threw; `text` is what.
    given_up,   ///< The taker did not deal with it.
    refused,    ///< It did not get as far as the handler; `code` and `text` say why.
  };
  Kind kind = Kind::succeeded;
  std::string text;
  wire::ResponseCode code = wire::ResponseCode::success;
  std::chrono::milliseconds spent{0};  ///< Since a taker got it.
};

/// The way back to whoever handed a message over, for exactly one result. It leads into the client, so it is
/// cut before that is gone, however long its message is still with a taker. Thread-safe.
class WayBack {
 public:
  using Receiver = std::function<void(const DirectResult&)>;

  /// `receive` may be called from any thread.
  explicit WayBack(Receiver receive) : receive_(std::move(receive)) {}

  /// The first result is delivered, further ones are not.
  void send(const DirectResult& result);
  /// No result is delivered any more; none is being delivered when this returns.
  void cut() noexcept;

 private:
  std::mutex mutex_;
  Receiver receive_;  // Empty once it was used, or cut.
};

/// One message that goes to a taker past its queue: one that an operator has handed over (request 309, e.g.
/// `mqadmin queryMsgById -g -d`), or one that could not be sent back and is handed out once more.
///
/// No offset moves by its lease, and it is not sent back. Whoever handed it over gets exactly one result,
/// from whoever is first: the taker that handled it, a deadline, or the end of the consumer. Thread-safe.
class DirectMessage {
 public:
  /// `segment` holds the stored message; `receive` may be called from any thread.
  DirectMessage(wire::MessageQueue queue, Segment segment, WayBack::Receiver receive)
      : queue_(std::move(queue)),
        segment_(std::move(segment)),
        way_back_(std::make_shared<WayBack>(std::move(receive))) {}
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
  /// It did not get as far as the handler, e.g. because no taker came.
  void refuse(wire::ResponseCode code, std::string_view remark);

 private:
  void end(DirectResult::Kind kind, std::string_view text = {},
           wire::ResponseCode code = wire::ResponseCode::success);

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
