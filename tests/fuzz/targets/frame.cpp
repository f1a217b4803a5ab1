// The splitter of frames: the first byte chooses how the stream is cut into reads.

#include <algorithm>
#include <vector>

#include "fuzz/fuzz_target.h"
#include "wire/frame.h"

using namespace rocketmq;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input({data, size});
  const std::size_t piece = input.byte() + std::size_t{1};
  constexpr std::size_t limit = std::size_t{64} * 1024;
  wire::FrameSplitter splitter(limit);
  std::vector<SharedBytes> bodies;
  std::vector<Bytes> copies;
  ByteView rest = input.rest();
  while (!rest.empty()) {
    const std::span<std::uint8_t> room = splitter.prepare();
    fuzz::require(!room.empty(), "there is always room to read");
    fuzz::require(room.size() <= wire::FrameSplitter::busy_buffer_bytes, "the buffer stays bounded");
    const std::size_t count = std::min({room.size(), rest.size(), piece});
    std::copy_n(rest.begin(), count, room.begin());
    rest = rest.subspan(count);
    splitter.commit(count);
    while (true) {
      wire::ReceivedCommand command;
      bool found = false;
      if (splitter.next(command, found) != Errc::ok) return 0;
      if (!found) break;
      copies.emplace_back(command.body.view.begin(), command.body.view.end());
      bodies.push_back(std::move(command.body));
    }
  }
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    fuzz::require(
        std::equal(bodies[i].view.begin(), bodies[i].view.end(), copies[i].begin(), copies[i].end()),
        "a body stays as it was while more arrives");
  }
  return 0;
}
