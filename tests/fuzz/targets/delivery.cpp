// A pull reply on its whole way to a handler: read, cached, delivered, decoded into rows, acknowledged.
//
// The first bytes are the reply's fields; the rest is its body.

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "client/consumer/decode_rows.h"
#include "client/consumer/delivery.h"
#include "client/consumer/pull_result.h"
#include "fuzz/fuzz_target.h"
#include "wire/pull.h"

using namespace rocketmq;
using namespace rocketmq::client;

namespace {

constexpr std::int64_t start = 100;

class Reply {
 public:
  explicit Reply(ByteView bytes) : input_(bytes) {
    options_ = input_.byte();
    constexpr std::int32_t codes[] = {0, 19, 20, 21};
    wire::PullMessageReply fields;
    fields.next_begin_offset = offset();
    fields.min_offset = offset();
    fields.max_offset = offset();
    fields.offset_delta = (options_ & 4U) != 0 ? offset() : 0;
    command.header = fields.to_command();
    command.header.code = codes[options_ & 3U];
    max_rows = input_.byte() % 7U + 1;
    command.body = fuzz::shared(input_.rest());
  }

  [[nodiscard]] bool asked_before() const { return (options_ & 8U) != 0; }
  [[nodiscard]] bool from_slave() const { return (options_ & 16U) != 0; }
  [[nodiscard]] bool send_back() const { return (options_ & 32U) != 0; }

  wire::ReceivedCommand command;
  std::size_t max_rows = 1;

 private:
  // Mostly near the start, where the interesting ones are; any number where the byte says so.
  std::int64_t offset() {
    const std::uint8_t near = input_.byte();
    return near == 0xFF ? input_.number() : start + near - 16;
  }

  fuzz::Input input_;
  std::uint8_t options_ = 0;
};

void poll_all(const std::shared_ptr<AssignedQueues>& ready, const Reply& reply) {
  for (int call = 0; call < 64; ++call) {
    AssignedQueues::Wanted wanted;
    wanted.max_messages = reply.max_rows;
    wanted.max_bytes = std::size_t{1} << 20;
    std::vector<DeliveryPart> parts = ready->poll(wanted, {});
    if (parts.empty()) return;
    Delivery::Impl delivery(ready, reply.send_back());
    DecodeOptions options;
    options.max_rows = reply.max_rows;
    options.max_bytes = std::size_t{1} << 20;
    options.unwrap_topic = [](std::string_view topic) { return std::string(topic); };
    for (DeliveryPart& part : parts) {
      delivery.parts().push_back(std::move(part));
      ready->decoded(delivery.parts().back(), decode_rows(delivery, delivery.parts().size() - 1, options));
    }
    fuzz::require(delivery.rows().size() <= reply.max_rows, "a delivery has no more rows than were wanted");
    for (std::size_t row = 1; row < delivery.rows().size(); ++row) {
      fuzz::require(delivery.rows()[row - 1].queue_offset < delivery.rows()[row].queue_offset,
                    "rows of a queue are in the order of their offsets");
    }
    if (!delivery.rows().empty()) delivery.reject(delivery.rows().size() - 1);
    if (call % 5 == 4 && !delivery.rows().empty()) {
      delivery.postpone(delivery.rows().size() / 2, std::chrono::milliseconds(0));
    }
    if (call % 3 == 1) {
      delivery.acknowledge_first(delivery.rows().size() / 2);
    } else if (call % 3 == 2) {
      delivery.give_back();
    } else {
      delivery.acknowledge();
    }
    for (const RejectedMessage& message : ready->collect().rejected)
      ready->sent_back(message);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Reply reply({data, size});
  PullResult result = read_pull_reply(reply.command, start, reply.asked_before(), reply.from_slave());
  if (!result.has_segment) return 0;
  fuzz::require(result.segment.begin == start && result.segment.next_begin > start,
                "a segment begins where it was asked for and goes forward");
  const auto ready = std::make_shared<AssignedQueues>(AssignedQueues::Limits{1000, std::size_t{1} << 20});
  const auto queue = std::make_shared<AssignedQueue>(wire::MessageQueue{"topic", "broker", 0}, "topic", false,
                                                     subscribe({}));
  ready->assign(queue);
  ready->reset(queue, start);
  const std::int64_t next = result.segment.next_begin;
  (void)ready->add(queue, std::move(result.segment));
  std::int64_t committed = ready->commit_offset(queue);
  fuzz::require(committed >= start && committed <= next, "the commit offset lies within what was received");
  poll_all(ready, reply);
  fuzz::require(ready->commit_offset(queue) >= committed, "the commit offset never goes back");
  fuzz::require(ready->commit_offset(queue) <= next, "and never beyond what was received");
  return 0;
}
