#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "plugin/call_pacing.h"
#include "plugin/error_handler.h"
#include "plugin/failure_log.h"
#include "plugin/job.h"
#include "plugin/message_table.h"
#include "plugin/sdk.h"
#include "rocketmq/consumer.h"

namespace rocketmq::plugin {

/// The functions of a job.
struct Handlers {
  FunctionDefSP handler;
  FunctionDefSP error_handler;  ///< Gets what the job gives up; a null pointer if there is none.
};

/// A handler thread of a job: takes messages, calls the handler with a fresh table, acknowledges.
///
/// A message is acknowledged only after the handler had it. A handler that throws on several rows gets them
/// again in parts, because nobody knows which of them it minds: so only those fail that it throws on alone.
/// With onError="BLOCK" none fail: the rows of a queue that it throws on are handed over again later.
/// Nothing leaves this thread, neither exceptions nor references to the session once the job has ended.
class HandlerRunner : public Runnable {
 public:
  /// Makes the table of these messages; throws if the server cannot.
  using TableMaker = std::function<MessageTable(std::span<const ReceivedMessage> messages)>;

  HandlerRunner(std::shared_ptr<Job> job, const Handlers& handlers, SessionSP session, TableMaker make_table);

  /// True on a thread that is running a handler of `job`: such a thread must not wait for the job's end.
  [[nodiscard]] static bool is_thread_of(const Job& job) noexcept;

 protected:
  void run() override;

 private:
  void work();
  void poll_and_handle(Consumer& consumer);
  struct Failure {
    std::size_t row = 0;
    std::string error;      ///< With the message's place.
    bool for_good = false;  ///< Another call would fail, too.
  };
  /// Calls the handler on the messages; `failures` gets those that it throws on alone, and those of whose
  /// bodies no rows can be made. Returns how many messages are dealt with: not all of them if the job is
  /// cancelled while they are handed over one by one, if the process exits, or if no table can be made of one
  /// (see trouble_). The others are for the next poller.
  [[nodiscard]] std::size_t handle(const Delivery& delivery, std::vector<Failure>& failures);
  /// The same with onError="BLOCK": queues that the handler throws on are postponed.
  [[nodiscard]] std::size_t handle_or_postpone(Delivery& delivery, std::vector<Failure>& failures);
  struct Outcome {
    std::string error;         ///< Empty if the handler returned, otherwise what was thrown.
    bool was_called = true;    ///< False if there was no table to call it with.
    std::vector<BadBody> bad;  ///< Of the messages of the call.
  };
  [[nodiscard]] Outcome call_handler(const Delivery& delivery, std::size_t first, std::size_t count);
  /// Counts those of whose bodies no rows can be made.
  void count_bad(const Delivery& delivery, std::size_t first, const std::vector<BadBody>& bad,
                 std::vector<Failure>& failures);
  void postpone(Delivery& delivery, std::size_t row, const std::string& error);
  /// The handler failed, or with `for_good` there were no rows to call it with.
  [[nodiscard]] Failure count_failure(const ReceivedMessage& message, std::size_t row,
                                      const std::string& error, bool for_good);
  /// Gives the error handler what will not be delivered again, and marks all failures as such.
  void settle(Delivery& delivery, const std::vector<Failure>& failures);
  void log_given_up(const GivenUpMessage& message, const std::string& error) const;
  /// Says how many failures the log has left out.
  void log_rest(std::chrono::steady_clock::time_point now);

  std::shared_ptr<Job> job_;
  FunctionDefSP handler_;
  ErrorHandler error_handler_;
  SessionSP session_;
  TableMaker make_table_;
  CallPacing pacing_;
  FailureLog failure_log_;
  std::string trouble_;    // Why rows were given back without a call of the handler; empty if none were.
  int tables_failed_ = 0;  // One after another, of a single row each.
};

/// Starts a handler thread for each session; see Job::start_threads.
void start_handler_threads(const std::shared_ptr<Job>& job, const Handlers& handlers,
                           const std::vector<SessionSP>& sessions);

}  // namespace rocketmq::plugin
