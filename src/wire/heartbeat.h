#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/errc.h"
#include "wire/command.h"
#include "wire/subscription.h"

namespace rocketmq::wire {

/// One consumer group of a client. The texts are the names of Java's enums.
/// Source: org.apache.rocketmq.remoting.protocol.heartbeat.ConsumerData.
struct ConsumerData {
  std::string group_name;
  std::string consume_type = "CONSUME_PASSIVELY";  ///< or CONSUME_ACTIVELY
  std::string message_model = "CLUSTERING";        ///< or BROADCASTING
  std::string consume_from_where = "CONSUME_FROM_LAST_OFFSET";
  std::vector<SubscriptionData> subscription_data_set;
  bool unit_mode = false;
  friend bool operator==(const ConsumerData&, const ConsumerData&) = default;
};

/// The body of a heartbeat: everything that a client is a member of. Source: HeartbeatData.
struct HeartbeatData {
  std::string client_id;
  std::vector<std::string> producer_groups;
  std::vector<ConsumerData> consumer_data_set;

  [[nodiscard]] std::string encode_body() const;
  [[nodiscard]] static Errc decode_body(ByteView body, HeartbeatData& out);
  friend bool operator==(const HeartbeatData&, const HeartbeatData&) = default;
};

/// Tells a broker about the client's groups (34); the body is a HeartbeatData.
struct HeartbeatRequest {
  std::string broker_name;

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, HeartbeatRequest& out);
  friend bool operator==(const HeartbeatRequest&, const HeartbeatRequest&) = default;
};

/// Takes a client out of a group (35). Source: UnregisterClientRequestHeader.
struct UnregisterClientRequest {
  std::string client_id;
  std::string producer_group;  ///< Empty: not sent.
  std::string consumer_group;  ///< Empty: not sent.
  std::string broker_name;

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] static Errc decode(const Command& command, UnregisterClientRequest& out);
  friend bool operator==(const UnregisterClientRequest&, const UnregisterClientRequest&) = default;
};

/// Asks a broker whether it accepts a subscription (46): 0, or 23 with the reason. The body carries
/// everything. Source: CheckClientRequestBody.
struct CheckClientConfigRequest {
  std::string client_id;
  std::string group;
  SubscriptionData subscription;
  std::string name_space;  ///< Empty: not sent.

  [[nodiscard]] Command to_command() const;
  [[nodiscard]] std::string encode_body() const;
  [[nodiscard]] static Errc decode_body(ByteView body, CheckClientConfigRequest& out);
  friend bool operator==(const CheckClientConfigRequest&, const CheckClientConfigRequest&) = default;
};

}  // namespace rocketmq::wire
