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
  return "columns that are NULL in every row so far (" + std::to_string(seen) +
         " rows, repeated calls included): " + names +
         "; if that is not meant, check their names, and their paths if there are any";
}

}  // namespace rocketmq::plugin
