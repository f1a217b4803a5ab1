#include "simulation/simulated_threads.h"

#include <algorithm>
#include <asio/io_context.hpp>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "client/core/io_threads.h"

namespace rocketmq::simulation {
namespace {

std::vector<asio::io_context*>& contexts() {
  static std::vector<asio::io_context*> all;
  return all;
}

}  // namespace

void SimulatedThreads::run_ready(std::minstd_rand& random) {
  std::vector<asio::io_context*> idle;
  while (idle.size() < contexts().size()) {
    const std::size_t chosen = random() % contexts().size();
    asio::io_context* const context = contexts()[chosen];
    if (std::find(idle.begin(), idle.end(), context) != idle.end()) continue;
    if (context->poll_one() > 0) {
      idle.clear();  // It may have given others something to do.
    } else {
      idle.push_back(context);
    }
  }
}

}  // namespace rocketmq::simulation

namespace rocketmq::client {

IoThreads::IoThreads(LogSink log)
    : shared_(std::make_shared<Shared>(std::move(log))),
      context_(&shared_->context),
      work_(asio::make_work_guard(*context_)) {
  simulation::contexts().push_back(context_);
}

IoThreads::~IoThreads() {
  close(std::chrono::milliseconds(0));
}

void IoThreads::start(int /*count*/, bool /*may_help*/) {}

// There is one thread, and callers never wait.
IoThreads::Caller::Caller(IoThreads& threads) : shared_(threads.shared_) {}
IoThreads::Caller::~Caller() = default;
void IoThreads::Caller::help(const std::function<bool()>& /*done*/,
                             std::chrono::steady_clock::time_point /*deadline*/) {}
void IoThreads::Caller::call_io_thread() {}

// An exception is a fault of the program here: nothing runs short of memory.
void IoThreads::Shared::note_failure(const char* what) noexcept {
  std::fprintf(stderr, "a handler of the client threw: %s\n", what);
  std::abort();
}

void IoThreads::close(std::chrono::milliseconds /*deadline*/) {
  if (shared_->closed) return;
  shared_->closed = true;
  work_.reset();
  while (context_->poll() > 0) {
  }
  context_->stop();
  std::erase(simulation::contexts(), context_);
}

bool IoThreads::on_own_thread() const {
  return false;
}

bool IoThreads::ended() const {
  return shared_->closed;
}

}  // namespace rocketmq::client
