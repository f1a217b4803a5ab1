// A route as a name server sends it, up to the queues that are made of it.

#include "wire/route.h"
#include "client/core/topic_route.h"
#include "fuzz/fuzz_target.h"

using namespace rocketmq;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const SharedBytes bytes = fuzz::shared({data, size});
  wire::TopicRouteData route;
  if (wire::TopicRouteData::decode_body(bytes.view, route) != Errc::ok) return 0;
  const client::TopicRoute queues = client::make_topic_route("topic", route);
  fuzz::require(queues.publish_queues.size() <= wire::max_route_queues &&
                    queues.subscribe_queues.size() <= wire::max_route_queues,
                "the number of queues is bounded");
  for (const client::MessageQueue& queue : queues.publish_queues) {
    fuzz::require(queues.master_address(queues.holder(queue)) != nullptr, "a queue to send to has a master");
  }
  (void)client::make_auto_created_route("topic", route);
  wire::TopicRouteData again;
  fuzz::require(wire::TopicRouteData::decode_body(as_bytes(route.encode_body()), again) == Errc::ok,
                "a route that was read can be written and read again");
  return 0;
}
