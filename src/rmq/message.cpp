// rmq message
#include <algorithm>
#include <numeric>

#include "base/wall_clock.h"
#include "rmq/commands.h"
#include "rmq/message_printer.h"
#include "rmq/position.h"
#include "rmq/usage_error.h"
#include "rocketmq/admin.h"

namespace rocketmq::rmq {

namespace {

/// What brokers give at most.
constexpr std::int64_t most_of_a_key = 32;

StoreTimes times_of(const RangeOptions& range) {
  StoreTimes times;
  const std::int64_t now_ms = now_in_ms();
  if (!range.since.empty()) times.begin_ms = read_time(range.since, now_ms);
  if (!range.until.empty()) times.end_ms = read_time(range.until, now_ms) - 1;
  return times;
}

/// By when they were stored.
void print(MessagePrinter& printer, const Delivery& delivery, std::int64_t most) {
  std::vector<std::size_t> order(delivery.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&delivery](std::size_t left, std::size_t right) {
    return delivery[left].store_time_ms < delivery[right].store_time_ms;
  });
  // Of the newest ones.
  const std::size_t skipped =
      order.size() - std::min<std::size_t>(order.size(), static_cast<std::size_t>(most));
  for (std::size_t i = skipped; i < order.size(); ++i)
    printer.print(delivery[order[i]]);
}

}  // namespace

void run(const MessageOptions& options, Session& session) {
  if (options.ids.empty() && options.key.empty()) throw UsageError("give message ids, or --key");
  if (!options.ids.empty() && (!options.range.since.empty() || !options.range.until.empty()))
    throw UsageError("--since and --until go with --key");
  MessagePrinter printer(session, options.format);
  const StoreTimes times = times_of(options.range);
  const auto admin = Admin::start(session.client);
  if (!options.key.empty()) {
    const auto most = std::min(options.range.count, most_of_a_key);
    const Delivery found = admin->find_by_key(options.topic, options.key, static_cast<int>(most), times);
    if (found.empty())
      throw CommandError("topic '" + options.topic + "' has no message with the key '" + options.key + "'");
    return print(printer, found, most);
  }
  std::string missing;
  for (const std::string& id : options.ids) {
    const Delivery found = admin->find_by_id(options.topic, id);
    if (found.empty()) missing += (missing.empty() ? "'" : ", '") + id + "'";
    print(printer, found, options.range.count);
  }
  if (!missing.empty()) throw CommandError("topic '" + options.topic + "' has no message " + missing);
}

}  // namespace rocketmq::rmq
