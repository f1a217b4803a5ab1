// How far a consumer is in its queues: the body of the reply to 221.

#include "fuzz/fuzz_target.h"
#include "wire/consumer_status.h"

using namespace rocketmq;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  wire::ConsumerStatusBody body;
  if (wire::ConsumerStatusBody::decode_body({data, size}, body) != Errc::ok) return 0;
  wire::ConsumerStatusBody again;
  fuzz::require(wire::ConsumerStatusBody::decode_body(as_bytes(body.encode_body()), again) == Errc::ok,
                "a status that was read can be written and read again");
  return 0;
}
