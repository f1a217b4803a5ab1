// rmq send
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "rmq/commands.h"
#include "rmq/input.h"
#include "rmq/interrupt.h"
#include "rmq/json_line.h"
#include "rmq/outgoing_batch.h"
#include "rmq/progress.h"
#include "rmq/usage_error.h"
#include "rocketmq/producer.h"

namespace rocketmq::rmq {

namespace {

/// What brokers take by default.
constexpr int largest_message_bytes = 4 << 20;
/// As many ranges of lines are named in an error.
constexpr std::size_t most_named_ranges = 5;

std::string lines_text(const OutgoingBatch& batch, std::size_t first, std::size_t count) {
  const std::uint64_t begin = batch.line(first);
  const std::uint64_t end = batch.line(first + count - 1);
  return begin == end ? "line " + std::to_string(begin)
                      : "lines " + std::to_string(begin) + " to " + std::to_string(end);
}

class Sending {
 public:
  Sending(const SendOptions& options, Session& session)
      : topic_(options.topic), batch_(options, session.options.json), input_(options.files, options.whole) {
    ProducerConfig config;
    config.client = session.client;
    config.group = options.group;
    config.max_message_bytes = largest_message_bytes;
    producer_ = Producer::start(std::move(config));
  }

  void run() {
    Progress progress("sent");
    std::vector<InputLine> lines;
    while (input_.next(lines)) {
      std::string problem;
      try {
        batch_.set(lines, input_.name());
      } catch (const CommandError& error) {
        problem = error.what();  // What stands before it is sent.
      }
      for (std::size_t first = 0; first < batch_.size();) {
        const std::size_t end = batch_.run_end(first);
        send(first, end);
        first = end;
      }
      if (!problem.empty()) fail(problem);
      progress.update(sent_);
    }
  }

  [[nodiscard]] std::int64_t sent() const noexcept { return sent_; }

 private:
  void send(std::size_t first, std::size_t end) {
    try {
      producer_->send(topic_, batch_.messages(first, end), interrupted);
      sent_ += static_cast<std::int64_t>(end - first);
    } catch (const SendError& error) {
      sent_ += static_cast<std::int64_t>(error.stored_count());
      fail(explain(error, first));
    } catch (const Error& error) {
      if (error.code() == Errc::invalid_name) throw;
      fail(lines_text(batch_, first, end - first) + " of " + input_.name() + ": " + error.what());
    }
  }

  [[nodiscard]] std::string explain(const SendError& error, std::size_t first) const {
    std::string text;
    std::size_t named = 0;
    for (const SendRange& range : error.ranges()) {
      if (range.outcome == SendOutcome::stored) continue;
      if (named++ == most_named_ranges) {
        text += "; and more";
        break;
      }
      text += (text.empty() ? "" : "; ") + lines_text(batch_, first + range.first, range.count) + " of " +
              input_.name() +
              (range.outcome == SendOutcome::possibly_stored ? " may have been stored: " : " not stored: ") +
              to_string(range.failure);
    }
    return text;
  }

  [[noreturn]] void fail(const std::string& problem) const {
    throw CommandError(problem + " (" + std::to_string(sent_) + " messages were sent)");
  }

  const std::string topic_;
  OutgoingBatch batch_;
  Input input_;
  std::unique_ptr<Producer> producer_;
  std::int64_t sent_ = 0;
};

}  // namespace

void run(const SendOptions& options, Session& session) {
  catch_interrupts();
  Sending sending(options, session);
  sending.run();
  const std::int64_t sent = sending.sent();
  if (session.options.json) {
    JsonObject object(session.out.text());
    object.text("topic", options.topic);
    object.number("sent", sent);
    object.end();
    session.out.text() += '\n';
  } else if (session.options.verbose || isatty(STDERR_FILENO) == 1 || interrupted()) {
    (void)std::fprintf(stderr, "rmq: %lld message%s sent to %s\n", static_cast<long long>(sent),
                       sent == 1 ? "" : "s", options.topic.c_str());
  }
}

}  // namespace rocketmq::rmq
