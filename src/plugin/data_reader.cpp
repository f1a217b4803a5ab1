#include "plugin/data_reader.h"

#include <cstddef>
#include <string>

#include "plugin/argument_error.h"
#include "plugin/sdk_strings.h"
#include "plugin/value_text.h"

namespace rocketmq::plugin {

namespace {

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
  std::vector<std::string_view> bodies = strings_of(data);
  for (std::size_t i = 0; i < bodies.size(); ++i)
    require_body(bodies[i], i);
  return bodies;
}

/// In the SDK's terms: it is contained in no other value, and no lock is needed to read it. Only tables and
/// synchronized values can be reached from other sessions, and with them what they contain.
bool belongs_to_session(const ConstantSP& data) {
  return data->isIndependent() && !data->isSynchronized();
}

void copy_bytes(Texts& bodies) {
  std::size_t bytes = 0;
  for (const std::string_view view : bodies.views)
    bytes += view.size();
  bodies.copy.reserve(bytes);  // So that what is copied stays where it is.
  for (std::string_view& view : bodies.views) {
    const std::size_t begin = bodies.copy.size();
    bodies.copy.insert(bodies.copy.end(), view.begin(), view.end());
    view = std::string_view(bodies.copy.data() + begin, view.size());
  }
}

std::vector<std::string_view> read_scalar(const ConstantSP& data) {
  const std::string_view body = string_of(data);
  if (body.empty()) {
    throw ArgumentError("data must not be NULL or empty, because RocketMQ stores no empty message.");
  }
  return {body};
}

}  // namespace

Texts read_bodies(const ConstantSP& data) {
  // `[]` has no element type; it is as empty as an empty STRING vector.
  if (data->isTuple() && data->size() == 0) return {};
  if (data->isTable()) {
    throw ArgumentError(
        "data is a table; with {format: \"JSON\"} as sendConfig each row of it becomes a message.");
  }
  if ((!data->isScalar() && !data->isArray()) || !is_body_type(data)) {
    throw ArgumentError("data must be a STRING or BLOB scalar or vector; given: " + describe_type(data) +
                        ".");
  }
  Texts bodies;
  bodies.views = data->isArray() ? read_vector(data) : read_scalar(data);
  if (!belongs_to_session(data)) copy_bytes(bodies);
  return bodies;
}

Texts read_texts(const std::string& name, const ConstantSP& value) {
  if ((!value->isScalar() && !value->isArray()) || !is_text_type(value)) {
    throw ArgumentError(
        name + " must be a STRING scalar, or a STRING vector with an element for each message; given: " +
        describe_value(value) + ".");
  }
  Texts texts;
  texts.views = value->isArray() ? strings_of(value) : std::vector<std::string_view>{string_of(value)};
  if (!belongs_to_session(value)) copy_bytes(texts);
  return texts;
}

}  // namespace rocketmq::plugin
