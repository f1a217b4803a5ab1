#include "plugin/message_table.h"

#include <vector>

#include "base/bytes.h"
#include "plugin/sdk_strings.h"

namespace rocketmq::plugin {

TableSP make_message_table(const Delivery& delivery, std::size_t first, std::size_t count) {
  StringColumn column(DT_BLOB, count);
  for (std::size_t i = first; i < first + count; ++i)
    column.append(as_text(delivery[i].body));
  return Util::createTable({"msg"}, std::vector<ConstantSP>{column.finish()});
}

}  // namespace rocketmq::plugin
