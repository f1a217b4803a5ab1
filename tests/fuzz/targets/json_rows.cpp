// A body in JSON to rows of every type, and of arrays.

#include "rows/json_rows.h"

#include "fuzz/targets/row_checks.h"

using namespace rocketmq;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const rows::RowSchema schema = fuzz::every_type_and_arrays();
  static rows::JsonRows json(schema);  // Kept, as a job keeps its own.
  const SharedBytes body = fuzz::shared({data, size});
  fuzz::check_rows(json, schema, as_text(body.view));
  return 0;
}
