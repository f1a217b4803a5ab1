// Lists in bodies of replies: the members of a group, locked queues, a request to lock; and what a file of
// offsets at a broker would hold. The first byte chooses.

#include "fuzz/fuzz_target.h"
#include "wire/group.h"
#include "wire/heartbeat.h"
#include "wire/lock.h"

using namespace rocketmq;

namespace {

template <class Body>
void decode(ByteView bytes) {
  Body body;
  if (Body::decode_body(bytes, body) != Errc::ok) return;
  Body again;
  const Errc error = Body::decode_body(as_bytes(body.encode_body()), again);
  fuzz::require(error == Errc::ok, "a list that was read can be written and read again");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input({data, size});
  const std::uint8_t which = input.byte();
  const SharedBytes bytes = fuzz::shared(input.rest());
  switch (which % 5U) {
    case 0:
      decode<wire::ConsumerIdList>(bytes.view);
      break;
    case 1:
      decode<wire::LockBatchReply>(bytes.view);
      break;
    case 2:
      decode<wire::LockBatchRequest>(bytes.view);
      break;
    case 3:
      decode<wire::HeartbeatData>(bytes.view);
      break;
    default:
      decode<wire::CheckClientConfigRequest>(bytes.view);
      break;
  }
  return 0;
}
