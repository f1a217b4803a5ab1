#include "plugin/handler_runner.h"

#include <chrono>
#include <cstddef>
#include <exception>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "plugin/empty_columns.h"
#include "plugin/failure_search.h"
#include "plugin/plugin_log.h"

namespace rocketmq::plugin {

namespace {

/// How long a thread rests after an error that is not the handler's, so that it neither spins nor gives up.
constexpr std::chrono::milliseconds rest_after_error{1000};

constexpr std::string_view unexpected_error = "unexpected error, going on in 1 s: ";

/// How often in a row no table may come of a single message before it counts as one that the handler failed
/// on. Mostly the server is short of memory, and that passes; a message of which there never is a table must
/// not hold up its queue for ever.
constexpr int max_tables_failed = 30;

/// Handlers may throw whole tables as text; a stat row stays small.
constexpr std::size_t max_error_bytes = 4096;

/// Before errorHandler is called again after it threw.
constexpr std::chrono::milliseconds error_handler_pause{100};

/// The job whose handler this thread runs; set for as long as the thread lives.
thread_local const Job* job_of_this_thread = nullptr;

JobError details_of(const ReceivedMessage& message, const std::string& error) {
  JobError details;
  details.topic = message.topic;
  details.broker_name = message.broker_name;
  details.queue_id = message.queue_id;
  details.queue_offset = message.queue_offset;
  details.message_id = message.message_id;
  details.reconsume_times = message.reconsume_times;
  details.error = error;
  details.body = first_bytes(as_text(message.body), JobStat::max_error_bytes);
  return details;
}

/// What is handed over again counts once it is done.
std::size_t bytes_of_done(const Delivery& delivery, std::size_t rows) {
  std::size_t bytes = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    if (!delivery.is_postponed(row)) bytes += delivery[row].body.size();
  }
  return bytes;
}

}  // namespace

HandlerRunner::HandlerRunner(std::shared_ptr<Job> job, const Handlers& handlers, SessionSP session,
                             TableMaker make_table)
    : job_(std::move(job)),
      handler_(handlers.handler),
      error_handler_(job_->id(), handlers.error_handler, session),
      session_(std::move(session)),
      make_table_(std::move(make_table)),
      pacing_(job_->options()) {}

bool HandlerRunner::is_thread_of(const Job& job) noexcept {
  return job_of_this_thread == &job;
}

void HandlerRunner::run() {
  job_of_this_thread = job_.get();
  try {
    work();
  } catch (...) {
    write_log(LogLevel::error, job_->log_subject(), "a handler thread ended by an exception");
  }
  // The handler may hold tables; they are let go now and not when somebody joins this thread.
  handler_.clear();
  error_handler_.clear();
  session_.clear();
  job_->thread_finished();
}

void HandlerRunner::work() {
  const std::shared_ptr<Consumer> consumer = job_->consumer();
  if (!consumer) return;
  while (!job_->stopping()) {
    try {
      if (job_->is_resting()) {
        job_->wait_while_resting();
      } else {
        poll_and_handle(*consumer);
      }
      continue;
    } catch (const std::exception& exception) {
      write_log(LogLevel::error, job_->log_subject(), unexpected_error, exception.what());
    } catch (...) {
      write_log(LogLevel::error, job_->log_subject(), unexpected_error, "unknown exception");
    }
    job_->wait_stopping(rest_after_error);
  }
  log_rest(std::chrono::steady_clock::time_point::max());
}

void HandlerRunner::poll_and_handle(Consumer& consumer) {
  Delivery delivery = consumer.poll(pacing_.next(std::chrono::steady_clock::now()));
  if (delivery.empty()) return log_rest(std::chrono::steady_clock::now());
  if (!job_->begin_work()) return;
  const std::shared_ptr<void> work(nullptr, [this](void*) { job_->end_work(); });
  const auto received = Util::getNanoEpochTime();
  job_->stat().received(received);
  std::vector<Failure> failures;
  const std::size_t done =
      job_->options().block ? handle_or_postpone(delivery, failures) : handle(delivery, failures);
  job_->stat().received(received, bytes_of_done(delivery, done));
  settle(delivery, failures);
  // These come whatever is wanted, so they must not put off what is collected.
  if (!delivery.is_repeated()) pacing_.called(std::chrono::steady_clock::now());
  delivery.acknowledge_first(done);
  if (!trouble_.empty()) throw std::runtime_error(std::exchange(trouble_, {}));
}

std::size_t HandlerRunner::handle(const Delivery& delivery, std::vector<Failure>& failures) {
  FailureSearch search(delivery.size());
  for (bool first_call = true; !search.done(); first_call = false) {
    const auto [first, count] = search.next();
    // Many calls could follow, and a thread that cancels waits for the running one only.
    if (!first_call && job_->should_rest()) return first;
    const Outcome outcome = call_handler(delivery, first, count);
    if (outcome.error.empty()) {
      job_->stat().processed(static_cast<long long>(count - outcome.bad.size()));
      count_bad(delivery, first, outcome.bad, failures);
      search.succeeded();
      continue;
    }
    if (job_->process_exits()) return first;
    if (count == 1) {
      if (!outcome.was_called && ++tables_failed_ < max_tables_failed) {
        trouble_ = "no table can be made of the message at " + place_of(delivery[first]) +
                   ", so it is handed out once more: " + outcome.error;
        return first;
      }
      tables_failed_ = 0;
      failures.push_back(count_failure(delivery[first], first, outcome.error, false));
    }
    search.failed();
  }
  return delivery.size();
}

std::size_t HandlerRunner::handle_or_postpone(Delivery& delivery, std::vector<Failure>& failures) {
  Outcome outcome = call_handler(delivery, 0, delivery.size());
  const bool one_call = outcome.error.empty() || delivery.queue_end(0) == delivery.size();
  for (std::size_t first = 0, end = 0; first < delivery.size(); first = end) {
    end = one_call ? delivery.size() : delivery.queue_end(first);
    if (delivery.is_postponed(first)) continue;
    if (!one_call) {
      if (job_->should_rest()) return first;
      outcome = call_handler(delivery, first, end - first);
    }
    if (!outcome.error.empty()) {
      if (job_->process_exits()) return first;
      // Its bodies that do not fit come again with it, so they count only then.
      postpone(delivery, first, outcome.error);
      continue;
    }
    job_->stat().processed(static_cast<long long>(end - first - outcome.bad.size()));
    count_bad(delivery, first, outcome.bad, failures);
  }
  return delivery.size();
}

void HandlerRunner::postpone(Delivery& delivery, std::size_t row, const std::string& error) {
  const ReceivedMessage& message = delivery[row];
  std::string text = place_of(message) + " exception=" + error;
  const auto line =
      failure_log_.line("the handler failed, and the queue waits", text, std::chrono::steady_clock::now());
  if (line) write_log(LogLevel::error, job_->log_subject(), *line);
  job_->stat().failed(std::move(text), Util::getNanoEpochTime(), 0, details_of(message, error));
  delivery.postpone(row, std::chrono::milliseconds(job_->options().retry_interval_ms));
}

HandlerRunner::Outcome HandlerRunner::call_handler(const Delivery& delivery, std::size_t first,
                                                   std::size_t count) {
  Outcome outcome;
  try {
    outcome.was_called = false;
    MessageTable made = make_table_(delivery.messages().subspan(first, count));
    outcome.bad = std::move(made.bad);
    if (!made.table.isNull()) job_->stat().call_began(this, Util::getNanoEpochTime());
    outcome.was_called = true;
    if (count == 1) tables_failed_ = 0;
    if (made.table.isNull()) return outcome;
    std::vector<ConstantSP> arguments{made.table};
    handler_->call(session_->getHeap().get(), arguments);
  } catch (const std::exception& exception) {
    const std::string_view text = exception.what();
    outcome.error = text.empty() ? "an exception without a message" : first_bytes(text, max_error_bytes);
  } catch (...) {
    outcome.error = "an unknown exception";
  }
  job_->stat().call_ended(this, outcome.error, Util::getNanoEpochTime());
  return outcome;
}

void HandlerRunner::count_bad(const Delivery& delivery, std::size_t first, const std::vector<BadBody>& bad,
                              std::vector<Failure>& failures) {
  for (const BadBody& body : bad) {
    const std::size_t row = first + body.index;
    failures.push_back(count_failure(delivery[row], row, body.error, true));
  }
}

HandlerRunner::Failure HandlerRunner::count_failure(const ReceivedMessage& message, std::size_t row,
                                                    const std::string& error, bool for_good) {
  std::string text =
      place_of(message) +
      (for_good ? " msgId=" + std::string(message.message_id) + " body=" : std::string(" exception=")) +
      error;
  const auto line = failure_log_.line(for_good ? "a body does not fit the schema" : "the handler failed",
                                      text, std::chrono::steady_clock::now());
  if (line) write_log(LogLevel::error, job_->log_subject(), *line);
  job_->stat().failed(text, Util::getNanoEpochTime(), 1, details_of(message, error));
  return {row, std::move(text), for_good};
}

void HandlerRunner::log_rest(std::chrono::steady_clock::time_point now) {
  if (const auto line = failure_log_.rest("messages that failed", now))
    write_log(LogLevel::error, job_->log_subject(), *line);
}

void HandlerRunner::settle(Delivery& delivery, const std::vector<Failure>& failures) {
  if (failures.empty()) return;
  const std::optional<int> max_times = job_->options().max_reconsume_times;
  std::vector<std::size_t> again;
  std::vector<std::size_t> for_good;
  std::vector<GivenUpMessage> given_up;
  for (const Failure& failure : failures) {
    const ReceivedMessage& message = delivery[failure.row];
    (failure.for_good ? for_good : again).push_back(failure.row);
    if (failure.for_good || !max_times || message.reconsume_times >= *max_times) {
      given_up.push_back({&message, &failure.error});
    }
  }
  const std::string error =
      error_handler_.take(given_up, [this] { return !job_->wait_stopping(error_handler_pause); });
  if (!error.empty()) {
    for (const GivenUpMessage& message : given_up)
      log_given_up(message, error);
  }
  if (max_times) job_->stat().dead_lettered(static_cast<long long>(given_up.size()));
  delivery.reject(again);
  delivery.reject_for_good(for_good);
}

void HandlerRunner::log_given_up(const GivenUpMessage& message, const std::string& error) const {
  write_log(LogLevel::error, job_->log_subject(),
            "errorHandler has not taken a message that is given up (" +
                std::string(first_bytes(error, max_error_bytes)) + "): " + *message.error +
                "; msg=" + printable(as_text(message.message->body), max_logged_body_bytes));
}

void start_handler_threads(const std::shared_ptr<Job>& job, const Handlers& handlers,
                           const std::vector<SessionSP>& sessions) {
  std::vector<RunnableSP> runners;
  runners.reserve(sessions.size());
  const auto empty_columns = std::make_shared<EmptyColumns>(job->options().table.schema);
  for (const SessionSP& session : sessions) {
    const auto maker = std::make_shared<MessageTableMaker>(job->options().table);
    // These refer to the job's options.
    const auto make = [job, maker, empty_columns](std::span<const ReceivedMessage> messages) {
      MessageTable made = maker->make(messages);
      if (const rows::RowBuffer* rows = maker->last_rows()) {
        const std::string warning = empty_columns->look(*rows);
        if (!warning.empty()) write_log(LogLevel::warning, job->log_subject(), warning);
      }
      return made;
    };
    runners.push_back(RunnableSP(new HandlerRunner(job, handlers, session, make)));
  }
  job->start_threads(runners);
}

}  // namespace rocketmq::plugin
