#include "client/producer/send_progress.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace rocketmq::client {
namespace {

constexpr std::size_t large = 100'000;

/// Where the text of a body with `large` bytes stands.
const char* fill(std::string& body) {
  body.assign(large, 'x');
  return body.data();
}

TEST(SendProgress, ABodyServesForTheNextOneOnceItsLastOwnerHasLetItGo) {
  const auto progress = std::make_shared<SendProgress>();
  auto body = SendProgress::take_body(progress);
  const char* const memory = fill(*body);
  std::shared_ptr<const std::string> last = std::move(body);
  body = SendProgress::take_body(progress);
  EXPECT_LT(body->capacity(), large) << "the first one is in use";
  EXPECT_EQ(last->data(), memory);
  last = nullptr;
  EXPECT_EQ(SendProgress::take_body(progress)->data(), memory);
}

TEST(SendProgress, ABodyComesBackEmptyFromWhateverThreadLetsItGo) {
  const auto progress = std::make_shared<SendProgress>();
  auto body = SendProgress::take_body(progress);
  const char* const memory = fill(*body);
  std::thread([last = std::move(body)]() mutable { last = nullptr; }).join();
  const auto again = SendProgress::take_body(progress);
  EXPECT_TRUE(again->empty());
  EXPECT_EQ(again->data(), memory);
}

TEST(SendProgress, NoMoreThanSomeSpareBodiesAreKept) {
  const auto progress = std::make_shared<SendProgress>();
  std::vector<std::shared_ptr<std::string>> bodies;
  for (std::size_t i = 0; i < SendProgress::max_spare_bodies + 5; ++i) {
    bodies.push_back(SendProgress::take_body(progress));
    fill(*bodies.back());
  }
  bodies.clear();
  std::size_t with_memory = 0;
  for (std::size_t i = 0; i < SendProgress::max_spare_bodies + 5; ++i) {
    bodies.push_back(SendProgress::take_body(progress));
    if (bodies.back()->capacity() >= large) ++with_memory;
  }
  EXPECT_EQ(with_memory, SendProgress::max_spare_bodies);
}

TEST(SendProgress, ABodyMayOutliveTheSend) {
  auto progress = std::make_shared<SendProgress>();
  const auto body = SendProgress::take_body(progress);
  const std::weak_ptr<SendProgress> seen = progress;
  fill(*body);
  progress = nullptr;
  EXPECT_EQ(body->size(), large);
  EXPECT_FALSE(seen.expired());
}

}  // namespace
}  // namespace rocketmq::client
