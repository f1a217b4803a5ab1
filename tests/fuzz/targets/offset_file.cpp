// The file of a broadcasting consumer's offsets.

#include "client/consumer/offset_file.h"
#include "fuzz/fuzz_target.h"

using namespace rocketmq;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const SharedBytes bytes = fuzz::shared({data, size});
  client::QueueOffsets offsets{{{"kept", "broker", 1}, 7}};
  if (client::decode_offsets(as_text(bytes.view), offsets) != Errc::ok) {
    fuzz::require(offsets.size() == 1, "an error leaves the offsets as they were");
    return 0;
  }
  for (const auto& [queue, offset] : offsets)
    fuzz::require(offset >= 0 && queue.queue_id >= 0, "neither offsets nor queues are negative");
  client::QueueOffsets again;
  fuzz::require(client::decode_offsets(client::encode_offsets(offsets), again) == Errc::ok,
                "offsets that were read can be written and read again");
  const std::string name = client::file_name_of(as_text(bytes.view));
  fuzz::require(name.find('/') == std::string::npos && name != "." && name != "..",
                "no name leads out of its directory");
  return 0;
}
