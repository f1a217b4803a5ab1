// The answer of an HTTP server that is asked for name servers.

#include "wire/http_reply.h"
#include "fuzz/fuzz_target.h"

using namespace rocketmq;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const SharedBytes bytes = fuzz::shared({data, size});
  const std::string_view text = as_text(bytes.view);
  wire::HttpReply reply;
  const Errc error = wire::parse_http_reply(text, reply);
  fuzz::require(reply.body.size() <= wire::max_http_reply_bytes, "a body is bounded");
  fuzz::require(error == Errc::ok || error == Errc::truncated || wire::http_reply_complete(text),
                "nobody waits for more of what can never become a reply");
  std::vector<Address> addresses;
  const Failure failure = wire::parse_name_server_reply(text, "http://names/", addresses);
  fuzz::require(failure.failed() == addresses.empty(), "a list has addresses, and a failure none");
  for (const char c : failure.message)
    fuzz::require(static_cast<unsigned char>(c) >= 0x20, "what is logged has no control characters");
  return 0;
}
