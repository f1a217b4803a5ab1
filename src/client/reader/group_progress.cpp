#include <algorithm>

#include "client/reader/group_view.h"
#include "client/reader/questions.h"
#include "rocketmq/topic_view.h"
#include "wire/names.h"

namespace rocketmq {

std::vector<GroupQueue> group_progress(const ClientConfig& client, std::string_view group,
                                       std::string_view topic) {
  throw_if(wire::check_group(group));
  throw_if(wire::check_topic(topic));
  client::Questions questions(client);
  const std::string wire_topic = questions.core()->wrap_name(topic);
  client::GroupView view(questions, group, client::servers_of(*questions.route(wire_topic)));
  const auto progress = view.progress(wire_topic);
  const client::GroupView::Owners owners = view.owners();
  if (std::all_of(progress.begin(), progress.end(),
                  [](const wire::QueueProgress& each) { return each.consumer_offset <= 0; }))
    view.check_exists();
  if (progress.empty()) {
    throw Error(Errc::invalid_argument, "no broker tells how far group '" + std::string(group) +
                                            "' is in topic '" + std::string(topic) +
                                            "': its running members do not subscribe to it");
  }
  std::vector<GroupQueue> queues;
  queues.reserve(progress.size());
  for (const wire::QueueProgress& each : progress)
    queues.push_back(view.queue_of(each, owners));
  return queues;
}

}  // namespace rocketmq
