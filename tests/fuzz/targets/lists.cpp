// Lists in bodies of replies: brokers, topics, the members of a group, what a broker and a member know of it,
// and its progress. The first byte chooses.

#include <vector>

#include "fuzz/fuzz_target.h"
#include "wire/admin.h"
#include "wire/consume_stats.h"
#include "wire/consumer_status.h"
#include "wire/group.h"
#include "wire/topic_stats.h"

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
  switch (which % 8U) {
    case 0:
      decode<wire::ConsumerIdList>(bytes.view);
      break;
    case 1:
      decode<wire::ConsumerConnection>(bytes.view);
      break;
    case 2:
      decode<wire::ConsumeStats>(bytes.view);
      break;
    case 4:
      decode<wire::TopicStats>(bytes.view);
      break;
    case 5:
      decode<wire::ClusterInfo>(bytes.view);
      break;
    case 6:
      decode<wire::TopicList>(bytes.view);
      break;
    case 7:
      decode<wire::GroupConnections>(bytes.view);
      break;
    default: {
      std::vector<wire::SubscriptionData> wanted;
      (void)wire::ConsumerRunningInfo::decode_subscriptions(bytes.view, wanted);
      std::vector<wire::MessageQueue> queues;
      (void)wire::ConsumerRunningInfo::decode_queues(bytes.view, queues);
      break;
    }
  }
  return 0;
}
