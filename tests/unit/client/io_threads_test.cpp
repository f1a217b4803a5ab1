#include "client/core/io_threads.h"

#include <gtest/gtest.h>

#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <atomic>
#include <chrono>
#include <future>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace rocketmq::client {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto patience = 10s;

class IoThreadsTest : public testing::Test {
 protected:
  void start(bool may_help = true, int count = 1) { threads_.start(count, may_help); }

  /// Posts what notes the thread that runs it, and waits for that with a caller's help.
  std::thread::id run_one_with_help() {
    IoThreads::Caller caller(threads_);
    std::promise<std::thread::id> ran;
    auto future = ran.get_future();
    asio::post(threads_.context(), [&ran] { ran.set_value(std::this_thread::get_id()); });
    caller.help([&] { return future.wait_for(0s) == std::future_status::ready; },
                steady_clock::now() + patience);
    return future.get();
  }

  /// The I/O thread may run the first ones, until it has noticed that it is helped.
  bool is_helped_soon() {
    const auto deadline = steady_clock::now() + patience;
    while (steady_clock::now() < deadline) {
      if (run_one_with_help() == std::this_thread::get_id()) return true;
    }
    return false;
  }

  std::string logged() {
    const std::lock_guard lock(mutex_);
    return log_;
  }

  std::mutex mutex_;
  std::string log_;
  IoThreads threads_{[this](LogLevel, std::string_view line) {
    const std::lock_guard lock(mutex_);
    log_ += std::string(line) + '\n';
  }};
};

TEST_F(IoThreadsTest, ACallerThatIsAloneRunsItsHandlersItself) {
  start();
  ASSERT_TRUE(is_helped_soon());
  // While one help follows the other at once, the I/O thread stays aside.
  int own = 0;
  for (int i = 0; i < 200; ++i)
    own += run_one_with_help() == std::this_thread::get_id() ? 1 : 0;
  EXPECT_GT(own, 100);
}

TEST_F(IoThreadsTest, ACallerThatHelpsHearsAtOnceOfWhatTheIoThreadStillRan) {
  start();
  std::promise<void> waiting;
  std::promise<void> begun;
  std::atomic<bool> ran{false};
  asio::post(threads_.context(), [&] {
    begun.set_value();
    waiting.get_future().wait();
    ran = true;
  });
  ASSERT_EQ(begun.get_future().wait_for(patience), std::future_status::ready);
  IoThreads::Caller caller(threads_);
  const auto begin = steady_clock::now();
  bool first = true;
  caller.help(
      [&] {
        if (std::exchange(first, false)) waiting.set_value();
        return ran.load();
      },
      begin + patience);
  EXPECT_TRUE(ran);
  EXPECT_LT(steady_clock::now() - begin, patience / 2);
}

TEST_F(IoThreadsTest, WithoutCallersTheIoThreadComesBack) {
  start();
  ASSERT_TRUE(is_helped_soon());
  std::promise<std::thread::id> ran;
  asio::steady_timer timer(threads_.context(), 20ms);
  timer.async_wait([&ran](const std::error_code&) { ran.set_value(std::this_thread::get_id()); });
  auto future = ran.get_future();
  ASSERT_EQ(future.wait_for(patience), std::future_status::ready);
  EXPECT_NE(future.get(), std::this_thread::get_id());
}

TEST_F(IoThreadsTest, ACallerThatHasOtherWorkCallsTheIoThread) {
  start();
  ASSERT_TRUE(is_helped_soon());
  IoThreads::Caller caller(threads_);
  caller.call_io_thread();
  std::promise<std::thread::id> ran;
  asio::post(threads_.context(), [&ran] { ran.set_value(std::this_thread::get_id()); });
  auto future = ran.get_future();
  ASSERT_EQ(future.wait_for(patience), std::future_status::ready);
  EXPECT_NE(future.get(), std::this_thread::get_id());
}

TEST_F(IoThreadsTest, AHelpThatTakesLongEndsWhenAnotherCallerComes) {
  start();
  ASSERT_TRUE(is_helped_soon());
  std::promise<void> helping;
  std::atomic<bool> wanted{false};
  std::thread first([&] {
    IoThreads::Caller caller(threads_);
    asio::post(threads_.context(), [&helping] { helping.set_value(); });
    caller.help([&] { return wanted.load(); }, steady_clock::now() + patience);
  });
  ASSERT_EQ(helping.get_future().wait_for(patience), std::future_status::ready);
  IoThreads::Caller second(threads_);
  std::promise<void> ran;
  asio::post(threads_.context(), [&ran] { ran.set_value(); });
  first.join();  // Though what it wanted has not happened.
  EXPECT_EQ(ran.get_future().wait_for(patience), std::future_status::ready);
}

TEST_F(IoThreadsTest, ManyCallersAtOnceAllGetWhatTheyWaitFor) {
  start();
  std::vector<std::thread> callers;
  std::atomic<int> ran{0};
  for (int c = 0; c < 8; ++c) {
    callers.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        IoThreads::Caller caller(threads_);
        std::promise<void> done;
        auto future = done.get_future();
        asio::post(threads_.context(), [&] {
          ++ran;
          done.set_value();
        });
        caller.help([&] { return future.wait_for(0s) == std::future_status::ready; },
                    steady_clock::now() + 200ms);
        ASSERT_EQ(future.wait_for(patience), std::future_status::ready);
      }
    });
  }
  for (std::thread& caller : callers)
    caller.join();
  EXPECT_EQ(ran, 8 * 500);
}

TEST_F(IoThreadsTest, AHelpEndsAtItsDeadline) {
  start();
  IoThreads::Caller caller(threads_);
  const auto begin = steady_clock::now();
  caller.help([] { return false; }, begin + 50ms);
  EXPECT_LT(steady_clock::now() - begin, patience);
}

TEST_F(IoThreadsTest, CloseWaitsForAHelperAndNothingRunsAfterIt) {
  start();
  ASSERT_TRUE(is_helped_soon());
  std::promise<void> helping;
  std::atomic<int> running{0};
  std::thread helper([&] {
    IoThreads::Caller caller(threads_);
    asio::post(threads_.context(), [&] { helping.set_value(); });
    caller.help(
        [&] {
          ++running;
          return false;
        },
        steady_clock::now() + patience);
    running = -1;
  });
  ASSERT_EQ(helping.get_future().wait_for(patience), std::future_status::ready);
  const auto begin = steady_clock::now();
  threads_.close(100ms);
  EXPECT_LT(steady_clock::now() - begin, patience / 2);
  EXPECT_TRUE(threads_.ended());
  helper.join();
  EXPECT_EQ(running, -1);
  IoThreads::Caller late(threads_);
  late.help([] { return false; }, steady_clock::now() + patience);  // Returns at once.
}

TEST_F(IoThreadsTest, AHandlerThatThrowsEndsNoHelp) {
  start();
  ASSERT_TRUE(is_helped_soon());
  IoThreads::Caller caller(threads_);
  std::atomic<bool> after{false};  // The I/O thread may have come back and run either.
  asio::post(threads_.context(), [] { throw std::runtime_error("out of order"); });
  asio::post(threads_.context(), [&after] { after = true; });
  const auto deadline = steady_clock::now() + patience;
  caller.help([&] { return after.load(); }, deadline);
  EXPECT_TRUE(after);
  const auto told = [this] {
    return logged().find("A handler of the RocketMQ client failed: out of order") != std::string::npos;
  };
  while (!told() && steady_clock::now() < deadline)
    std::this_thread::sleep_for(1ms);
  EXPECT_TRUE(told());
}

TEST_F(IoThreadsTest, NobodyHelpsWhereThatIsNotWantedOrThereAreSeveralThreads) {
  start(false);
  IoThreads several({});
  several.start(2, true);
  for (IoThreads* threads : {&threads_, &several}) {
    IoThreads::Caller caller(*threads);
    bool asked = false;
    caller.help([&] { return asked = true; }, steady_clock::now() + patience);
    EXPECT_FALSE(asked);
  }
}

}  // namespace
}  // namespace rocketmq::client
