#include "plugin/handler_runner.h"

#include <chrono>
#include <cstddef>
#include <exception>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "plugin/failure_search.h"
#include "plugin/message_table.h"
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

/// The job whose handler this thread runs; set for as long as the thread lives.
thread_local const Job* job_of_this_thread = nullptr;

std::string place_of(const ReceivedMessage& message) {
  return "topic=" + std::string(message.topic) + " broker=" + std::string(message.broker_name) +
         " queue=" + std::to_string(message.queue_id) + " offset=" + std::to_string(message.queue_offset);
}

}  // namespace

HandlerRunner::HandlerRunner(std::shared_ptr<Job> job, FunctionDefSP handler, SessionSP session,
                             TableMaker make_table)
    : job_(std::move(job)),
      handler_(std::move(handler)),
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
  session_.clear();
  job_->thread_finished();
}

void HandlerRunner::work() {
  const std::shared_ptr<Consumer> consumer = job_->consumer();
  if (!consumer) return;
  while (!job_->stopping()) {
    try {
      poll_and_handle(*consumer);
      continue;
    } catch (const std::exception& exception) {
      write_log(LogLevel::error, job_->log_subject(), unexpected_error, exception.what());
    } catch (...) {
      write_log(LogLevel::error, job_->log_subject(), unexpected_error, "unknown exception");
    }
    job_->wait_stopping(rest_after_error);
  }
}

void HandlerRunner::poll_and_handle(Consumer& consumer) {
  Delivery delivery = consumer.poll(pacing_.next(std::chrono::steady_clock::now()));
  if (delivery.empty()) return;
  job_->stat().received(Util::getNanoEpochTime());
  std::vector<std::size_t> failed;
  const std::size_t done = handle(delivery, failed);
  if (!failed.empty()) delivery.reject(failed);
  delivery.acknowledge_first(done);
  pacing_.called(std::chrono::steady_clock::now());
  if (!trouble_.empty()) throw std::runtime_error(std::exchange(trouble_, {}));
}

std::size_t HandlerRunner::handle(const Delivery& delivery, std::vector<std::size_t>& failed) {
  FailureSearch search(delivery.size());
  for (bool first_call = true; !search.done(); first_call = false) {
    const auto [first, count] = search.next();
    // Many calls could follow, and a thread that cancels waits for the running one only.
    if (!first_call && job_->stopping()) return first;
    const Outcome outcome = call_handler(delivery, first, count);
    if (outcome.error.empty()) {
      job_->stat().processed(static_cast<long long>(count));
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
      failed.push_back(first);
      count_failure(delivery[first], outcome.error);
    }
    search.failed();
  }
  return delivery.size();
}

HandlerRunner::Outcome HandlerRunner::call_handler(const Delivery& delivery, std::size_t first,
                                                   std::size_t count) {
  Outcome outcome;
  try {
    outcome.was_called = false;
    std::vector<ConstantSP> arguments{make_table_(delivery.messages().subspan(first, count))};
    outcome.was_called = true;
    if (count == 1) tables_failed_ = 0;
    handler_->call(session_->getHeap().get(), arguments);
  } catch (const std::exception& exception) {
    const std::string_view text = exception.what();
    outcome.error = text.empty() ? "an exception without a message" : text.substr(0, max_error_bytes);
  } catch (...) {
    outcome.error = "an unknown exception";
  }
  return outcome;
}

void HandlerRunner::count_failure(const ReceivedMessage& message, const std::string& error) {
  std::string text = place_of(message) + " exception=" + error;
  if (const auto line = failure_log_.line(text, std::chrono::steady_clock::now())) {
    write_log(LogLevel::error, job_->log_subject(), *line);
  }
  job_->stat().failed(std::move(text), Util::getNanoEpochTime());
}

void start_handler_threads(const std::shared_ptr<Job>& job, const FunctionDefSP& handler,
                           const std::vector<SessionSP>& sessions) {
  std::vector<RunnableSP> runners;
  runners.reserve(sessions.size());
  for (const SessionSP& session : sessions) {
    runners.push_back(
        RunnableSP(new HandlerRunner(job, handler, session, [job](std::span<const ReceivedMessage> messages) {
          return make_message_table(job->options().table, messages);
        })));
  }
  job->start_threads(runners);
}

}  // namespace rocketmq::plugin
