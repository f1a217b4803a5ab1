#include "client/consumer/consumer_client.h"

#include <algorithm>
#include <future>
#include <utility>

#include "base/deadline.h"
#include "base/wall_clock.h"
#include "client/consumer/consumer_check.h"
#include "client/consumer/decode_rows.h"
#include "client/consumer/offset_store_file.h"
#include "client/consumer/offset_store_remote.h"
#include "client/consumer/subscription_check.h"
#include "client/core/name_servers.h"
#include "client/core/route_table.h"
#include "wire/names.h"

namespace rocketmq::client {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

ConsumerClient::ConsumerClient(ConsumerConfig config)
    : config_(std::move(config)),
      send_back_(config_.max_reconsume_times && config_.message_model == MessageModel::clustering) {
  const std::int64_t version = now_in_ms();
  std::vector<wire::SubscriptionData> subscriptions;
  if (Failure failure = check_consumer_config(config_, version, subscriptions); failure.failed()) {
    throw Error(std::move(failure));
  }
  context_.core = ClientCore::create(config_.client);
  context_.on_notice = config_.on_notice;
  if (config_.ask_start_offsets) {
    start_offsets_ = std::make_unique<StartOffsets>(context_, config_.ask_start_offsets);
    context_.start_offsets = start_offsets_.get();
  }
  context_.start_time_ms = std::max<std::int64_t>(config_.consume_timestamp_ms, 0);
  context_.group = context_.core->wrap_name(config_.group);
  cluster_ = cluster_of(config_.client);
  member_ = claim_membership(GroupMember{context_.core->client_id(), config_.group,
                                         config_.client.instance_name, config_.label, subscriptions,
                                         config_.message_model == MessageModel::broadcasting, cluster_});
  // With the namespace a name may be too long for a broker, which then would never have such a topic.
  throw_if(wire::check_consumer_group(context_.group));
  for (wire::SubscriptionData& subscription : subscriptions) {
    subscription.topic = context_.core->wrap_name(subscription.topic);
    throw_if(wire::check_topic(subscription.topic));
    context_.topics.push_back(subscribe(std::move(subscription)));
  }
  // Also if we send nothing back: its one queue is divided among all members of the group, so a member
  // that left it alone would leave the failures of the others there for ever.
  if (config_.message_model == MessageModel::clustering) {
    context_.retry_topic = wire::retry_topic(context_.group);
    context_.topics.push_back(subscribe_to_retries(context_.retry_topic, version));
  }
  context_.queues = std::make_shared<AssignedQueues>(
      AssignedQueues::Limits{config_.max_cached_messages, config_.max_cached_bytes, config_.auto_commit});
  loop_ = std::make_unique<ConsumerLoop>(context_, config_);
  loop_->set_handlers();
  context_.queues->set_wake([loop = loop_.get()] { loop->wake(); });
  // A thread that waits for messages goes on with another client.
  context_.core->set_failure_handler([queues = context_.queues] { queues->interrupt(); });
}

// Closing takes memory, and a destructor must not throw.
ConsumerClient::~ConsumerClient() {
  context_.core->guard([this] { close(milliseconds(3000)); });
}

void ConsumerClient::start() {
  try {
    context_.core->start();
  } catch (...) {
    // The core is closed already: there is nothing to unregister, and nothing to wait for.
    if (!closing_.exchange(true)) close_.set_value();
    member_.reset();
    throw;
  }
  const auto deadline = steady_clock::now() + context_.core->connect_timeout();
  learn_cluster(deadline);
  if (config_.message_model == MessageModel::broadcasting) {
    context_.store =
        std::make_unique<FileOffsetStore>(*context_.core, config_.offset_directory, config_.group, cluster_);
  } else {
    context_.store = std::make_unique<RemoteOffsetStore>(*context_.core, context_.group);
  }
  const bool is_sql92 = config_.expression_type == ExpressionType::sql92;
  if (is_sql92) check_subscriptions(context_, deadline);
  wait_until_started(deadline);
  if (!is_sql92) check_subscriptions(context_, deadline);
}

// All before the brokers hear of us: what they do not tell in time is not known.
void ConsumerClient::learn_cluster(TimePoint deadline) {
  struct Search {
    ClusterIdentity cluster;
    std::size_t open = 0;
    std::promise<ClusterIdentity> found;
  };
  const auto search = std::make_shared<Search>();
  search->cluster = cluster_;
  search->open = context_.user_topics().size();
  std::future<ClusterIdentity> future = search->found.get_future();
  context_.core->post([&context = context_, search] {
    for (const SubscribedTopic& topic : context.user_topics()) {
      context.core->routes().get(topic.name(), [&context, search](const Failure&, const RoutePtr& route) {
        if (route != nullptr) {
          for (const auto& [name, addresses] : route->brokers) {
            for (const auto& [id, address] : addresses)
              search->cluster.add_server(address);
          }
        }
        if (--search->open > 0) return;
        for (const std::string& server : context.core->name_servers().addresses())
          search->cluster.add_server(server);
        search->found.set_value(std::move(search->cluster));
      });
    }
  });
  if (future.wait_until(deadline) != std::future_status::ready) return;
  cluster_ = future.get();
  update_cluster(*member_, cluster_);
}

// A message that is sent right after the start must be received, so the start is over only when every queue
// has found out where it begins.
void ConsumerClient::wait_until_started(TimePoint deadline) {
  const auto started = std::make_shared<std::promise<Failure>>();
  std::future<Failure> future = started->get_future();
  context_.core->post([loop = loop_.get(), started] {
    loop->start([started](const Failure& failure) { started->set_value(failure); });
  });
  if (future.wait_until(deadline) == std::future_status::ready) {
    // A client that may not consume never will: that is said now, and not only in the log.
    if (Failure failure = future.get(); failure.failed()) throw Error(std::move(failure));
  } else {
    context_.core->log(LogLevel::warning, "consumer of group '" + context_.group + "': not every queue of " +
                                              names_of(context_.user_topics()) +
                                              " could be started within the connect time-out; it goes on");
  }
}

std::unique_ptr<Delivery::Impl> ConsumerClient::poll(const PollLimits& limits) {
  auto delivery = std::make_unique<Delivery::Impl>(context_.queues, send_back_);
  DecodeOptions options;
  options.unwrap_topic = [core = context_.core.get()](std::string_view topic) {
    return core->unwrap_name(topic);
  };
  options.on_given_up = [this](const ConsumerNotice& notice) { context_.notify(notice); };
  options.max_rows = std::max<std::size_t>(limits.max_rows, 1);
  options.max_bytes = std::max<std::size_t>(limits.max_bytes, 1);
  const std::size_t min_rows = std::clamp<std::size_t>(limits.min_rows, 1, options.max_rows);
  while (true) {
    const std::size_t rows = delivery->rows().size();
    AssignedQueues::Wanted wanted;
    wanted.min_messages = min_rows - rows;
    wanted.max_messages = options.max_rows - rows;
    wanted.max_bytes = options.max_bytes;
    wanted.deadline = limits.deadline;
    std::vector<DeliveryPart> parts = context_.queues->poll(wanted, delivery->parts());
    if (parts.empty()) break;  // The deadline, interrupted, or no room for more.
    // All of them belong to the delivery before the first one is read, so that whatever throws meanwhile, it
    // gives them back.
    std::size_t next = delivery->parts().size();
    delivery->parts().reserve(next + parts.size());
    for (DeliveryPart& part : parts)
      delivery->parts().push_back(std::move(part));
    for (; next < delivery->parts().size(); ++next) {
      DecodedPart decoded = decode_rows(*delivery, next, options);
      context_.queues->decoded(delivery->parts()[next], std::move(decoded));
    }
    if (delivery->rows().size() >= min_rows || delivery->bytes() >= options.max_bytes) return delivery;
    if (delivery->is_repeated() && !delivery->rows().empty()) return delivery;
    // Everything was filtered out, so its offsets are done.
    if (delivery->rows().empty()) delivery->acknowledge();
    if (steady_clock::now() >= limits.deadline) break;
  }
  if (delivery->rows().empty() || context_.queues->interrupted()) return nullptr;
  return delivery;
}

template <class Answer>
Answer ConsumerClient::wait_for(std::future<Answer> answer, milliseconds deadline,
                                const std::string& what) const {
  // A loop that has ended tells nothing any more.
  constexpr milliseconds look_each{50};
  const TimePoint end_time = steady_clock::now() + deadline;
  while (answer.wait_for(std::min(look_each, time_left(end_time))) != std::future_status::ready &&
         steady_clock::now() < end_time) {
    if (context_.core->ended())
      throw Error(Errc::closed, "the consumer of group '" + config_.group + "' has closed; whether " + what +
                                    " took place is not known");
  }
  if (answer.wait_for(milliseconds(0)) != std::future_status::ready) {
    throw Error(Errc::request_timeout, what + " of group '" + config_.group + "' has not ended within " +
                                           std::to_string(deadline.count()) + " ms; it may still take place");
  }
  return answer.get();
}

std::vector<SeekResult> ConsumerClient::seek(const SeekTarget& target, milliseconds deadline) {
  struct End {
    Failure failure;
    std::vector<SeekResult> results;
  };
  const auto ended = std::make_shared<std::promise<End>>();
  context_.core->post([loop = loop_.get(), target, ended] {
    loop->seek(target, [ended](const Failure& failure, const std::vector<SeekResult>& results) {
      ended->set_value({failure, results});
    });
  });
  End end = wait_for(ended->get_future(), deadline, "the move");
  if (end.failure.failed()) throw Error(std::move(end.failure));
  return std::move(end.results);
}

void ConsumerClient::require_manual_commit(const char* call) const {
  if (config_.auto_commit)
    throw Error(Errc::invalid_argument,
                std::string(call) + " is for consumers without auto_commit; set it to false");
}

void ConsumerClient::commit(milliseconds deadline) {
  require_manual_commit("commit");
  const auto ended = std::make_shared<std::promise<Failure>>();
  context_.core->post([loop = loop_.get(), ended] {
    loop->commit([ended](const Failure& failure) { ended->set_value(failure); });
  });
  throw_if(wait_for(ended->get_future(), deadline, "the commit"));
}

void ConsumerClient::rewind(milliseconds deadline) {
  require_manual_commit("rewind");
  const auto ended = std::make_shared<std::promise<bool>>();
  context_.core->post([loop = loop_.get(), ended] {
    loop->rewind();
    ended->set_value(true);
  });
  (void)wait_for(ended->get_future(), deadline, "the rewind");
}

void ConsumerClient::close(milliseconds deadline) {
  const TimePoint end = steady_clock::now() + std::max(deadline, milliseconds(0));
  if (closing_.exchange(true)) {
    (void)closed_.wait_until(end);
    return;
  }
  shut_down(end);
  member_.reset();
  close_.set_value();
}

void ConsumerClient::shut_down(TimePoint deadline) {
  context_.queues->interrupt();
  context_.core->post([loop = loop_.get()] { loop->stop_receiving(); });
  // A part of the time is kept for storing the offsets: they are what saves the others from duplicates.
  const milliseconds reserve = std::min(time_left(deadline) / 3, milliseconds(1000));
  if (!context_.queues->wait_until_idle(deadline - reserve)) {
    context_.core->log(LogLevel::warning,
                       "consumer of group '" + context_.group +
                           "' closes while messages are still being handled or sent back; those will be "
                           "delivered again");
  }
  const auto over = std::make_shared<std::promise<void>>();
  std::future<void> future = over->get_future();
  context_.core->post([loop = loop_.get(), over, left = time_left(deadline)] {
    loop->unregister(left, [over] { over->set_value(); });
  });
  if (future.wait_until(deadline) != std::future_status::ready) {
    context_.core->log(LogLevel::warning,
                       "consumer of group '" + context_.group +
                           "' closes without an answer from every broker; its last offsets "
                           "may not be stored");
  }
  context_.queues->set_wake({});
  context_.core->close(time_left(deadline));
  // Nothing runs any more that uses it, and a file of offsets may have to be opened by the next client.
  context_.store.reset();
}

}  // namespace rocketmq::client
