// The body of a pull reply: its scan on the I/O thread, and the messages one by one.

#include <string>
#include <string_view>

#include "fuzz/fuzz_target.h"
#include "wire/compression.h"
#include "wire/properties.h"
#include "wire/stored_message.h"

using namespace rocketmq;

namespace {

constexpr std::size_t body_limit = std::size_t{256} * 1024;

void read_inner(const wire::StoredMessageView& outer, ByteView body) {
  wire::InnerBatchReader reader(outer, body);
  wire::StoredMessageView message;
  bool found = true;
  std::int64_t expected = outer.queue_offset;
  while (reader.next(message, found) == Errc::ok && found) {
    fuzz::require(fuzz::within(message.body, body), "an inner body lies within its batch");
    fuzz::require(message.queue_offset == expected++, "inner offsets follow each other");
    fuzz::require(!message.is_compressed() && !message.is_inner_batch(), "nothing is unpacked twice");
  }
}

void read_body(const wire::StoredMessageView& message) {
  ByteView body = message.body;
  std::string text = "before";
  wire::Compression compression{};
  if (message.is_compressed() && wire::compression_of(message.sys_flag, compression) == Errc::ok) {
    const Errc error = wire::decompress(compression, message.body, body_limit, text);
    fuzz::require(text.size() <= body_limit + 6, "a body decompresses to its limit and no more");
    fuzz::require(error == Errc::ok || text == "before", "an error leaves the output as it was");
    body = as_bytes(std::string_view(text).substr(6));
  }
  if (message.is_inner_batch()) read_inner(message, body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const SharedBytes bytes = fuzz::shared({data, size});
  wire::MessageScan scan;
  (void)wire::scan_stored_messages(bytes.view, scan);
  fuzz::require(scan.usable_bytes <= bytes.view.size(), "no more is usable than there is");
  for (const auto check : {wire::CrcCheck::check, wire::CrcCheck::skip}) {
    wire::StoredMessageReader reader(bytes.view, check);
    std::size_t before = 0;
    while (before < bytes.view.size()) {
      wire::StoredMessageView message;
      bool found = false;
      const Errc error = reader.next(message, found);
      fuzz::require(reader.position() > before, "every step goes on");
      before = reader.position();
      if (error != Errc::ok || !found) continue;
      fuzz::require(fuzz::within(message.body, bytes.view) &&
                        fuzz::within(as_bytes(message.topic), bytes.view) &&
                        fuzz::within(as_bytes(message.properties), bytes.view),
                    "views lie within the input");
      std::int64_t number = 0;
      (void)wire::read_property(message.properties, wire::property::inner_num, number);
      read_body(message);
    }
  }
  return 0;
}
