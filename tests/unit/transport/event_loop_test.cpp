#include "transport/event_loop.h"

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

namespace rocketmq::transport {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto patience = 10s;

class EventLoopTest : public testing::Test {
 protected:
  /// Posts what notes the thread that runs it, and waits for that.
  std::thread::id run_one_as_waiter() {
    EventLoop::Waiter waiter(loop_);
    std::promise<std::thread::id> ran;
    auto future = ran.get_future();
    asio::post(loop_.context(), [&ran] { ran.set_value(std::this_thread::get_id()); });
    waiter.run_until([&] { return future.wait_for(0s) == std::future_status::ready; },
                     steady_clock::now() + patience);
    return future.get();
  }

  /// The loop's own thread may run the first ones, until it has noticed the waiter.
  bool runs_itself_soon() {
    const auto deadline = steady_clock::now() + patience;
    while (steady_clock::now() < deadline) {
      if (run_one_as_waiter() == std::this_thread::get_id()) return true;
    }
    return false;
  }

  std::string logged() {
    const std::lock_guard lock(mutex_);
    return log_;
  }

  std::mutex mutex_;
  std::string log_;
  EventLoop loop_{[this](LogLevel, std::string_view line) {
    const std::lock_guard lock(mutex_);
    log_ += std::string(line) + '\n';
  }};
};

TEST_F(EventLoopTest, AWaiterThatIsAloneRunsTheHandlersItself) {
  loop_.start();
  ASSERT_TRUE(runs_itself_soon());
  // While one waiter follows the other at once, the loop's own thread stays aside.
  int own = 0;
  for (int i = 0; i < 200; ++i)
    own += run_one_as_waiter() == std::this_thread::get_id() ? 1 : 0;
  EXPECT_GT(own, 100);
}

TEST_F(EventLoopTest, AWaiterHearsAtOnceOfWhatTheLoopsOwnThreadStillRan) {
  loop_.start();
  std::promise<void> release;
  std::promise<void> begun;
  std::atomic<bool> ran{false};
  loop_.post([&] {
    begun.set_value();
    release.get_future().wait();
    ran = true;
  });
  ASSERT_EQ(begun.get_future().wait_for(patience), std::future_status::ready);
  const auto begin = steady_clock::now();
  std::thread waiting([&] {
    EventLoop::Waiter waiter(loop_);
    waiter.run_until([&] { return ran.load(); }, begin + patience);
  });
  release.set_value();
  waiting.join();
  EXPECT_TRUE(ran);
  EXPECT_LT(steady_clock::now() - begin, patience / 2);
}

TEST_F(EventLoopTest, WithoutWaitersTheLoopsOwnThreadComesBack) {
  loop_.start();
  ASSERT_TRUE(runs_itself_soon());
  std::promise<std::thread::id> ran;
  asio::steady_timer timer(loop_.context(), 20ms);
  timer.async_wait([&ran](const std::error_code&) { ran.set_value(std::this_thread::get_id()); });
  auto future = ran.get_future();
  ASSERT_EQ(future.wait_for(patience), std::future_status::ready);
  EXPECT_NE(future.get(), std::this_thread::get_id());
}

TEST_F(EventLoopTest, AWaiterThatHasOtherWorkCallsTheLoopsOwnThread) {
  loop_.start();
  ASSERT_TRUE(runs_itself_soon());
  EventLoop::Waiter waiter(loop_);
  waiter.call_thread();
  std::promise<std::thread::id> ran;
  asio::post(loop_.context(), [&ran] { ran.set_value(std::this_thread::get_id()); });
  auto future = ran.get_future();
  ASSERT_EQ(future.wait_for(patience), std::future_status::ready);
  EXPECT_NE(future.get(), std::this_thread::get_id());
}

TEST_F(EventLoopTest, AWaiterThatTakesLongEndsWhenAnotherOneComes) {
  loop_.start();
  ASSERT_TRUE(runs_itself_soon());
  std::promise<void> helping;
  std::atomic<bool> wanted{false};
  std::thread first([&] {
    EventLoop::Waiter waiter(loop_);
    asio::post(loop_.context(), [&helping] { helping.set_value(); });
    waiter.run_until([&] { return wanted.load(); }, steady_clock::now() + patience);
  });
  ASSERT_EQ(helping.get_future().wait_for(patience), std::future_status::ready);
  EventLoop::Waiter second(loop_);
  std::promise<void> ran;
  asio::post(loop_.context(), [&ran] { ran.set_value(); });
  first.join();  // Though what it wanted has not happened.
  EXPECT_EQ(ran.get_future().wait_for(patience), std::future_status::ready);
}

TEST_F(EventLoopTest, ManyWaitersAtOnceAllGetWhatTheyWaitFor) {
  loop_.start();
  std::vector<std::thread> waiters;
  std::atomic<int> ran{0};
  for (int c = 0; c < 8; ++c) {
    waiters.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        EventLoop::Waiter waiter(loop_);
        std::promise<void> done;
        auto future = done.get_future();
        asio::post(loop_.context(), [&] {
          ++ran;
          done.set_value();
        });
        waiter.run_until([&] { return future.wait_for(0s) == std::future_status::ready; },
                         steady_clock::now() + 200ms);
        ASSERT_EQ(future.wait_for(patience), std::future_status::ready);
      }
    });
  }
  for (std::thread& waiter : waiters)
    waiter.join();
  EXPECT_EQ(ran, 8 * 500);
}

TEST_F(EventLoopTest, AWaiterEndsAtItsDeadline) {
  loop_.start();
  EventLoop::Waiter waiter(loop_);
  const auto begin = steady_clock::now();
  waiter.run_until([] { return false; }, begin + 50ms);
  EXPECT_LT(steady_clock::now() - begin, patience);
}

TEST_F(EventLoopTest, CloseWaitsForAWaiterAndNothingRunsAfterIt) {
  loop_.start();
  ASSERT_TRUE(runs_itself_soon());
  std::promise<void> helping;
  std::atomic<int> running{0};
  std::thread helper([&] {
    EventLoop::Waiter waiter(loop_);
    asio::post(loop_.context(), [&] { helping.set_value(); });
    waiter.run_until(
        [&] {
          ++running;
          return false;
        },
        steady_clock::now() + patience);
    running = -1;
  });
  ASSERT_EQ(helping.get_future().wait_for(patience), std::future_status::ready);
  const auto begin = steady_clock::now();
  loop_.close(100ms);
  EXPECT_LT(steady_clock::now() - begin, patience / 2);
  EXPECT_TRUE(loop_.ended());
  helper.join();
  EXPECT_EQ(running, -1);
  EventLoop::Waiter late(loop_);
  late.run_until([] { return false; }, steady_clock::now() + patience);  // Returns at once.
}

TEST_F(EventLoopTest, AHandlerThatThrowsEndsNoWaiter) {
  loop_.start();
  ASSERT_TRUE(runs_itself_soon());
  EventLoop::Waiter waiter(loop_);
  std::atomic<bool> after{false};  // The loop's own thread may have come back and run either.
  asio::post(loop_.context(), [] { throw std::runtime_error("out of order"); });
  asio::post(loop_.context(), [&after] { after = true; });
  const auto deadline = steady_clock::now() + patience;
  waiter.run_until([&] { return after.load(); }, deadline);
  EXPECT_TRUE(after);
  const auto told = [this] {
    return logged().find("A handler of the RocketMQ client failed: out of order") != std::string::npos;
  };
  while (!told() && steady_clock::now() < deadline)
    std::this_thread::sleep_for(1ms);
  EXPECT_TRUE(told());
}

}  // namespace
}  // namespace rocketmq::transport
