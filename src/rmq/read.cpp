// rmq read
#include "rmq/commands.h"
#include "rmq/message_printer.h"
#include "rmq/message_reading.h"
#include "rmq/progress.h"
#include "rmq/usage_error.h"

namespace rocketmq::rmq {

void run(const ReadOptions& options, Session& session) {
  if (options.follow && !options.range.until.empty()) throw UsageError("--follow excludes --until");
  MessagePrinter printer(session, options.format);
  ReadingPlan plan = plan_reading(session, options.topic, options.range, options.queues);
  plan.follow = options.follow;
  plan.from_end = options.follow && options.range.since.empty();
  if (!options.sql.empty()) {
    plan.config.expression_type = ExpressionType::sql92;
    plan.config.sub_expression = options.sql;
  } else if (!options.filter.empty()) {
    plan.config.sub_expression = options.filter;
  }
  Progress progress("read");
  std::int64_t count = 0;
  (void)read_messages(
      plan,
      [&](const ReceivedMessage& message) {
        printer.print(message);
        progress.show(++count);
        if (count == 1) session.out.flush();  // Who reads us begins now.
        return true;
      },
      [&] { session.out.flush(); });
}

}  // namespace rocketmq::rmq
