#include "client/producer/batch_packing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "wire/batch.h"

namespace rocketmq::client {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

PackingOptions options_for(std::size_t target_bytes) {
  PackingOptions options;
  options.target_bytes = target_bytes;
  options.properties_bytes = 10;
  options.compress_over_bytes = 1000;
  return options;
}

TEST(BatchPacking, MessagesFillABatchUpToTheTargetAndStayInOrder) {
  const std::string body(68, 'x');
  const std::size_t item = wire::batch_item_size(body.size(), 10);
  const std::vector<std::string_view> bodies(7, body);
  EXPECT_THAT(pack_batches(bodies, 0, bodies.size(), options_for(3 * item)),
              ElementsAre(BatchRange{0, 3, false}, BatchRange{3, 3, false}, BatchRange{6, 1, false}));
  EXPECT_THAT(pack_batches(bodies, 0, bodies.size(), options_for(3 * item - 1)),
              ElementsAre(BatchRange{0, 2, false}, BatchRange{2, 2, false}, BatchRange{4, 2, false},
                          BatchRange{6, 1, false}));
}

TEST(BatchPacking, BatchesAreLargeOnlyWhereTheyAreManyAndTheLineIsFast) {
  constexpr std::size_t kib = 1024;
  constexpr std::size_t mib = 1024 * kib;
  constexpr std::size_t fast = 1500 * mib;  // 500 MiB/s, and a time-out of 3 s.
  EXPECT_EQ(batch_bytes_for(100 * mib, fast), mib);
  EXPECT_EQ(batch_bytes_for(8 * mib, fast), 512 * kib);
  EXPECT_EQ(batch_bytes_for(100, fast), 256 * kib);
  EXPECT_EQ(batch_bytes_for(100 * mib, 75 * mib), 512 * kib);
  EXPECT_EQ(batch_bytes_for(100 * mib, 3 * mib), 256 * kib);
  EXPECT_EQ(batch_bytes_for(100 * mib, 0), 256 * kib);
}

TEST(BatchPacking, ABodyAboveTheTargetTravelsAlone) {
  const std::string small(10, 's');
  const std::string large(900, 'l');
  const std::vector<std::string_view> bodies{small, large, small};
  EXPECT_THAT(pack_batches(bodies, 0, bodies.size(), options_for(500)),
              ElementsAre(BatchRange{0, 1, false}, BatchRange{1, 1, false}, BatchRange{2, 1, false}));
}

TEST(BatchPacking, CompressedAndPlainBodiesDoNotShareABatch) {
  const std::string plain(1000, 'p');
  const std::string long_one(1001, 'c');
  const std::vector<std::string_view> bodies{plain, plain, long_one, long_one, plain};
  EXPECT_THAT(pack_batches(bodies, 0, bodies.size(), options_for(1 << 20)),
              ElementsAre(BatchRange{0, 2, false}, BatchRange{2, 2, true}, BatchRange{4, 1, false}));
}

TEST(BatchPacking, TheNumberOfMessagesIsBounded) {
  auto options = options_for(1 << 20);
  options.max_messages = 2;
  const std::vector<std::string_view> bodies(5, "x");
  EXPECT_THAT(pack_batches(bodies, 0, bodies.size(), options),
              ElementsAre(BatchRange{0, 2, false}, BatchRange{2, 2, false}, BatchRange{4, 1, false}));
}

TEST(BatchPacking, NothingGivesNoBatch) {
  EXPECT_THAT(pack_batches({}, 0, 0, options_for(100)), IsEmpty());
}

TEST(BatchPacking, APartOfAVectorIsPackedByItself) {
  const std::vector<std::string_view> bodies(10, "0123456789");
  auto options = options_for(1 << 20);
  options.max_messages = 4;
  EXPECT_THAT(pack_batches(bodies, 3, 6, options),
              ElementsAre(BatchRange{3, 4, false}, BatchRange{7, 2, false}));
}

TEST(BatchPacking, BatchesOfOneQueueAreNearlyEqual) {
  for (const std::size_t body_bytes : {1U, 100U, 1024U}) {
    for (const std::size_t count : {1000U, 1500U, 5000U, 30'000U}) {
      const std::string body(body_bytes, 'x');
      const std::vector<std::string_view> bodies(count, body);
      auto options = options_for(256 * 1024);
      options.compress_over_bytes = 4096;
      const std::size_t bytes = count * wire::batch_item_size(body_bytes, options.properties_bytes);
      options.enough_bytes = even_batch_bytes(count, bytes, options.target_bytes);
      const auto batches = pack_batches(bodies, 0, count, options);
      const auto [least, most] = std::minmax_element(
          batches.begin(), batches.end(),
          [](const BatchRange& left, const BatchRange& right) { return left.count < right.count; });
      EXPECT_LE(most->count - least->count, batches.size()) << count << " of " << body_bytes << " bytes";
      EXPECT_LE(batches.size(), bytes * 8 / 7 / options.target_bytes + count / max_batch_messages + 2);
    }
  }
}

TEST(BatchPacking, SmallVectorsUseOneQueueAndSomeThousandMessagesAllOfThem) {
  constexpr std::size_t small = 150;  // Bytes of a message with its properties.
  EXPECT_EQ(queues_worth_using(1, 100), 1U);
  EXPECT_EQ(queues_worth_using(1000, 1000 * small), 1U);
  EXPECT_EQ(queues_worth_using(2048, 1), 2U);
  EXPECT_GE(queues_worth_using(8192, 1), 8U);
  EXPECT_GE(queues_worth_using(100'000, 1), 64U);
  EXPECT_EQ(queues_worth_using(1000, 1 << 20), 4U) << "large messages";
  EXPECT_EQ(queues_worth_using(2, 100 << 20), 2U) << "no more than there are messages";
}

TEST(SliceMessages, SlicesAreContiguousAndNearlyEqual) {
  EXPECT_THAT(slice_messages(7, 3, false), ElementsAre(SliceRange{0, 3}, SliceRange{3, 2}, SliceRange{5, 2}));
  EXPECT_THAT(slice_messages(7, 1, true), ElementsAre(SliceRange{0, 7}));
}

TEST(SliceMessages, ShortEndsHaveHalfAtTheLeast) {
  EXPECT_THAT(slice_messages(12, 4, true),
              ElementsAre(SliceRange{0, 2}, SliceRange{2, 4}, SliceRange{6, 4}, SliceRange{10, 2}));
  EXPECT_THAT(slice_messages(5, 2, true), ElementsAre(SliceRange{0, 3}, SliceRange{3, 2}));
  for (std::size_t slices = 1; slices <= 64; ++slices) {
    for (std::size_t messages = slices; messages < slices + 300; ++messages) {
      const auto parts = slice_messages(messages, slices, true);
      ASSERT_EQ(parts.size(), slices);
      std::size_t next = 0;
      std::size_t least = messages;
      std::size_t most = 0;
      for (const SliceRange& part : parts) {
        ASSERT_EQ(part.first, next);
        next += part.count;
        least = std::min(least, part.count);
        most = std::max(most, part.count);
      }
      ASSERT_EQ(next, messages);
      ASSERT_GE(least, 1U) << messages << " messages, " << slices << " slices";
      ASSERT_LE(most, 2 * least) << messages << " messages, " << slices << " slices";
    }
  }
}

}  // namespace
}  // namespace rocketmq::client
