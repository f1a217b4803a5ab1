#include "plugin/message_table.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace rocketmq::plugin {

namespace {

/// Strings are handed over in chunks, so that a large batch is not held a third time.
constexpr std::size_t chunk_rows = 1024;

}  // namespace

TableSP make_message_table(const Lease& lease, std::size_t first, std::size_t count) {
  const VectorSP column = Util::createVector(DT_BLOB, 0, static_cast<INDEX>(count));
  std::vector<std::string> chunk(std::min(count, chunk_rows));
  bool has_empty = false;
  for (std::size_t done = 0; done < count;) {
    const std::size_t rows = std::min(count - done, chunk_rows);
    for (std::size_t i = 0; i < rows; ++i) {
      const std::string_view body = as_text(lease[first + done + i].body);
      has_empty = has_empty || body.empty();
      chunk[i].assign(body);
    }
    require_appended(column->appendString(chunk.data(), static_cast<int>(rows)));
    done += rows;
  }
  // Raw appends do not look for NULLs, and an empty BLOB is one.
  if (has_empty) column->setNullFlag(true);
  return Util::createTable({"msg"}, std::vector<ConstantSP>{column});
}

}  // namespace rocketmq::plugin
