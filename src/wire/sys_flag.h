#pragma once

#include <cstdint>

namespace rocketmq::wire {

/// Bits of a message's sysFlag. Source: org.apache.rocketmq.common.sysflag.MessageSysFlag.
namespace message_flag {
inline constexpr std::int32_t compressed = 0x1;            ///< The body is compressed.
inline constexpr std::int32_t multi_tags = 0x2;            ///< The message has several tags.
inline constexpr std::int32_t transaction_prepared = 0x4;  ///< A half message.
inline constexpr std::int32_t transaction_commit = 0x8;
inline constexpr std::int32_t transaction_rollback = 0xC;
inline constexpr std::int32_t transaction_mask = 0xC;
inline constexpr std::int32_t born_host_v6 = 0x10;   ///< bornHost has 16 bytes.
inline constexpr std::int32_t store_host_v6 = 0x20;  ///< storeHost has 16 bytes.
inline constexpr std::int32_t need_unwrap = 0x40;    ///< Together with inner_batch: the body is a batch.
inline constexpr std::int32_t inner_batch = 0x80;    ///< The body is a list of batch items (BatchCQ topics).
inline constexpr std::int32_t compression_mask = 0x700;
inline constexpr std::int32_t compression_lz4 = 0x100;
inline constexpr std::int32_t compression_zstd = 0x200;
inline constexpr std::int32_t compression_zlib = 0x300;  ///< 0 means zlib too: clients before 5.0 wrote that.
}  // namespace message_flag

/// Bits of a pull request's sysFlag. Source: org.apache.rocketmq.common.sysflag.PullSysFlag.
namespace pull_flag {
inline constexpr std::int32_t commit_offset = 0x1;  ///< The request's commitOffset is to be stored.
inline constexpr std::int32_t suspend = 0x2;        ///< Long poll: hold the request while there is nothing.
inline constexpr std::int32_t subscription = 0x4;   ///< The request carries the subscription.
inline constexpr std::int32_t class_filter = 0x8;   ///< Filtered by a class at a filter server.
inline constexpr std::int32_t lite_pull = 0x10;     ///< The client manages its queues itself.
}  // namespace pull_flag

/// Bits of a topic's `perm` in its route. Source: org.apache.rocketmq.common.constant.PermName.
namespace permission {
inline constexpr std::int32_t read = 0x4;
inline constexpr std::int32_t write = 0x2;
inline constexpr std::int32_t inherit = 0x1;
}  // namespace permission

}  // namespace rocketmq::wire
