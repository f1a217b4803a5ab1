#include "client/producer.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <utility>

#include "client/core/client_core.h"
#include "client/core/client_id.h"
#include "client/core/heartbeat.h"
#include "client/core/io_threads.h"
#include "client/producer/batch_packing.h"
#include "client/producer/message_encoder.h"
#include "client/producer/send_operation.h"
#include "client/producer/send_progress.h"
#include "client/producer/send_report.h"
#include "wire/frame.h"
#include "wire/heartbeat.h"
#include "wire/message_id.h"
#include "wire/names.h"

namespace rocketmq {
namespace {

using client::ClientCore;
using client::MessageEncoder;
using client::SendOperation;
using client::SendOptions;
using client::SendProgress;
using client::SendShared;

/// Room for a request's header and properties beside a body within one frame.
constexpr std::size_t max_body_bytes = wire::max_frame_bytes - (64U << 10);

/// After so long the I/O thread waits on, and this one looks from time to time whether the producer was
/// closed.
constexpr std::chrono::milliseconds longest_help{200};

/// Taking leave is a courtesy: the brokers forget a producer by themselves.
constexpr std::chrono::milliseconds leave_time{1000};

Failure closed_failure() {
  return Failure{Errc::closed, "the producer is closed", std::nullopt};
}

void check_positive(int value, const char* name) {
  if (value > 0) return;
  throw Error(Errc::invalid_argument,
              std::string(name) + " must be greater than 0, not " + std::to_string(value));
}

void throw_if(const Failure& failure) {
  if (failure.failed()) throw Error(failure);
}

void check(const ProducerConfig& config) {
  throw_if(wire::check_group(config.group));
  check_positive(config.send_timeout_ms, "send_timeout_ms");
  check_positive(config.max_attempts, "max_attempts");
  check_positive(config.compress_over_bytes, "compress_over_bytes");
  check_positive(config.max_message_bytes, "max_message_bytes");
  if (config.compress_level < 1 || config.compress_level > 9) {
    throw Error(Errc::invalid_argument,
                "compress_level must be from 1 to 9, not " + std::to_string(config.compress_level));
  }
}

wire::UniqueIdGenerator::Identity make_identity() {
  wire::UniqueIdGenerator::Identity identity;
  const auto ip = client::local_ipv4();
  identity.ip.assign(ip.begin(), ip.end());
  identity.pid = static_cast<std::uint16_t>(getpid() & 0xFFFF);
  identity.hash = std::random_device{}();
  return identity;
}

void check_bodies(std::span<const std::string_view> bodies, std::size_t limit) {
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    const std::size_t size = bodies[i].size();
    if (size == 0) {
      throw Error(Errc::empty_message,
                  "message " + std::to_string(i) + " is empty; RocketMQ stores no message without a body");
    }
    if (size > limit) {
      throw Error(Errc::message_too_large, "message " + std::to_string(i) + " has " + std::to_string(size) +
                                               " bytes, more than the limit of " + std::to_string(limit) +
                                               "; nothing was sent");
    }
  }
}

}  // namespace

class Producer::Impl {
 public:
  explicit Impl(ProducerConfig config)
      : config_(std::move(config)),
        core_(ClientCore::create(config_.client, true)),
        group_(core_->wrap_name(config_.group)),
        ids_(make_identity()),
        shared_{*core_, {}, {}, client::QueueSelector(std::random_device{}() % 1024U), {}} {
    core_->heartbeats().set_source(
        [this] {
          wire::HeartbeatData data;
          data.client_id = core_->client_id();
          data.producer_groups.push_back(group_);
          return data;
        },
        false);
  }

  ~Impl() { close(std::chrono::milliseconds(3000)); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void start() { core_->start(); }

  void send(std::string_view topic, std::string_view tag, std::span<const std::string_view> bodies);
  void close(std::chrono::milliseconds deadline);

  [[nodiscard]] const std::string& client_id() const noexcept { return core_->client_id(); }

 private:
  ProducerConfig config_;
  std::shared_ptr<ClientCore> core_;
  std::string group_;
  wire::UniqueIdGenerator ids_;
  SendShared shared_;                                 // Strand.
  std::set<std::shared_ptr<SendOperation>> running_;  // Strand.
  std::atomic<bool> closed_{false};
};

void Producer::Impl::send(std::string_view topic, std::string_view tag,
                          std::span<const std::string_view> bodies) {
  const std::string wire_topic = core_->wrap_name(topic);
  throw_if(wire::check_topic(topic));
  throw_if(wire::check_send_topic(wire_topic));
  throw_if(wire::check_topic(wire_topic));
  MessageEncoder encoder(ids_, tag, config_.compress_level);
  check_bodies(bodies, std::min(static_cast<std::size_t>(config_.max_message_bytes), max_body_bytes));
  if (closed_) throw Error(closed_failure());
  if (bodies.empty()) return;

  client::PackingOptions packing;
  packing.properties_bytes = encoder.properties_bytes();
  packing.compress_over_bytes = static_cast<std::size_t>(config_.compress_over_bytes);
  const auto batches = client::pack_batches(bodies, packing);

  SendOptions options;
  options.producer_group = group_;
  options.timeout = std::chrono::milliseconds(config_.send_timeout_ms);
  options.max_attempts = config_.max_attempts;
  const auto progress = std::make_shared<SendProgress>();
  const auto operation =
      std::make_shared<SendOperation>(shared_, options, wire_topic, bodies.size(), batches.size(), progress);
  // Once no thread runs the strand any more, nobody but this one can end the send.
  const auto check_ended = [&] {
    if (core_->ended()) operation->abort(closed_failure());
  };
  client::IoThreads::Caller caller(core_->threads());
  // While this thread encodes, another one must send what is encoded.
  if (batches.size() > 1) caller.call_io_thread();
  core_->post([this, operation, first = encoder.encode(bodies, batches.front())]() mutable {
    if (closed_) {
      operation->abort(closed_failure());
      return;
    }
    running_.insert(operation);
    operation->start(std::move(first), [this, raw = operation.get()] {
      core_->post([this, ended = raw->shared_from_this()] { running_.erase(ended); });
    });
  });
  if (batches.size() == 1) {
    caller.help([&] { return progress->has_ended(); }, std::chrono::steady_clock::now() + longest_help);
  }
  Failure encoding;
  try {
    while (const auto next = batches.size() > 1 ? progress->wait_for_room(check_ended) : std::nullopt) {
      core_->post(
          [operation, slice = next->slice, batch = encoder.encode(bodies, batches[next->batch])]() mutable {
            operation->add(slice, std::move(batch));
          });
    }
  } catch (const Error& error) {
    encoding = error.failure();
  } catch (const std::bad_alloc&) {
    encoding = Failure{Errc::send_failed, "not enough memory to encode the messages", std::nullopt};
  }
  if (encoding.failed()) core_->post([operation, encoding] { operation->abort(encoding); });
  auto result = progress->wait_for_end(check_ended);
  const bool stored = std::all_of(result.ranges.begin(), result.ranges.end(), [](const SendRange& range) {
    return range.outcome == SendOutcome::stored;
  });
  if (stored) return;
  auto failure = client::describe_send(topic, result.ranges, result.queues_tried);
  throw SendError(std::move(failure), std::move(result.ranges));
}

void Producer::Impl::close(std::chrono::milliseconds deadline) {
  const auto until = std::chrono::steady_clock::now() + deadline;
  if (!closed_.exchange(true) && !core_->closing()) {
    struct Leave {
      std::mutex mutex;
      std::condition_variable changed;
      bool done = false;
    };
    const auto leave = std::make_shared<Leave>();
    const auto time = std::min(leave_time, deadline / 2);
    core_->post([this, leave, time] {
      const auto running = running_;
      for (const auto& operation : running)
        operation->abort(closed_failure());
      core_->heartbeats().unregister(group_, "", time, [leave] {
        const std::lock_guard lock(leave->mutex);
        leave->done = true;
        leave->changed.notify_all();
      });
    });
    std::unique_lock lock(leave->mutex);
    leave->changed.wait_for(lock, time, [&] { return leave->done; });
  }
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  core_->close(std::max(left, std::chrono::milliseconds(0)));
}

Producer::Producer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Producer::~Producer() = default;

std::unique_ptr<Producer> Producer::start(ProducerConfig config) {
  check(config);
  auto impl = std::make_unique<Impl>(std::move(config));
  impl->start();
  return std::unique_ptr<Producer>(new Producer(std::move(impl)));
}

void Producer::send(std::string_view topic, std::string_view tag, std::span<const std::string_view> bodies) {
  impl_->send(topic, tag, bodies);
}

void Producer::close(std::chrono::milliseconds deadline) {
  impl_->close(deadline);
}

const std::string& Producer::client_id() const noexcept {
  return impl_->client_id();
}

}  // namespace rocketmq
