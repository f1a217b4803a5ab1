// A body in CSV to rows of every type, or of two columns of text.

#include "rows/csv_rows.h"

#include "fuzz/targets/row_checks.h"

using namespace rocketmq;

namespace {

rows::RowSchema two_texts() {
  rows::RowSchema schema(2);
  schema[0].name = "a";
  schema[1].name = "b";
  schema[1].type = rows::ColumnType::float64;
  return schema;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const rows::RowSchema every = fuzz::every_type();
  static const rows::RowSchema two = two_texts();
  fuzz::Input input({data, size});
  const std::uint8_t choice = input.byte();
  rows::CsvRows csv(choice % 2 == 0 ? ',' : ';');
  const SharedBytes body = fuzz::shared(input.rest());
  fuzz::check_rows(csv, choice % 4 < 2 ? two : every, as_text(body.view));
  return 0;
}
