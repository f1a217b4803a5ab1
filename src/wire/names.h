#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "rocketmq/error.h"

namespace rocketmq::wire {

inline constexpr std::string_view retry_topic_prefix = "%RETRY%";
inline constexpr std::string_view dlq_topic_prefix = "%DLQ%";
inline constexpr char namespace_separator = '%';

/// Limits of TopicValidator.
inline constexpr std::size_t max_topic_length = 127;
inline constexpr std::size_t max_special_topic_length = 255;  ///< Of %RETRY% and %DLQ% topics.
inline constexpr std::size_t max_group_length = 120;

/// Checks a name against RocketMQ's rules: not blank, characters of `[%|a-zA-Z0-9_-]`, not too long. Fails
/// with invalid_name and a text that names the character or the length, and the rule.
/// Source: org.apache.rocketmq.common.topic.TopicValidator.
[[nodiscard]] Failure check_topic(std::string_view topic);
[[nodiscard]] Failure check_group(std::string_view group);
/// A namespace becomes part of names, so their characters are its; '%' would end it and is refused.
[[nodiscard]] Failure check_namespace(std::string_view name_space);

/// The same for a user's group, which must be none of those that RocketMQ keeps for itself. Java refuses the
/// same for a producer, and DEFAULT_CONSUMER for a consumer. The others belong to brokers and to RocketMQ's
/// tools: a user's member would disturb them. `group` is the name on the wire. Source: MixAll's
/// PREDEFINE_GROUP_SET, DefaultMQProducerImpl#checkConfig, DefaultMQPushConsumerImpl#checkConfig.
[[nodiscard]] Failure check_producer_group(std::string_view group);
[[nodiscard]] Failure check_consumer_group(std::string_view group);

/// Fails if a client must not send to the topic: RocketMQ keeps it for itself.
[[nodiscard]] Failure check_send_topic(std::string_view topic);

[[nodiscard]] bool is_retry_topic(std::string_view topic) noexcept;

/// `%RETRY%group`; the group as it is on the wire, namespace included.
[[nodiscard]] std::string retry_topic(std::string_view group);

/// Puts a namespace before a topic or group: `ns%name`, `%RETRY%ns%group`, `%DLQ%ns%group`. Names that have
/// it already, names of RocketMQ's own and empty arguments stay as they are. Source: NamespaceUtil.
[[nodiscard]] std::string wrap_namespace(std::string_view name_space, std::string_view resource);

/// Takes exactly this namespace off again; a name without it stays as it is.
[[nodiscard]] std::string unwrap_namespace(std::string_view name_space, std::string_view resource);

}  // namespace rocketmq::wire
