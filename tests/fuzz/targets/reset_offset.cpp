// The body of an operator's offset reset (220) in both forms.

#include "wire/reset_offset.h"
#include "fuzz/fuzz_target.h"
#include "support/offset_list.h"

using namespace rocketmq;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const SharedBytes bytes = fuzz::shared({data, size});
  wire::ResetOffsetBody body;
  if (wire::ResetOffsetBody::decode_body(bytes.view, body) != Errc::ok) return 0;
  for (const std::string& text : {wire::encode_as_list(body), body.encode_body()}) {
    wire::ResetOffsetBody again;
    fuzz::require(wire::ResetOffsetBody::decode_body(as_bytes(text), again) == Errc::ok &&
                      again.offsets.size() == body.offsets.size(),
                  "both forms hold the same queues");
  }
  return 0;
}
