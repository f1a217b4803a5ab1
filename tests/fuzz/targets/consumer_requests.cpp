// What brokers ask of a consumer: a message that is handed over (309), and the bodies of statuses (221, 309).
// The first byte chooses.

#include <algorithm>
#include <memory>
#include <string>

#include "client/consumer/direct_message.h"
#include "fuzz/fuzz_target.h"
#include "wire/consumer_status.h"

using namespace rocketmq;

namespace {

void hand_over(const SharedBytes& body) {
  wire::ConsumeMessageDirectlyRequest request;
  request.broker_name = "broker";
  client::DirectMessagePtr message;
  int answers = 0;
  const auto count = [&answers](const transport::Answer&) { ++answers; };
  if (client::make_direct_message(request, body, count, message) != Errc::ok) {
    fuzz::require(answers == 0, "who refuses a message answers for it");
    return;
  }
  fuzz::require(fuzz::within(message->segment().body.view, body.view), "the message lies within the request");
  message->note_taken();
  message->failed(as_text(body.view.first(std::min<std::size_t>(body.view.size(), 64))));
  message->succeeded();
  message.reset();
  fuzz::require(answers == 1, "an operator gets exactly one answer");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input({data, size});
  const std::uint8_t which = input.byte();
  const SharedBytes bytes = fuzz::shared(input.rest());
  if (which % 3U == 0) {
    hand_over(bytes);
  } else if (which % 3U == 1) {
    wire::ConsumerStatusBody body;
    if (wire::ConsumerStatusBody::decode_body(bytes.view, body) != Errc::ok) return 0;
    wire::ConsumerStatusBody again;
    fuzz::require(wire::ConsumerStatusBody::decode_body(as_bytes(body.encode_body()), again) == Errc::ok,
                  "a status that was read can be written and read again");
  } else {
    wire::ConsumeMessageDirectlyResult result;
    if (wire::ConsumeMessageDirectlyResult::decode_body(bytes.view, result) != Errc::ok) return 0;
    (void)result.encode_body();
  }
  return 0;
}
