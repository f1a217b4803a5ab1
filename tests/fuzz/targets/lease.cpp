// A pull reply on its whole way to a handler: read, cached, leased, decoded into rows, acknowledged.
//
// The first bytes are the reply's fields; the rest is its body.

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "client/consumer/lease_filler.h"
#include "client/consumer/lease_state.h"
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

void take_all(const std::shared_ptr<ReadyQueues>& ready, const Reply& reply) {
  for (int call = 0; call < 64; ++call) {
    ReadyQueues::Wanted wanted;
    wanted.max_messages = reply.max_rows;
    wanted.max_bytes = std::size_t{1} << 20;
    std::vector<LeasedPart> parts = ready->take(wanted, {});
    if (parts.empty()) return;
    LeaseState lease(ready, reply.send_back());
    LeaseFiller::Options options;
    options.max_rows = reply.max_rows;
    options.max_bytes = std::size_t{1} << 20;
    options.unwrap_topic = [](std::string_view topic) { return std::string(topic); };
    LeaseFiller filler(lease, options);
    for (LeasedPart& part : parts) {
      lease.parts().push_back(std::move(part));
      ready->decoded(lease.parts().back(), filler.fill(lease.parts().size() - 1));
    }
    fuzz::require(lease.rows().size() <= reply.max_rows, "a lease has no more rows than were wanted");
    for (std::size_t row = 1; row < lease.rows().size(); ++row) {
      fuzz::require(lease.rows()[row - 1].queue_offset < lease.rows()[row].queue_offset,
                    "rows of a queue are in the order of their offsets");
    }
    if (!lease.rows().empty()) lease.reject(lease.rows().size() - 1);
    if (call % 3 == 1) {
      lease.acknowledge_first(lease.rows().size() / 2);
    } else if (call % 3 == 2) {
      lease.give_back();
    } else {
      lease.acknowledge();
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
  const auto ready = std::make_shared<ReadyQueues>(ReadyQueues::Limits{1000, std::size_t{1} << 20});
  const auto queue = std::make_shared<AssignedQueue>(wire::MessageQueue{"topic", "broker", 0}, "topic", false,
                                                     std::make_shared<const wire::SubscriptionData>());
  ready->assign(queue);
  ready->reset(queue, start);
  const std::int64_t next = result.segment.next_begin;
  (void)ready->add(queue, std::move(result.segment));
  std::int64_t committed = ready->commit_offset(queue);
  fuzz::require(committed >= start && committed <= next, "the commit offset lies within what was received");
  take_all(ready, reply);
  fuzz::require(ready->commit_offset(queue) >= committed, "the commit offset never goes back");
  fuzz::require(ready->commit_offset(queue) <= next, "and never beyond what was received");
  return 0;
}
