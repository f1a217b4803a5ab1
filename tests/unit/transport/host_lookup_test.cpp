#include "transport/host_lookup.h"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <new>

namespace rocketmq::transport {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;

TEST(HostLookup, FindsLocalhost) {
  std::promise<HostAddresses> promise;
  const auto ticket =
      HostLookup::system()->start("localhost", [&](const HostAddresses& found) { promise.set_value(found); });
  auto future = promise.get_future();
  ASSERT_EQ(future.wait_for(10s), std::future_status::ready);
  const HostAddresses found = future.get();
  EXPECT_EQ(found.error, "");
  EXPECT_THAT(found.addresses, Contains("127.0.0.1"));
}

TEST(HostLookup, AsksOnceForAllWhoWaitForAHostAndForgetsThoseWhoLeave) {
  std::promise<void> release;
  std::atomic<int> calls = 0;
  std::atomic<bool> left = false;
  HostLookup lookup([future = release.get_future().share(), &calls](const std::string& host) {
    ++calls;
    future.wait();
    return HostAddresses{{host + "-address"}, ""};
  });
  std::promise<std::string> first;
  std::promise<std::string> third;
  const auto one =
      lookup.start("a", [&](const HostAddresses& found) { first.set_value(found.addresses.at(0)); });
  const auto two = lookup.start("a", [&](const HostAddresses&) { left = true; });
  two->cancel();
  const auto three =
      lookup.start("a", [&](const HostAddresses& found) { third.set_value(found.addresses.at(0)); });
  release.set_value();
  EXPECT_EQ(first.get_future().get(), "a-address");
  EXPECT_EQ(third.get_future().get(), "a-address");
  EXPECT_EQ(calls, 1);
  EXPECT_FALSE(left);
}

// It is a thread of the database: an exception that left it would end the process.
TEST(HostLookup, WhatALookUpThrowsIsItsResultAndTheHostCanBeAskedForAgain) {
  std::atomic<int> calls = 0;
  HostLookup lookup([&calls](const std::string&) -> HostAddresses {
    if (++calls == 1) throw std::bad_alloc();
    return {{"127.0.0.1"}, ""};
  });
  for (const bool fails : {true, false}) {
    std::promise<HostAddresses> promise;
    const auto ticket = lookup.start("a", [&](const HostAddresses& found) { promise.set_value(found); });
    auto future = promise.get_future();
    ASSERT_EQ(future.wait_for(10s), std::future_status::ready);
    const HostAddresses found = future.get();
    EXPECT_EQ(found.addresses.empty(), fails);
    EXPECT_EQ(found.error, fails ? "the look-up failed: std::bad_alloc" : "");
  }
}

}  // namespace
}  // namespace rocketmq::transport
