#pragma once

#include <cstdint>

namespace rocketmq::wire {

/// Bits of a message's sysFlag. Source: org.apache.rocketmq.common.sysflag.MessageSysFlag.
namespace message_flag {
inline constexpr std::int32_t compressed = 0x1;  ///< The body is compressed.
inline constexpr std::int32_t transaction_commit = 0x8;
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
}  // namespace pull_flag

/// Bits of a topic's `perm` in its route. Source: org.apache.rocketmq.common.constant.PermName.
namespace permission {
inline constexpr std::int32_t read = 0x4;
inline constexpr std::int32_t write = 0x2;
}  // namespace permission

}  // namespace rocketmq::wire
