#include "Concurrent.h"

#include <unistd.h>

#include <chrono>

HOST_SDK_BEGIN

void Runnable::start() {
  status_ = Status::running;
  run();
  status_ = Status::complete;
}

Thread::~Thread() {
  if (thread_.joinable()) thread_.detach();
}

void Thread::start() {
  // The thread holds the work itself, so that it may outlive this object.
  thread_ = std::thread([work = run_] { work->start(); });
}

void Thread::join() {
  if (thread_.joinable()) thread_.join();
}

void Thread::detach() {
  if (thread_.joinable()) thread_.detach();
}

void Thread::sleep(int milliSeconds) {
  if (milliSeconds > 0) std::this_thread::sleep_for(std::chrono::milliseconds(milliSeconds));
}

int Thread::getID() {
  return static_cast<int>(gettid());
}

HOST_SDK_END
