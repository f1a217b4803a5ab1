#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/fake_broker.h"
#include "support/fake_broker_sockets.h"
#include "transport/event_loop.h"
#include "transport/remoting_client.h"

namespace rocketmq::transport {

using namespace std::chrono_literals;
using test::Action;
using test::FakeRequest;
using test::FakeServer;

/// What a request ended with.
struct Outcome {
  Failure failure;
  wire::Command header;
  std::string body;
};

/// A RemotingClient on a loop of its own, its log, and waits for everything.
class RemotingTest : public ::testing::Test {
 protected:
  static constexpr std::chrono::milliseconds patience = FakeServer::patience;

  ~RemotingTest() override { finish(); }

  /// To be called before the first request, if the defaults will not do.
  void open(RemotingOptions options) {
    options.log = [this](LogLevel, std::string_view line) {
      const std::lock_guard lock(mutex_);
      log_.emplace_back(line);
      changed_.notify_all();
    };
    loop_ = std::make_unique<EventLoop>(options.log);
    remoting_ = make_remoting_client(*loop_, std::move(options));
    loop_->start();
  }

  /// To be used on the loop, or before the first request.
  RemotingClient& remoting() {
    if (!remoting_) open({});
    return *remoting_;
  }

  /// Runs `function` on the loop and waits for its end.
  void on_loop(const std::function<void()>& function) {
    (void)remoting();
    std::promise<void> done;
    loop_->post([&] {
      function();
      done.set_value();
    });
    ASSERT_EQ(done.get_future().wait_for(patience), std::future_status::ready);
  }

  /// Closes the client and runs the loop dry; fails the test if that takes longer than `limit`.
  void finish(std::chrono::milliseconds limit = patience) {
    if (!loop_) return;
    const auto begin = Clock::now();
    loop_->post([remoting = remoting_] { remoting->close(); });
    loop_->close(limit);
    EXPECT_LT(Clock::now() - begin, limit) << "closing took too long";
    loop_.reset();
    remoting_.reset();
  }

  static wire::Command command(std::int32_t code) {
    wire::Command result;
    result.code = code;
    return result;
  }

  static RequestBody body(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

  /// Starts a request. The promise is broken loudly should the handler run twice.
  std::future<Outcome> ask(const std::string& address, std::int32_t code, RequestBody request_body = nullptr,
                           std::chrono::milliseconds timeout = patience) {
    auto promise = std::make_shared<std::promise<Outcome>>();
    auto future = promise->get_future();
    (void)remoting();
    loop_->post([this, address, code, request_body = std::move(request_body), timeout, promise] {
      remoting_->request(
          address, command(code), request_body, timeout,
          [promise](const Failure& failure, wire::ReceivedCommand&& reply) {
            promise->set_value({failure, std::move(reply.header), std::string(as_text(reply.body.view))});
          });
    });
    return future;
  }

  static Outcome get(std::future<Outcome>&& future) {
    if (future.wait_for(2 * patience) != std::future_status::ready) {
      ADD_FAILURE() << "the handler was not called";
      return {{Errc::invalid_argument, "no outcome", std::nullopt}, {}, {}};
    }
    return future.get();
  }

  [[nodiscard]] bool wait_log(const std::string& part) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] {
      for (const std::string& line : log_) {
        if (line.find(part) != std::string::npos) return true;
      }
      return false;
    });
  }

  [[nodiscard]] std::size_t lines_with(const std::string& part) {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::count_if(log_.begin(), log_.end(), [&part](const std::string& line) {
      return line.find(part) != std::string::npos;
    }));
  }

 private:
  std::unique_ptr<EventLoop> loop_;
  std::shared_ptr<RemotingClient> remoting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> log_;  // Guarded.
};

}  // namespace rocketmq::transport
