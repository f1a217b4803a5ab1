#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "bytes_of.h"
#include "wire/command.h"

namespace rocketmq::wire {

/// A message must come back as it was from both header forms.
template <class Message>
void expect_round_trip(const Message& message) {
  const Command command = message.to_command();
  for (const SerializeType type : {SerializeType::json, SerializeType::binary}) {
    std::string header;
    const SerializeType written = append_header(header, command, type);
    Command received;
    ASSERT_EQ(decode_header(as_bytes(header), written, received), Errc::ok);
    Message decoded;
    ASSERT_EQ(Message::decode(received, decoded), Errc::ok);
    EXPECT_EQ(decoded, message);
  }
}

/// Without one of these fields a message cannot be read, and says so.
template <class Message>
void expect_required(const Message& message, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    Command command = message.to_command();
    ASSERT_NE(command.ext_fields.find(name), nullptr) << name;
    command.ext_fields.remove(name);
    Message decoded;
    EXPECT_EQ(Message::decode(command, decoded), Errc::missing_field) << name;
  }
}

/// A body must come back as it was, and be an error when cut off anywhere.
template <class Body>
void expect_body_round_trip(const Body& body) {
  const std::string bytes = body.encode_body();
  Body decoded;
  ASSERT_EQ(Body::decode_body(as_bytes(bytes), decoded), Errc::ok) << bytes;
  EXPECT_EQ(decoded, body) << bytes;
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const Bytes cut = exact(std::string_view(bytes).substr(0, length));
    Body partial;
    EXPECT_EQ(Body::decode_body(cut, partial), Errc::bad_json) << length;
  }
}

inline std::string field(const Command& command, std::string_view name) {
  const std::string* value = command.ext_fields.find(name);
  return value == nullptr ? "<none>" : *value;
}

}  // namespace rocketmq::wire
