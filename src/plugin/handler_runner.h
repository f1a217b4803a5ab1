#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "client/consumer.h"
#include "plugin/call_pacing.h"
#include "plugin/failure_log.h"
#include "plugin/job.h"
#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// A handler thread of a job: takes messages, calls the handler with a fresh table, acknowledges.
///
/// A message is acknowledged only after the handler had it. A handler that throws on several rows gets them
/// again in parts, because nobody knows which of them it minds: so only those fail that it throws on alone.
/// Nothing leaves this thread, neither exceptions nor references to the session once the job has ended.
class HandlerRunner : public Runnable {
 public:
  /// Makes the table of these messages; throws if the server cannot.
  using TableMaker = std::function<TableSP(std::span<const ReceivedMessage> messages)>;

  HandlerRunner(std::shared_ptr<Job> job, FunctionDefSP handler, SessionSP session, TableMaker make_table);

  /// True on a thread that is running a handler of `job`: such a thread must not wait for the job's end.
  [[nodiscard]] static bool is_thread_of(const Job& job) noexcept;

 protected:
  void run() override;

 private:
  void work();
  void poll_and_handle(Consumer& consumer);
  /// Calls the handler on the messages; `failed` gets the rows that it throws on alone. Returns how many rows
  /// are dealt with: not all of them if the job is cancelled while they are handed over one by one, if
  /// the process exits, or if no table can be made of one (see trouble_). The others are for the next
  /// poller.
  [[nodiscard]] std::size_t handle(const Delivery& delivery, std::vector<std::size_t>& failed);
  struct Outcome {
    std::string error;       ///< Empty if the handler returned, otherwise what was thrown.
    bool was_called = true;  ///< False if there was no table to call it with.
  };
  [[nodiscard]] Outcome call_handler(const Delivery& delivery, std::size_t first, std::size_t count);
  void count_failure(const ReceivedMessage& message, const std::string& error);

  std::shared_ptr<Job> job_;
  FunctionDefSP handler_;
  SessionSP session_;
  TableMaker make_table_;
  CallPacing pacing_;
  FailureLog failure_log_;
  std::string trouble_;    // Why rows were given back without a call of the handler; empty if none were.
  int tables_failed_ = 0;  // One after another, of a single row each.
};

/// Starts a handler thread for each session; see Job::start_threads.
void start_handler_threads(const std::shared_ptr<Job>& job, const FunctionDefSP& handler,
                           const std::vector<SessionSP>& sessions);

}  // namespace rocketmq::plugin
