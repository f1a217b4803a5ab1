#include "client/producer/batch_packing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
  EXPECT_THAT(pack_batches(bodies, options_for(3 * item)),
              ElementsAre(BatchRange{0, 3, false}, BatchRange{3, 3, false}, BatchRange{6, 1, false}));
  EXPECT_THAT(pack_batches(bodies, options_for(3 * item - 1)),
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
  EXPECT_THAT(pack_batches(bodies, options_for(500)),
              ElementsAre(BatchRange{0, 1, false}, BatchRange{1, 1, false}, BatchRange{2, 1, false}));
}

TEST(BatchPacking, CompressedAndPlainBodiesDoNotShareABatch) {
  const std::string plain(1000, 'p');
  const std::string long_one(1001, 'c');
  const std::vector<std::string_view> bodies{plain, plain, long_one, long_one, plain};
  EXPECT_THAT(pack_batches(bodies, options_for(1 << 20)),
              ElementsAre(BatchRange{0, 2, false}, BatchRange{2, 2, true}, BatchRange{4, 1, false}));
}

TEST(BatchPacking, TheNumberOfMessagesIsBounded) {
  auto options = options_for(1 << 20);
  options.max_messages = 2;
  const std::vector<std::string_view> bodies(5, "x");
  EXPECT_THAT(pack_batches(bodies, options),
              ElementsAre(BatchRange{0, 2, false}, BatchRange{2, 2, false}, BatchRange{4, 1, false}));
}

TEST(BatchPacking, NothingGivesNoBatch) {
  EXPECT_THAT(pack_batches({}, options_for(100)), IsEmpty());
}

TEST(SliceBatches, SlicesAreContiguousAndNearlyEqual) {
  EXPECT_THAT(slice_batches(7, 3, false), ElementsAre(SliceRange{0, 3}, SliceRange{3, 2}, SliceRange{5, 2}));
  EXPECT_THAT(slice_batches(2, 8, false), ElementsAre(SliceRange{0, 1}, SliceRange{1, 1}));
  EXPECT_THAT(slice_batches(1, 1, true), ElementsAre(SliceRange{0, 1}));
}

TEST(SliceBatches, AShortLastSliceHasOneBatch) {
  EXPECT_THAT(slice_batches(7, 3, true), ElementsAre(SliceRange{0, 3}, SliceRange{3, 3}, SliceRange{6, 1}));
  EXPECT_THAT(slice_batches(2, 2, true), ElementsAre(SliceRange{0, 1}, SliceRange{1, 1}));
}

}  // namespace
}  // namespace rocketmq::client
