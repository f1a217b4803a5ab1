// A command header; the first byte chooses JSON or binary. Then every typed request and reply is read from
// it.

#include <string>

#include "fuzz/fuzz_target.h"
#include "wire/command.h"
#include "wire/consumer_status.h"
#include "wire/group.h"
#include "wire/offsets.h"
#include "wire/pull.h"
#include "wire/reset_offset.h"

using namespace rocketmq;

namespace {

template <class Fields>
void decode(const wire::Command& command) {
  Fields fields;
  if (Fields::decode(command, fields) != Errc::ok) return;
  Fields again;
  const Errc error = Fields::decode(fields.to_command(), again);
  fuzz::require(error == Errc::ok && again == fields, "fields that were read come back as they were");
}

void decode_all(const wire::Command& command) {
  decode<wire::PullMessageReply>(command);
  decode<wire::OffsetReply>(command);
  decode<wire::TimestampReply>(command);
  decode<wire::NotifyConsumerIdsChangedRequest>(command);
  decode<wire::ResetOffsetRequest>(command);
  decode<wire::GetConsumerStatusRequest>(command);
  decode<wire::GetConsumerRunningInfoRequest>(command);
}

// With a blank before it a text is read by the lenient reader only.
void check_leniently(ByteView text, Errc error, const wire::Command& command) {
  const std::string blank = " " + std::string(as_text(text));
  wire::Command lenient;
  const Errc lenient_error = wire::decode_header(as_bytes(blank), wire::SerializeType::json, lenient);
  fuzz::require(lenient_error == error, "both ways of reading JSON take the same texts");
  fuzz::require(error != Errc::ok || lenient == command, "and find the same in them");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input({data, size});
  const auto type = (input.byte() & 1U) == 0 ? wire::SerializeType::json : wire::SerializeType::binary;
  wire::Command command;
  const Errc error = wire::decode_header(input.rest(), type, command);
  if (type == wire::SerializeType::json) check_leniently(input.rest(), error, command);
  if (error != Errc::ok) return 0;
  fuzz::require(command.ext_fields.size() <= wire::max_ext_fields, "the number of fields is bounded");
  decode_all(command);
  for (const auto wanted : {wire::SerializeType::json, wire::SerializeType::binary}) {
    std::string text;
    const wire::SerializeType written = wire::append_header(text, command, wanted);
    wire::Command again;
    fuzz::require(wire::decode_header(as_bytes(text), written, again) == Errc::ok,
                  "a header that was read can be written and read again");
    fuzz::require(again.code == command.code && again.opaque == command.opaque && again.flag == command.flag,
                  "and is the same then");
  }
  return 0;
}
