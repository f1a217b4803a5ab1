// What threads may do at once: share pointers, append to tables while others read them, run Runnables.
#include <gtest/gtest.h>

#include <atomic>

#include "ScalarImp.h"
#include "TableImp.h"
#include "empty_session.h"

HOST_SDK_USE;

namespace {

class Task : public Runnable {
 public:
  explicit Task(std::function<void()> work) : work_(std::move(work)) {}

 protected:
  void run() override { work_(); }

 private:
  std::function<void()> work_;
};

ThreadSP started(const std::function<void()>& work) {
  ThreadSP thread = new Thread(new Task(work));
  thread->start();
  return thread;
}

TEST(ThreadTest, RunsItsWorkOnceAndTellsItsState) {
  std::atomic<int> runs{0};
  const ThreadSP thread = new Thread(new Task([&] { ++runs; }));
  EXPECT_FALSE(thread->isStarted());
  thread->join();
  thread->start();
  thread->join();
  thread->join();
  EXPECT_TRUE(thread->isComplete());
  EXPECT_FALSE(thread->isRunning());
  EXPECT_EQ(runs, 1);
}

TEST(ValuePointerThreads, CountReferencesWithoutLoss) {
  static std::atomic<int> closed;
  closed = 0;
  SysProc count = [](Heap*, vector<ConstantSP>&) { ++closed; };
  const SessionSP session = new EmptySession();
  ConstantSP shared =
      Util::createResource(1, "r", Util::createSystemProcedure("count", count, 1, 1), session.get());
  vector<ThreadSP> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.push_back(started([copy = shared] {
      for (int n = 0; n < 1000; ++n) {
        ConstantSP own = copy;
        EXPECT_EQ(own->getLong(), 1);
        own.clear();
      }
    }));
  }
  shared.clear();
  for (const ThreadSP& thread : threads) {
    thread->join();
  }
  threads.clear();
  EXPECT_EQ(closed, 1);
}

TEST(TableThreads, AppendWhileOthersReadAndPrint) {
  const TableSP table = Util::createTable({"id", "msg"}, vector<DATA_TYPE>{DT_INT, DT_STRING}, 0, 0);
  constexpr int rows_per_thread = 500;
  vector<ThreadSP> threads;
  threads.reserve(4);
  for (int i = 0; i < 3; ++i) {
    threads.push_back(started([table] {
      for (int n = 0; n < rows_per_thread; ++n) {
        vector<ConstantSP> row{new Int(n), new String(std::to_string(n))};
        INDEX rows = 0;
        string error;
        EXPECT_TRUE(table->append(row, rows, error)) << error;
      }
    }));
  }
  INDEX seen = 0;
  while (seen < 3 * rows_per_thread) {
    const TableSP copy = table->getValue();
    EXPECT_EQ(copy->getColumn(0)->size(), copy->getColumn(1)->size());
    EXPECT_FALSE(table->getString().empty());
    const LockGuard<Mutex> guard(table->getLock());
    const ConstantSP ids = table->getColumn("id");
    EXPECT_GE(ids->size(), seen);
    seen = ids->size();
  }
  for (const ThreadSP& thread : threads) {
    thread->join();
  }
  EXPECT_EQ(table->size(), 3 * rows_per_thread);
}

TEST(LockGuardTest, TakesNoLockFromANullPointer) {
  LockGuard<Mutex> guard(nullptr);
  guard.unlock();
  Mutex mutex;
  LockGuard<Mutex> held(&mutex);
  bool free_elsewhere = true;
  started([&] { free_elsewhere = mutex.tryLock(); })->join();
  EXPECT_FALSE(free_elsewhere);
}

}  // namespace
