// rmq reset
#include <algorithm>

#include "base/wall_clock.h"
#include "rmq/commands.h"
#include "rmq/confirm.h"
#include "rmq/position.h"
#include "rmq/queue_names.h"
#include "rmq/table.h"
#include "rocketmq/admin.h"

namespace rocketmq::rmq {

namespace {

Table table_of(const std::vector<OffsetMove>& moves) {
  Table table({{"brokerName", "BROKER"},
               {"queueId", "QUEUE"},
               {"minOffset", "FIRST"},
               {"maxOffset", "END"},
               {"oldOffset", "FROM"},
               {"newOffset", "TO"},
               {"change", "CHANGE"}});
  for (const OffsetMove& move : moves) {
    table.add({move.broker_name, std::int64_t{move.queue_id}, move.min_offset, move.max_offset,
               cell_of(move.old_offset), move.new_offset, move.new_offset - move.old_offset.value_or(0)});
  }
  return table;
}

SeekTarget target_of(const std::string& to) {
  const ReadPosition position = read_position(to, now_in_ms());
  switch (position.kind) {
    case ReadPosition::Kind::first:
      return {SeekTarget::Kind::first};
    case ReadPosition::Kind::last:
      return {SeekTarget::Kind::last};
    case ReadPosition::Kind::time:
      return {SeekTarget::Kind::time, position.value};
    case ReadPosition::Kind::offset:
      break;
  }
  return {SeekTarget::Kind::offsets, position.value};
}

}  // namespace

void run(const ResetOptions& options, Session& session) {
  SeekTarget target = target_of(options.to);
  QueueNames names(options.queues);
  const auto admin = Admin::start(session.client);
  std::vector<OffsetMove> plan;
  if (target.kind == SeekTarget::Kind::offsets) {
    const std::int64_t offset = target.time_ms;
    for (const TopicQueue& queue : admin->topic_queues(options.topic)) {
      if (queue.readable && names.contains(queue.broker_name, queue.queue_id))
        target.offsets.push_back({options.topic, queue.broker_name, queue.queue_id, offset});
    }
    names.check_all_found(options.topic);
    plan = admin->plan_moves(options.group, options.topic, target);
    std::int64_t furthest = 0;
    for (const OffsetMove& move : plan)
      furthest = std::max(furthest, move.max_offset);
    check_within("--to", offset, furthest, options.topic);
  } else {
    plan = admin->plan_moves(options.group, options.topic, target);
    std::erase_if(plan,
                  [&](const OffsetMove& move) { return !names.contains(move.broker_name, move.queue_id); });
    names.check_all_found(options.topic);
  }
  if (options.dry_run || !options.yes) {
    const Table table = table_of(plan);
    if (options.dry_run && session.options.json) return table.print_json(session.out);
    if (options.dry_run) return table.print(session.out);
    if (session.out.is_terminal()) table.print(session.out);
    session.out.flush();
  }
  const std::string question = "Move group '" + options.group + "' in " + std::to_string(plan.size()) +
                               (plan.size() == 1 ? " queue" : " queues") + " of topic '" + options.topic +
                               "'?";
  if (!confirmed(question, options.yes)) return;
  const Table moved = table_of(admin->move(options.group, options.topic, target, std::move(plan)));
  session.options.json ? moved.print_json(session.out) : moved.print(session.out);
}

}  // namespace rocketmq::rmq
