#include "plugin/data_reader.h"

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>

#include "plugin/argument_error.h"
#include "plugin/value_text.h"

namespace rocketmq::plugin {

namespace {

std::string_view view_of(const DolphinString& text) {
  return {text.data(), text.size()};
}

bool is_body_type(const ConstantSP& data) {
  return is_text_type(data) || data->getType() == DT_BLOB;
}

void require_body(std::string_view body, std::size_t index) {
  if (!body.empty()) return;
  throw ArgumentError(
      "data must not hold NULL or an empty value, because RocketMQ stores no empty message; the "
      "element at index " +
      std::to_string(index) + " is empty.");
}

std::vector<std::string_view> read_vector(const ConstantSP& data) {
  const INDEX size = data->size();
  std::vector<std::string_view> bodies;
  bodies.reserve(static_cast<std::size_t>(size));
  std::vector<DolphinString*> buffer(static_cast<std::size_t>(std::min<INDEX>(size, Util::BUF_SIZE)));
  for (INDEX start = 0; start < size;) {
    const int count = static_cast<int>(std::min<INDEX>(size - start, Util::BUF_SIZE));
    DolphinString* const* texts = data->getStringConst(start, count, buffer.data());
    for (int i = 0; i < count; ++i) {
      const std::string_view body = view_of(*texts[i]);
      require_body(body, bodies.size());
      bodies.push_back(body);
    }
    start += count;
  }
  return bodies;
}

}  // namespace

std::vector<std::string_view> read_bodies(const ConstantSP& data) {
  // `[]` has no element type; it is as empty as an empty STRING vector.
  if (data->isTuple() && data->size() == 0) return {};
  if ((!data->isScalar() && !data->isArray()) || !is_body_type(data)) {
    throw ArgumentError("data must be a STRING or BLOB scalar or vector; given: " + describe_type(data) +
                        ".");
  }
  if (data->isArray()) return read_vector(data);
  const std::string_view body = view_of(data->getStringRef());
  if (body.empty()) {
    throw ArgumentError("data must not be NULL or empty, because RocketMQ stores no empty message.");
  }
  return {body};
}

}  // namespace rocketmq::plugin
