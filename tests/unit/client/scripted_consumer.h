#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "rocketmq/consumer.h"
#include "support/fake_broker.h"
#include "support/sanitizer_cost.h"
#include "support/stored_message_encoder.h"
#include "wire/group.h"
#include "wire/offsets.h"
#include "wire/pull.h"
#include "wire/request_code.h"
#include "wire/response_code.h"

namespace rocketmq::test {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using wire::RequestCode;
using wire::ResponseCode;

/// A consumer unregisters when it goes, so the scripts have dealt with its requests by then. A reader does
/// not: what its scripts use must not be a test's local variable.
///
/// A name server and broker with one topic (or `topics_`) of one queue (or `queues_`), which holds `stored_`
/// messages from offset 0 on.
class ScriptedConsumer : public testing::Test {
 protected:
  /// While all that scripts use is still there.
  void TearDown() override { server_.stop(); }

  ScriptedConsumer() {
    on(RequestCode::get_route_info_by_topic, [this](const FakeRequest& request) { return route(request); });
    on(RequestCode::heart_beat, [this](const FakeRequest& request) {
      const std::lock_guard lock(mutex_);
      const auto at = request.body.find("\"clientID\":\"");
      if (at != std::string::npos) {
        client_id_ = request.body.substr(at + 12, request.body.find('"', at + 12) - at - 12);
      }
      return Action::reply(0);
    });
    on(RequestCode::get_consumer_list_by_group, [this](const FakeRequest&) {
      const std::lock_guard lock(mutex_);
      return Action::reply(0, wire::ConsumerIdList{{client_id_}}.encode_body());
    });
    on(RequestCode::query_consumer_offset,
       [](const FakeRequest&) { return Action::reply(wire::to_int(ResponseCode::query_not_found)); });
    on(RequestCode::get_max_offset,
       [this](const FakeRequest&) { return Action::reply(wire::OffsetReply{stored_}.to_command()); });
    on(RequestCode::get_min_offset,
       [](const FakeRequest&) { return Action::reply(wire::OffsetReply{0}.to_command()); });
    on(RequestCode::update_consumer_offset, [](const FakeRequest&) { return Action::reply(0); });
    on(RequestCode::unregister_client, [](const FakeRequest&) { return Action::reply(0); });
    on(RequestCode::pull_message, [this](const FakeRequest& request) { return pull(request); });
  }

  void on(RequestCode code, FakeServer::Script script) { server_.on(wire::to_int(code), std::move(script)); }

  Action route(const FakeRequest& request) {
    const std::string* topic = request.header.ext_fields.find("topic");
    const std::lock_guard lock(mutex_);
    if (topic == nullptr || !topics_.contains(*topic))
      return Action::reply(wire::to_int(ResponseCode::topic_not_exist));
    return the_route();
  }

  [[nodiscard]] Action the_route() const {
    const std::string slave = slave_.empty() ? "" : R"(,1:")" + slave_ + '"';
    return Action::reply(
        0, R"({"brokerDatas":[{"brokerAddrs":{0:")" + server_.address() + '"' + slave +
               R"(},"brokerName":"broker-a","cluster":"c"}],"queueDatas":[{"brokerName":"broker-a","perm":)" +
               std::to_string(perm_) + R"(,"readQueueNums":)" + std::to_string(queues_) +
               R"(,"writeQueueNums":1,"topicSysFlag":0}]})");
  }

  [[nodiscard]] std::size_t count(RequestCode code) const {
    return server_.received(wire::to_int(code)).size();
  }

  Action pull(const FakeRequest& request) {
    std::int64_t offset = 0;
    EXPECT_EQ(request.header.ext_fields.read("queueOffset", offset), Errc::ok);
    if (offset >= stored_) return Action::never();  // Held, as a long poll is.
    return pull_from(offset);
  }

  Action pull_from(std::int64_t offset) const {
    return Action::reply(pull_header(0, stored_), messages(offset, stored_));
  }

  /// The stored messages [begin, end), one after another.
  static std::string messages(std::int64_t begin, std::int64_t end) {
    std::string body;
    for (std::int64_t i = begin; i < end; ++i) {
      wire::StoredMessageView message;
      message.queue_offset = i;
      message.topic = "topic";
      const std::string text = "m" + std::to_string(i);
      message.body = as_bytes(text);
      EXPECT_EQ(wire::append_stored_message(body, message), Errc::ok);
    }
    return body;
  }

  static wire::Command pull_header(std::int32_t code, std::int64_t next) {
    wire::PullMessageReply reply;
    reply.next_begin_offset = next;
    reply.max_offset = next;
    wire::Command header = reply.to_command();
    header.code = code;
    return header;
  }

  std::unique_ptr<Consumer> start(ConsumeFromWhere from) {
    ConsumerConfig config;
    config.client.name_server_addresses = name_servers_.empty() ? server_.address() : name_servers_;
    config.client.connect_timeout_ms = 1000 * time_factor;
    config.client.log = [this](LogLevel level, std::string_view line) {
      const std::lock_guard lock(mutex_);
      log_ += (level == LogLevel::warning ? "WARNING " : "") + std::string(line) + '\n';
      if (level == LogLevel::error) errors_.emplace_back(line);
    };
    config.group = "group";
    config.subscriptions = {{"topic"}};
    config.subscriptions.front().sub_expression = expression_;
    config.subscriptions.insert(config.subscriptions.end(), more_.begin(), more_.end());
    config.consume_from_where = from;
    config.consume_timestamp_ms = consume_timestamp_ms_;
    config.ask_start_offsets = ask_start_offsets_;
    config.max_cached_messages = max_cached_messages_;
    config.max_reconsume_times = max_reconsume_times_;
    config.auto_commit = auto_commit_;
    config.poll_threads = pollers_;
    config.client.io_threads = io_threads_;
    config.on_notice = [this](const ConsumerNotice& notice) {
      {
        const std::lock_guard lock(mutex_);
        notices_.push_back(notice);
      }
      if (on_notice_) on_notice_(notice);
    };
    return Consumer::start(std::move(config));
  }

  static Delivery poll(Consumer& consumer, std::chrono::milliseconds wait = 10s * time_factor) {
    PollLimits limits;
    limits.deadline = steady_clock::now() + wait;
    return consumer.poll(limits);
  }

  [[nodiscard]] std::vector<std::int64_t> committed() const {
    std::vector<std::int64_t> offsets;
    for (const FakeRequest& request : server_.received(wire::to_int(RequestCode::update_consumer_offset))) {
      std::int64_t offset = -1;
      EXPECT_EQ(request.header.ext_fields.read("commitOffset", offset), Errc::ok);
      offsets.push_back(offset);
    }
    return offsets;
  }

  /// What the consumer told its user so far.
  [[nodiscard]] std::vector<ConsumerNotice> notices() const {
    const std::lock_guard lock(mutex_);
    return notices_;
  }
  [[nodiscard]] bool wait_notices(std::size_t count) const {
    return wait([&] { return notices().size() >= count; });
  }
  static bool wait(const std::function<bool()>& condition) {
    const auto deadline = steady_clock::now() + FakeServer::patience;
    while (!condition()) {
      if (steady_clock::now() >= deadline) return false;
      std::this_thread::sleep_for(2ms);
    }
    return true;
  }
  [[nodiscard]] std::vector<std::string> errors() const {
    const std::lock_guard lock(mutex_);
    return errors_;
  }
  [[nodiscard]] std::size_t lines_with(const std::string& part) const {
    const std::lock_guard lock(mutex_);
    std::size_t count = 0;
    for (std::size_t at = log_.find(part); at != std::string::npos; at = log_.find(part, at + 1))
      ++count;
    return count;
  }

  std::atomic<std::int64_t> stored_{10};
  std::atomic<int> queues_{1};
  int io_threads_ = 1;
  std::int64_t consume_timestamp_ms_ = 0;
  AskStartOffsets ask_start_offsets_;
  std::atomic<int> perm_{6};  // Of the topic.
  std::string slave_;         // The address of broker-a's slave, if it has one.
  std::string name_servers_;  // Empty: the broker is the name server as well, as a Proxy is.
  std::string expression_ = "*";
  std::size_t max_cached_messages_ = ConsumerConfig{}.max_cached_messages;
  std::optional<int> max_reconsume_times_;
  bool auto_commit_ = true;
  int pollers_ = 1;
  std::vector<Subscription> more_;         // Of the consumer, besides the topic.
  std::set<std::string> topics_{"topic"};  // That exist.
  mutable std::mutex mutex_;
  std::string client_id_;
  std::string log_;
  std::vector<std::string> errors_;  // The lines of that level.
  std::vector<ConsumerNotice> notices_;
  std::function<void(const ConsumerNotice& notice)> on_notice_;
  FakeServer server_;
};

}  // namespace rocketmq::test
