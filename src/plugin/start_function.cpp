#include "plugin/start_function.h"

#include <exception>
#include <utility>
#include <vector>

#include "plugin/argument_error.h"
#include "plugin/start_table.h"
#include "plugin/subscription_arguments.h"

namespace rocketmq::plugin {

namespace {

/// The function that this thread calls; set for as long as the thread lives.
thread_local const StartFunction* function_of_this_thread = nullptr;

}  // namespace

class StartFunction::Caller : public Runnable {
 public:
  explicit Caller(StartFunction& function) : function_(function) {}

 protected:
  void run() override { function_.work(); }

 private:
  StartFunction& function_;
};

StartFunction::StartFunction(FunctionDefSP function, SessionSP session, std::vector<std::string> topics)
    : function_(std::move(function)), session_(std::move(session)), topics_(std::move(topics)) {
  thread_ = ThreadSP(new Thread(RunnableSP(new Caller(*this))));
  thread_->start();
}

void StartFunction::ask(StartOffsetsAnswer answer) {
  const std::lock_guard lock(mutex_);
  question_ = std::move(answer);
  changed_.notify_all();
}

bool StartFunction::is_this_thread() const {
  return function_of_this_thread == this;
}

void StartFunction::stop() {
  ThreadSP thread;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    std::swap(thread, thread_);
  }
  if (!thread.isNull()) thread->join();
}

void StartFunction::work() {
  function_of_this_thread = this;
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || question_; });
    if (stopping_) break;
    const StartOffsetsAnswer question = std::exchange(question_, nullptr);
    lock.unlock();
    call_and(question);
    lock.lock();
  }
  question_ = nullptr;
  lock.unlock();
  // What the function holds is let go now and not when somebody forgets the job.
  function_.clear();
  session_.clear();
}

// Whatever goes wrong is told to the consumer, which says so and asks again.
void StartFunction::call_and(const StartOffsetsAnswer& answer) {
  Failure failure;
  std::vector<QueueStart> starts;
  try {
    std::vector<ConstantSP> no_arguments;
    starts = read_start_table(start_offsets_name, function_->call(session_->getHeap().get(), no_arguments),
                              topics_);
  } catch (const ArgumentError& error) {
    failure = {Errc::invalid_argument, error.what(), {}};
  } catch (const std::exception& error) {
    failure = {
        Errc::invalid_argument, std::string("startOffsets: the function has thrown: ") + error.what(), {}};
  } catch (...) {
    failure = {Errc::invalid_argument, "startOffsets: the function has thrown", {}};
  }
  answer(failure, starts);
}

std::shared_ptr<StartFunction> ask_start_function(const FunctionDefSP& function, const SessionSP& session,
                                                  ConsumerConfig& consumer) {
  if (function.isNull()) return nullptr;
  auto start_function = std::make_shared<StartFunction>(function, session, topics_of(consumer.subscriptions));
  consumer.ask_start_offsets = [start_function](StartOffsetsAnswer answer) {
    start_function->ask(std::move(answer));
  };
  return start_function;
}

}  // namespace rocketmq::plugin
