#include "plugin/empty_columns.h"

#include "plugin/value_text.h"

namespace rocketmq::plugin {

std::string EmptyColumns::look(const rows::RowBuffer& rows) {
  if (over_) return {};
  for (std::size_t i = 0; i < schema_.size(); ++i) {
    if (!filled_[i] && rows.has_value(i)) filled_[i] = true;
  }
  // Only now, so that rows which are counted have been looked at.
  const std::size_t seen = rows_ += rows.rows();
  if (seen < patience_rows || over_.exchange(true)) return {};
  std::string names;
  for (std::size_t i = 0; i < schema_.size(); ++i) {
    if (!filled_[i]) names += (names.empty() ? "" : ", ") + in_quotes(schema_[i].name);
  }
  if (names.empty()) return {};
  return "columns that are NULL in each of the first " + std::to_string(seen) + " rows: " + names +
         "; check their name and path in the schema";
}

}  // namespace rocketmq::plugin
