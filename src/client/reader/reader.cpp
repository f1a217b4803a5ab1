#include "rocketmq/reader.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "base/wall_clock.h"
#include "client/consumer/decode_rows.h"
#include "client/consumer/subscription_check.h"
#include "client/reader/questions.h"
#include "client/reader/queue_reader.h"
#include "client/reader/read_buffer.h"
#include "client/reader/read_ranges.h"
#include "wire/names.h"

namespace rocketmq {

namespace {

/// The group that RocketMQ's own tools read by. Every broker knows it from its start, so that none comes into
/// being by our pulls.
constexpr const char* tools_group = "TOOLS_CONSUMER";

/// Of the bodies of one delivery, decompressed.
constexpr std::size_t max_delivery_bytes = 64U << 20;

/// More connections do not make a few queues faster.
constexpr int max_io_threads = 4;

ClientConfig client_config(const ReaderConfig& config) {
  ClientConfig client = config.client;
  if (client.io_threads == 1) client.io_threads = max_io_threads;
  return client;
}

std::shared_ptr<const wire::SubscriptionData> read_subscription(const ReaderConfig& config,
                                                                const std::string& wire_topic) {
  auto subscription = std::make_shared<wire::SubscriptionData>();
  throw_if(
      config.expression_type == ExpressionType::tag
          ? wire::parse_tag_expression(wire_topic, config.sub_expression, now_in_ms(), *subscription)
          : wire::make_sql92_subscription(wire_topic, config.sub_expression, now_in_ms(), *subscription));
  return subscription;
}

}  // namespace

class Reader::Impl {
 public:
  explicit Impl(ReaderConfig config)
      : config_(std::move(config)),
        buffer_(std::make_shared<client::ReadBuffer>()),
        questions_(
            client_config(config_),
            [buffer = buffer_] {
              buffer->fail({Errc::client_failed, describe(Errc::client_failed), {}});
            },
            config_.is_cancelled) {
    const std::string wire_topic = questions_.core()->wrap_name(config_.topic);
    context_.core = questions_.core();
    context_.group = tools_group;
    context_.is_member = false;
    context_.topics.push_back({read_subscription(config_, wire_topic)});
    // A broker that cannot read a condition in a pull leaves it away.
    client::check_subscriptions(context_,
                                std::chrono::steady_clock::now() + questions_.core()->connect_timeout());
    find_ranges(choose(*questions_.route(wire_topic)));
  }

  ~Impl() {
    // No handler runs any more when the queues and the context go.
    context_.core->close(std::chrono::milliseconds(0));
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  [[nodiscard]] const std::vector<QueueRange>& ranges() const noexcept { return ranges_; }
  [[nodiscard]] client::ReadBuffer& buffer() noexcept { return *buffer_; }

  [[nodiscard]] std::unique_ptr<Delivery::Impl> read(std::chrono::steady_clock::time_point deadline) {
    while (auto taken = buffer_->take(config_.oldest_first, deadline)) {
      auto delivery = std::make_unique<Delivery::Impl>(nullptr, false);
      const std::size_t index = taken->queue;
      decode(*taken, *delivery);
      if (buffer_->failed()) continue;  // The next take() throws it.
      // Later, because handlers of the loop see to the queues.
      context_.core->post([weak = std::weak_ptr(queues_[index])] {
        if (const auto queue = weak.lock()) queue->fill();
      });
      if (!delivery->rows().empty()) return delivery;
    }
    return nullptr;
  }

 private:
  using Positions = std::vector<client::QueuePositions>;

  void throw_if_unreadable(const client::TopicRoute& route) const {
    const auto at = [](const std::vector<std::string>& brokers) {
      std::string text;
      for (const std::string& name : brokers)
        text += (text.empty() ? " at broker '" : "', '") + name;
      return brokers.empty() ? text : text + "'";
    };
    if (!route.unreadable_brokers.empty() || route.subscribe_queues.empty()) {
      throw Error(Errc::no_queue,
                  "topic '" + config_.topic + "' may not be read" + at(route.unreadable_brokers) +
                      "; allow it (mqadmin updateTopicPerm -p 6), or name the queues to be read");
    }
    if (!route.partly_readable_brokers.empty()) {
      throw Error(Errc::no_queue,
                  "topic '" + config_.topic + "' has fewer read queues than write queues" +
                      at(route.partly_readable_brokers) +
                      ", so a part of it may not be read; make them equal (mqadmin updateTopic -r), or name "
                      "the queues to be read");
    }
  }

  /// The queues to be read, of those that the topic has.
  [[nodiscard]] Positions choose(const client::TopicRoute& route) const {
    Positions chosen;
    const auto choose_queue = [&](const wire::MessageQueue& queue, const ReadPosition& begin,
                                  const ReadPosition& end) {
      chosen.push_back(
          {std::make_shared<client::AssignedQueue>(queue, config_.topic, false, context_.topics.front()),
           begin, end});
    };
    if (config_.queues.empty()) {
      if (!config_.only_readable || route.subscribe_queues.empty()) throw_if_unreadable(route);
      for (const wire::MessageQueue& queue : route.subscribe_queues)
        choose_queue(queue, config_.begin, config_.end);
      return chosen;
    }
    for (const QueueToRead& wanted : config_.queues) {
      const wire::MessageQueue queue{route.topic, wanted.broker_name, wanted.queue_id};
      if (!std::binary_search(route.subscribe_queues.begin(), route.subscribe_queues.end(), queue)) {
        throw Error(Errc::invalid_argument, "topic '" + config_.topic + "' has no readable queue " +
                                                std::to_string(wanted.queue_id) + " at a broker '" +
                                                wanted.broker_name + "'");
      }
      choose_queue(queue, wanted.begin, wanted.end);
    }
    std::sort(chosen.begin(), chosen.end(),
              [](const auto& left, const auto& right) { return left.queue->queue < right.queue->queue; });
    const auto twice = std::adjacent_find(
        chosen.begin(), chosen.end(),
        [](const auto& left, const auto& right) { return left.queue->queue == right.queue->queue; });
    if (twice != chosen.end())
      throw Error(Errc::invalid_argument, to_string(twice->queue->queue) + " is to be read twice");
    return chosen;
  }

  void find_ranges(Positions positions) {
    using Outcome = std::pair<Failure, std::vector<QueueRange>>;
    const auto shared = std::make_shared<const Positions>(std::move(positions));
    auto [failure, ranges] =
        questions_.wait<Outcome>([this, shared](const std::function<void(Outcome)>& tell) {
          client::find_ranges(context_, *shared, [tell](const Failure& why, std::vector<QueueRange> found) {
            tell({why, std::move(found)});
          });
        });
    throw_if(failure);
    ranges_ = std::move(ranges);
    std::vector<client::ReadBuffer::Range> wanted;
    wanted.reserve(ranges_.size());
    for (const QueueRange& range : ranges_)
      wanted.push_back({range.begin, config_.follow ? client::QueueReader::no_end : range.end});
    buffer_->set_ranges(wanted);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      queues_.push_back(
          std::make_shared<client::QueueReader>(context_, (*shared)[i].queue, *buffer_, i, wanted[i]));
    }
    if (config_.follow) tell_of_new_queues();
    for (const auto& queue : queues_)
      context_.core->post([weak = std::weak_ptr(queue)] {
        if (const auto locked = weak.lock()) locked->start();
      });
  }

  void tell_of_new_queues() {
    context_.core->post([this, known = ranges_.size()] {
      context_.core->routes().on_change(
          [this, known](const std::string& topic, const client::RoutePtr& route) {
            if (route == nullptr || !config_.queues.empty() || topic != context_.topics.front().name() ||
                route->subscribe_queues.size() <= known)
              return;
            (void)context_.core->log_limited(context_.failures, LogLevel::warning,
                                             "topic '" + config_.topic + "' has " +
                                                 std::to_string(route->subscribe_queues.size()) +
                                                 " queues now; only the " + std::to_string(known) +
                                                 " that it had are read: start again to read all");
          });
    });
  }

  void decode(client::ReadBuffer::Taken& taken, Delivery::Impl& delivery) {
    client::DeliveryPart part;
    part.queue = queues_[taken.queue]->queue();
    part.segments = std::move(taken.segments);
    delivery.parts().push_back(std::move(part));
    client::DecodeOptions options;
    options.max_rows = std::numeric_limits<std::size_t>::max();
    options.max_bytes = max_delivery_bytes;
    client::DecodedPart decoded = client::decode_rows(delivery, 0, options);
    if (decoded.rewind) {
      buffer_->fail({Errc::bad_field,
                     "the message at offset " + std::to_string(*decoded.rewind) + " of " +
                         to_string(queues_[taken.queue]->queue()->queue) +
                         " cannot be read: it is damaged, or compressed in an unknown way; with `queues` the "
                         "messages before and behind it can be read",
                     {}});
      return;
    }
    if (!decoded.rest.empty()) buffer_->give_back(taken.queue, std::move(decoded.rest));
    if (!delivery.rows().empty()) buffer_->read_up_to(taken.queue, delivery.rows().back().store_time_ms);
  }

  const ReaderConfig config_;
  client::ConsumerContext context_;
  std::shared_ptr<client::ReadBuffer> buffer_;
  std::vector<std::shared_ptr<client::QueueReader>> queues_;
  std::vector<QueueRange> ranges_;
  client::Questions questions_;
};

Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Reader::~Reader() = default;

std::unique_ptr<Reader> Reader::start(ReaderConfig config) {
  throw_if(wire::check_topic(config.topic));
  return std::unique_ptr<Reader>(new Reader(std::make_unique<Impl>(std::move(config))));
}

const std::vector<QueueRange>& Reader::ranges() const noexcept {
  return impl_->ranges();
}

std::int64_t Reader::messages() const noexcept {
  return std::accumulate(
      ranges().begin(), ranges().end(), std::int64_t{0},
      [](std::int64_t sum, const QueueRange& range) { return sum + range.end - range.begin; });
}

std::optional<std::size_t> Reader::estimated_bytes(std::chrono::steady_clock::time_point deadline) {
  return impl_->buffer().estimated_bytes(deadline);
}

Delivery Reader::read(std::chrono::steady_clock::time_point deadline) {
  auto delivery = impl_->read(deadline);
  return delivery == nullptr ? Delivery() : deliver(std::move(delivery));
}

Delivery Reader::deliver(std::unique_ptr<Delivery::Impl> impl) {
  return Delivery(std::move(impl));
}

bool Reader::finished() const {
  return impl_->buffer().finished();
}

std::optional<std::int64_t> Reader::oldest_to_come_ms() const {
  return impl_->buffer().oldest_to_come_ms();
}

}  // namespace rocketmq
