#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rocketmq/log.h"
#include "rocketmq/producer.h"
#include "support/fake_broker.h"
#include "support/send_reply.h"
#include "wire/batch.h"
#include "wire/properties.h"
#include "wire/request_code.h"
#include "wire/response_code.h"
#include "wire/route.h"
#include "wire/send.h"

namespace rocketmq::test {

/// A scripted name server and brokers "a", "b", ... that store nothing but accept everything, unless told
/// otherwise with on().
class FakeCluster {
 public:
  explicit FakeCluster(int brokers = 1, int queues = 2) {
    for (int i = 0; i < brokers; ++i) {
      const std::string name(1, static_cast<char>('a' + i));
      brokers_.push_back(std::make_unique<FakeServer>());
      auto& broker = *brokers_.back();
      broker.on(wire::to_int(wire::RequestCode::heart_beat),
                [](const FakeRequest&) { return Action::reply(0); });
      broker.on(wire::to_int(wire::RequestCode::unregister_client),
                [](const FakeRequest&) { return Action::reply(0); });
      for (const int code : {310, 320})
        broker.on(code, [](const FakeRequest&) { return stored(); });
      wire::BrokerData data;
      data.broker_name = name;
      data.cluster = "fake";
      data.broker_addrs = {{0, broker.address()}};
      route_.broker_datas.push_back(data);
      route_.queue_datas.push_back(wire::QueueData{name, queues, queues, 6, 0});
    }
    serve_routes(name_server);
  }

  /// Answers like the cluster's own name server.
  void serve_routes(FakeServer& server) {
    server.on(105, [this](const FakeRequest& request) {
      const std::string* topic = request.header.ext_fields.find("topic");
      const std::lock_guard lock(mutex_);
      if (topic != nullptr && missing_.count(*topic) != 0)
        return Action::reply(17, {}, "No topic route info");
      return Action::reply(0, route_.encode_body());
    });
  }

  void remove_topic(const std::string& topic) {
    const std::lock_guard lock(mutex_);
    missing_.insert(topic);
  }

  [[nodiscard]] static Action stored() {
    return Action::reply(wire::SendMessageReply{"0A", 0, 0, {}, {}, {}, {}, true}.to_command());
  }

  [[nodiscard]] FakeServer& broker(std::size_t index = 0) { return *brokers_[index]; }

  [[nodiscard]] ProducerConfig producer_config() const {
    ProducerConfig config;
    config.client.name_server_addresses = name_server.address();
    config.client.connect_timeout_ms = 2000 * time_factor;
    config.group = "group";
    return config;
  }

 private:
  std::mutex mutex_;
  std::set<std::string> missing_;
  wire::TopicRouteData route_;
  std::vector<std::unique_ptr<FakeServer>> brokers_;

 public:
  FakeServer name_server;  // The last, so that it is gone before what its answers are made of.
};

/// Sends one message to the topic "t".
inline void send_one(Producer& producer, std::string_view body = "hello", std::string_view tag = {}) {
  const std::string_view bodies[] = {body};
  producer.send("t", tag, bodies);
}

/// One message as it came to a fake broker.
struct SentMessage {
  std::string body;
  std::string key;
  std::int32_t queue_id = 0;
};

/// The messages of a request, whichever of the two kinds of send it is; of others none.
inline std::vector<SentMessage> messages_of(const FakeRequest& request) {
  std::vector<SentMessage> messages;
  if (request.header.code != 310 && request.header.code != 320) return messages;
  wire::SendMessageRequest header;
  if (wire::decode_fields(request.header, header) != Errc::ok) return messages;
  const auto key_of = [](std::string_view properties) {
    return std::string(wire::find_property(properties, wire::property::unique_key).value_or(""));
  };
  if (!header.batch) {
    messages.push_back(SentMessage{request.body, key_of(header.properties), header.queue_id});
    return messages;
  }
  wire::BatchReader reader(as_bytes(request.body));
  wire::BatchItemView item;
  for (bool found = true; reader.next(item, found) == Errc::ok && found;) {
    messages.push_back(
        SentMessage{std::string(as_text(item.body)), key_of(item.properties), header.queue_id});
  }
  return messages;
}

/// Log lines, for tests of what users read.
class LogLines {
 public:
  [[nodiscard]] LogSink sink() {
    return [state = state_](LogLevel, std::string_view line) {
      const std::lock_guard lock(state->mutex);
      state->text.append(line).append("\n");
    };
  }
  [[nodiscard]] std::string text() const {
    const std::lock_guard lock(state_->mutex);
    return state_->text;
  }

 private:
  struct State {
    std::mutex mutex;
    std::string text;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace rocketmq::test
