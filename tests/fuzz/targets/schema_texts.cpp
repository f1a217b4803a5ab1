// The texts of a schema, and what they are applied to: a path, a time format with a text, a number, a time.

#include <stdexcept>

#include "fuzz/fuzz_target.h"
#include "rows/json_path.h"
#include "rows/time_format.h"

using namespace rocketmq;

namespace {

void read_path(std::string_view text) {
  try {
    const auto steps = rows::read_json_path(text);
    fuzz::require(!steps.empty(), "a path has a step");
  } catch (const std::invalid_argument& problem) {
    fuzz::require(std::string_view(problem.what()).size() > 5, "a refused path has a reason");
  }
}

void store(const rows::Moment& moment, rows::Fit fit) {
  if (fit != rows::Fit::ok) return;
  for (const std::string_view name : rows::column_type_names) {
    const rows::ColumnType type = *rows::column_type_of(name);
    long long value = 0;
    if (rows::to_column(moment, type, value) != rows::Fit::ok) continue;
    const bool of_the_day = name == "TIME" || name == "MINUTE" || name == "SECOND" || name == "NANOTIME";
    fuzz::require(!of_the_day || (value >= 0 && value < 86'400'000'000'000), "a time is within its day");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input({data, size});
  const auto type =
      static_cast<rows::ColumnType>(static_cast<std::size_t>(rows::ColumnType::date) + input.byte() % 9);
  const auto unit = static_cast<rows::TimeUnit>(input.byte() % 4);
  const SharedBytes format = fuzz::shared(input.bytes(input.byte()));
  const SharedBytes rest = fuzz::shared(input.rest());
  const std::string_view text = as_text(rest.view);
  read_path(text);
  rows::Moment moment;
  try {
    const rows::TimeFormat made(as_text(format.view), type);
    store(moment, made.read(text, moment));
  } catch (const std::invalid_argument& problem) {
    fuzz::require(std::string_view(problem.what()).size() > 5, "a refused format has a reason");
  }
  store(moment, rows::read_moment(text, moment));
  store(moment, rows::read_instant(text, unit, moment));
  long long whole = 0;
  if (rows::read_integer(text, -5, 5, whole) == rows::Fit::ok) {
    fuzz::require(whole >= -5 && whole <= 5, "a whole number is within its limits");
  }
  double number = 0;
  float small = 0;
  bool flag = false;
  (void)rows::read_float(text, number);
  (void)rows::read_float(text, small);
  (void)rows::read_bool(text, flag);
  return 0;
}
