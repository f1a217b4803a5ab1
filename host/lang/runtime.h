// What all sessions of the process have in common.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "CoreConcept.h"

HOST_SDK_USE;

namespace host {

// Built-in and plugin functions, shared tables, and the request to stop. Thread-safe.
class Runtime {
 public:
  static Runtime& instance();

  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  // `name` is as scripts write it: `size`, `RocketMQ::send`. A null pointer if there is none.
  [[nodiscard]] FunctionDefSP find_function(const std::string& name) const;
  void add_function(const FunctionDefSP& function);
  [[nodiscard]] bool has_module(const std::string& module) const;

  // A null pointer if nothing is shared under the name.
  [[nodiscard]] ConstantSP find_shared(const std::string& name) const;
  void share(const std::string& name, const ConstantSP& table);
  void release_shared();

  // Where plugins keep files: what getHomeDir gives. Set it before scripts run.
  [[nodiscard]] const std::string& home() const noexcept { return home_; }
  void set_home(const std::string& directory) { home_ = directory; }

  // After interrupt() every script that runs in a thread of the host ends with Interrupted at its next
  // statement, and every sleep there at once. A plugin's threads go on: whether its handlers end early is the
  // plugin's business, and a handler that failed for no reason of its own might lose what it was given.
  void interrupt();
  // The same for the command of the prompt alone: background jobs go on.
  void interrupt_command();
  // What a thread of the host runs: the command, or a job in the background.
  enum class Work { command, job };
  // Says that the calling thread is one of the host's, which interrupt() ends.
  static void make_thread_interruptible(Work work) noexcept;
  // Whether the calling thread is to end.
  [[nodiscard]] bool interrupted() const noexcept;
  // The prompt goes on after an interruption of its command.
  void clear_command_interrupt() noexcept { command_interrupted_.store(false); }
  // Throws Interrupted if the calling thread is to end.
  void check_interrupt() const;
  // Throws Interrupted if the sleep was cut short.
  void sleep(std::chrono::milliseconds duration);

 private:
  Runtime();

  mutable std::mutex mutex_;
  std::map<std::string, FunctionDefSP> functions_;
  std::map<std::string, ConstantSP> shared_;
  std::string home_ = ".";
  std::condition_variable wake_;
  std::mutex sleep_mutex_;
  std::atomic<bool> interrupted_{false};
  std::atomic<bool> command_interrupted_{false};
};

}  // namespace host
