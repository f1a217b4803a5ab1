// Threads and locks with the SDK's names. Only what the portable subset and the host need.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "SmartPointer.h"

HOST_SDK_BEGIN

/// The work of a thread. start() runs it in the calling thread; Thread calls it in its own.
class Runnable {
 public:
  Runnable() = default;
  Runnable(const Runnable&) = delete;
  Runnable& operator=(const Runnable&) = delete;
  virtual ~Runnable() = default;

  void start();
  bool isStarted() const { return status_ != Status::waiting; }
  bool isRunning() const { return status_ == Status::running; }
  bool isComplete() const { return status_ == Status::complete; }

 protected:
  /// An exception that leaves run() in a Thread ends the process, as it does in a server.
  virtual void run() = 0;

 private:
  enum class Status : char { waiting, running, complete };
  std::atomic<Status> status_{Status::waiting};
};

using RunnableSP = SmartPointer<Runnable>;

/// One operating-system thread. The Runnable lives at least as long as the thread runs. A Thread that is
/// destroyed without join() leaves its thread running, as the SDK's does.
class Thread {
 public:
  explicit Thread(const RunnableSP& run) : run_(run) {}
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;
  ~Thread();

  void start();
  /// Waits for the end of run(). A second call, or one before start(), returns at once.
  void join();
  void detach();
  bool isStarted() const { return !run_.isNull() && run_->isStarted(); }
  bool isRunning() const { return !run_.isNull() && run_->isRunning(); }
  bool isComplete() const { return !run_.isNull() && run_->isComplete(); }
  bool isCurrentThread() const { return thread_.get_id() == std::this_thread::get_id(); }
  static void sleep(int milliSeconds);
  /// The operating system's number of the calling thread.
  static int getID();

 private:
  RunnableSP run_;
  std::thread thread_;
};

using ThreadSP = SmartPointer<Thread>;

/// Recursive here: the host's tables lock themselves, also below a caller that already holds the lock.
/// The plugin must not rely on it.
class Mutex {
 public:
  void lock() { mutex_.lock(); }
  bool tryLock() { return mutex_.try_lock(); }
  void unlock() { mutex_.unlock(); }

 private:
  std::recursive_mutex mutex_;
};

/// Holds a lock until its end or unlock(). A null pointer locks nothing, because a server's table has no
/// lock unless it is shared.
template <class T>
class LockGuard {
 public:
  explicit LockGuard(T* res, bool acquireLock = true) : res_(res) {
    if (res_ != nullptr && acquireLock) res_->lock();
  }
  LockGuard(const LockGuard&) = delete;
  LockGuard& operator=(const LockGuard&) = delete;
  ~LockGuard() { unlock(); }

  void unlock() {
    if (T* held = std::exchange(res_, nullptr)) held->unlock();
  }

 private:
  T* res_;
};

HOST_SDK_END
