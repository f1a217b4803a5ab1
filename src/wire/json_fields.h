#pragma once

#include <string>

#include "rocketmq/bytes.h"
#include "rocketmq/errc.h"
#include "wire/json_field_reader.h"
#include "wire/json_field_writer.h"

namespace rocketmq::wire {

// The JSON body of a request or a reply names each of its members once, in the order of the wire, in
// `visit_fields`: see field_list.h. Besides the kinds of that file there are:
//
//   constant      only written: a member that Java's class has and this client has no use for
//   also_read     only read: another name that older servers give to a member
//   named_list    a list of objects with one text each
//   table         a Java map: a list of structs, of which one member is the key
//   offset_table  a Java map of offsets by queue, or as brokers also write it, a list of structs
//
// A member is a number, a text, a boolean, a struct with `visit_fields`, or a vector or map of these. null
// counts as absent.

template <class Body>
[[nodiscard]] std::string encode_json(const Body& body) {
  std::string text;
  JsonWriter writer(text);
  write_json(writer, body);
  return text;
}

/// Errors: bad_json, too_large, missing_field, bad_field; `out` is unspecified then.
template <class Body>
[[nodiscard]] Errc decode_json(ByteView body, Body& out) {
  out = {};
  JsonValue root;
  if (const Errc error = read_json(as_text(body), root); error != Errc::ok) return error;
  return root.object() == nullptr ? Errc::bad_json : read_value(root, out);
}

}  // namespace rocketmq::wire
