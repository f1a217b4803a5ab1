// rmq groups
#include "rmq/commands.h"
#include "rmq/group_lag.h"
#include "rmq/table.h"
#include "rocketmq/admin.h"

namespace rocketmq::rmq {

void run(const GroupsOptions& options, Session& session) {
  const auto admin = Admin::start(session.client);
  std::vector<Table::Column> columns{{"group", "GROUP"}};
  if (options.details)
    columns.insert(columns.end(), {{"members", "MEMBERS"}, {"messageModel", "MODEL"}, {"lag", "LAG", true}});
  Table table(std::move(columns));
  for (const std::string& group : admin->groups()) {
    if (!options.details) {
      table.add({group});
      continue;
    }
    const GroupMembers members = admin->group_members(group);
    table.add({group, static_cast<std::int64_t>(members.members.size()),
               members.members.empty() ? Cell() : Cell(members.message_model),
               cell_of(lag_of(members, admin->group_topics(group)))});
  }
  session.options.json ? table.print_json(session.out) : table.print(session.out);
}

}  // namespace rocketmq::rmq
