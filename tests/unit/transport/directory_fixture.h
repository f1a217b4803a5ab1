#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/fake_broker.h"
#include "support/fake_broker_sockets.h"
#include "transport/directory.h"

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

/// A directory on two I/O threads (or `io_threads_`), its log, and waits for everything. The parameter:
/// whether it writes at once.
class DirectoryTest : public ::testing::TestWithParam<bool> {
 protected:
  static constexpr std::chrono::milliseconds patience = FakeServer::patience;

  ~DirectoryTest() override { finish(); }

  /// To be called before the first request, where the defaults will not do.
  void open(DirectoryOptions options) {
    options.write_at_once = GetParam();
    options.log = [this](LogLevel, std::string_view line) {
      const std::lock_guard lock(mutex_);
      log_.emplace_back(line);
      changed_.notify_all();
    };
    directory_ = std::make_unique<Directory>(context_, std::move(options));
    work_.emplace(asio::make_work_guard(context_));
    for (int i = 0; i < io_threads_; ++i)
      threads_.emplace_back([this] { context_.run(); });
  }

  Directory& directory() {
    if (!directory_) open({});
    return *directory_;
  }

  /// Closes the directory and runs the context dry; fails the test if that takes longer than `limit`.
  void finish(std::chrono::milliseconds limit = patience) {
    if (threads_.empty()) return;
    const auto begin = Clock::now();
    directory_->close();
    work_.reset();
    for (std::thread& thread : threads_)
      thread.join();
    threads_.clear();
    EXPECT_LT(Clock::now() - begin, limit) << "closing took too long";
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
    directory().request(
        address, command(code), std::move(request_body), timeout,
        [promise](const Failure& failure, wire::ReceivedCommand&& reply) {
          promise->set_value({failure, std::move(reply.header), std::string(as_text(reply.body.view))});
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

  asio::io_context context_;
  int io_threads_ = 2;

 private:
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work_;
  std::unique_ptr<Directory> directory_;
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> log_;  // Guarded.
};

inline std::string name_of_writing(const ::testing::TestParamInfo<bool>& at_once) {
  return at_once.param ? "AtOnce" : "Soon";
}

}  // namespace rocketmq::transport
