#include "plugin/polled_consumer.h"

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/text.h"
#include "plugin/argument_error.h"
#include "plugin/caller.h"
#include "plugin/plugin_log.h"
#include "plugin/script_handle.h"

namespace rocketmq::plugin {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::string_view body_left_out = "a body does not fit the schema and is left out";

/// What storing the progress, or going back to it, may take.
constexpr std::chrono::seconds progress_deadline{10};

void throw_if_cancelled(const IsCancelled& is_cancelled) {
  if (is_cancelled()) throw std::runtime_error("cancelled; nothing was polled");
}

/// Ends the wait of a call now and then, so that it can look whether it is cancelled.
steady_clock::time_point next_look(steady_clock::time_point deadline) {
  return std::min(deadline, steady_clock::now() + look_for_cancel);
}

std::unique_ptr<Consumer> start_consumer(ConsumerConfig& consumer, const std::string& subject) {
  consumer.label = subject;
  consumer.client.log = log_sink(subject);
  return Consumer::start(std::move(consumer));
}

}  // namespace

/// A thread's call, for as long as no other runs.
class PolledConsumer::Turn {
 public:
  Turn(PolledConsumer& consumer, const IsCancelled& is_cancelled) : consumer_(consumer) {
    consumer.throw_if_own_thread();
    std::unique_lock lock(consumer.mutex_);
    while (!consumer.wait_until_free(lock, steady_clock::now() + look_for_cancel))
      throw_if_cancelled(is_cancelled);
    if (consumer.closed_) throw ArgumentError("the consumer is closed; create a new one.");
    consumer.busy_thread_ = std::this_thread::get_id();
  }
  ~Turn() {
    const std::lock_guard lock(consumer_.mutex_);
    consumer_.busy_thread_ = std::thread::id();
    consumer_.turn_ended_.notify_all();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  PolledConsumer& consumer_;
};

bool PolledConsumer::wait_until_free(std::unique_lock<std::mutex>& lock, steady_clock::time_point deadline) {
  return turn_ended_.wait_until(lock, deadline, [this] { return busy_thread_.load() == std::thread::id(); });
}

PolledConsumer::PolledConsumer(JobConfig config, const SessionSP& session)
    : subject_("consumer of group " + config.consumer.group),
      format_(std::move(config.handler.table)),
      start_function_(ask_start_function(config.start_function, config.start_session, config.consumer)),
      consumer_(start_consumer(config.consumer, subject_)),
      has_error_handler_(!config.error_handler.isNull()),
      maker_(format_),
      empty_columns_(format_.schema),
      error_handler_(consumer_->client_id(), config.error_handler, session) {
  for (const std::string& warning : config.warnings)
    write_log(LogLevel::warning, subject_, warning);
}

PolledConsumer::~PolledConsumer() {
  close_quietly(subject_, [this] { close(close_time); });
}

TableSP PolledConsumer::poll(int max_messages, milliseconds timeout, const IsCancelled& is_cancelled) {
  const auto deadline = steady_clock::now() + timeout;
  const Turn turn(*this, is_cancelled);
  PollLimits limits;
  limits.max_rows = static_cast<std::size_t>(max_messages);
  while (true) {
    limits.deadline = next_look(deadline);
    Delivery delivery = consumer_->poll(limits);
    throw_if_cancelled(is_cancelled);
    if (!delivery.empty()) {
      const MessageTable made = maker_.make(delivery.messages());
      if (const rows::RowBuffer* rows = maker_.last_rows()) {
        const std::string warning = empty_columns_.look(*rows);
        if (!warning.empty()) write_log(LogLevel::warning, subject_, warning);
      }
      hand_to_error_handler(delivery, made.bad);
      delivery.acknowledge();
      if (!made.table.isNull()) return made.table;
    }
    if (closed_ || steady_clock::now() >= deadline) return maker_.make_empty();
  }
}

void PolledConsumer::hand_to_error_handler(const Delivery& delivery, const std::vector<BadBody>& bad) {
  std::vector<GivenUpMessage> messages;
  for (const BadBody& body : bad) {
    if (!has_error_handler_) log_bad(delivery[body.index], body.error);
    messages.push_back({&delivery[body.index], &body.error});
  }
  const std::string error = error_handler_.take(messages, [] { return false; });
  if (!error.empty()) {
    throw std::runtime_error("errorHandler failed, so nothing was polled: " + error +
                             "; the first message for it: " + place_of(*messages.front().message) +
                             " error=" + *messages.front().error);
  }
}

void PolledConsumer::log_bad(const ReceivedMessage& message, const std::string& error) {
  const std::string text = place_of(message) + " msgId=" + std::string(message.message_id) +
                           " body=" + error +
                           "; msg=" + printable(as_text(message.body), max_logged_body_bytes);
  const auto line = failure_log_.line(body_left_out, text, steady_clock::now());
  if (line) write_log(LogLevel::error, subject_, *line);
}

void PolledConsumer::log_rest_of_bad() {
  if (const auto line = failure_log_.rest(body_left_out)) write_log(LogLevel::error, subject_, *line);
}

void PolledConsumer::commit(const IsCancelled& is_cancelled) {
  const Turn turn(*this, is_cancelled);
  log_rest_of_bad();
  consumer_->commit(progress_deadline);
}

void PolledConsumer::rewind(const IsCancelled& is_cancelled) {
  const Turn turn(*this, is_cancelled);
  consumer_->rewind(progress_deadline);
}

void PolledConsumer::throw_if_own_thread() const {
  if (busy_thread_.load() == std::this_thread::get_id() ||
      (start_function_ != nullptr && start_function_->is_this_thread())) {
    throw std::runtime_error(
        "a function of the consumer's own, errorHandler or startOffsets, cannot do this");
  }
}

void PolledConsumer::close(milliseconds deadline) {
  throw_if_own_thread();
  const auto until = steady_clock::now() + deadline;
  closed_ = true;
  consumer_->interrupt();
  // A call of errorHandler may take longer. It is the consumer's member for no longer than the deadline then.
  {
    std::unique_lock lock(mutex_);
    if (wait_until_free(lock, until)) log_rest_of_bad();
  }
  consumer_->close(std::chrono::duration_cast<milliseconds>(std::max(until - steady_clock::now(), {})));
  if (start_function_ != nullptr) start_function_->stop();
}

}  // namespace rocketmq::plugin
