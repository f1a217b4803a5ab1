#include "lang/runtime.h"

#include <optional>
#include <utility>

#include "Util.h"
#include "lang/builtins.h"
#include "lang/script_error.h"

namespace host {

namespace {

// None: a thread of a plugin.
thread_local std::optional<Runtime::Work> work_of_thread;

}  // namespace

Runtime& Runtime::instance() {
  static Runtime runtime;
  return runtime;
}

Runtime::Runtime() {
  for (const auto& list : {conversion_builtins(), math_builtins(), string_builtins(), table_builtins(),
                           system_builtins(), json_builtins()}) {
    for (const auto& builtin : list) {
      functions_[builtin.name] = FunctionDefSP(
          Util::createSystemFunction(builtin.name, builtin.function, builtin.least, builtin.most, false));
    }
  }
}

FunctionDefSP Runtime::find_function(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = functions_.find(name);
  return found == functions_.end() ? FunctionDefSP() : found->second;
}

void Runtime::add_function(const FunctionDefSP& function) {
  const std::lock_guard lock(mutex_);
  functions_[function->getFullName()] = function;
}

bool Runtime::has_module(const std::string& module) const {
  const std::lock_guard lock(mutex_);
  const auto prefix = module + "::";
  const auto found = functions_.lower_bound(prefix);
  return found != functions_.end() && found->first.compare(0, prefix.size(), prefix) == 0;
}

ConstantSP Runtime::find_shared(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = shared_.find(name);
  return found == shared_.end() ? ConstantSP() : found->second;
}

void Runtime::share(const std::string& name, const ConstantSP& table) {
  TableSP(table)->setSharedTable(true);
  const std::lock_guard lock(mutex_);
  shared_[name] = table;
}

void Runtime::release_shared() {
  // Destroyed after the lock is gone: a destructor may run code of a plugin.
  std::map<std::string, ConstantSP> released;
  const std::lock_guard lock(mutex_);
  released.swap(shared_);
}

void Runtime::make_thread_interruptible(Work work) noexcept {
  work_of_thread = work;
}

bool Runtime::interrupted() const noexcept {
  if (!work_of_thread) return false;
  return interrupted_.load() || (*work_of_thread == Work::command && command_interrupted_.load());
}

void Runtime::interrupt() {
  {
    const std::lock_guard lock(sleep_mutex_);
    interrupted_.store(true);
  }
  wake_.notify_all();
}

void Runtime::interrupt_command() {
  {
    const std::lock_guard lock(sleep_mutex_);
    command_interrupted_.store(true);
  }
  wake_.notify_all();
}

void Runtime::check_interrupt() const {
  if (interrupted()) throw Interrupted();
}

void Runtime::sleep(std::chrono::milliseconds duration) {
  std::unique_lock lock(sleep_mutex_);
  wake_.wait_for(lock, duration, [this] { return interrupted(); });
  lock.unlock();
  check_interrupt();
}

}  // namespace host
