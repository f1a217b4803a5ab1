#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/reader/questions.h"
#include "rocketmq/admin.h"

namespace rocketmq {

/// The client of an Admin, and what several of its functions need.
class Admin::Impl {
 public:
  explicit Impl(ClientConfig wanted) : config(std::move(wanted)), questions(config) {}

  /// A server, one for each broker of a topic: the master if there is one.
  struct Server {
    std::string broker_name;
    std::string address;
  };
  /// Of a topic as on the wire. Throws Error, as Questions::route().
  [[nodiscard]] std::vector<Server> servers(const std::string& wire_topic);
  /// Of the brokers that have the group's retry topic; of all brokers if none has it.
  [[nodiscard]] std::vector<std::string> group_servers(std::string_view group);
  /// The name of the wire.
  [[nodiscard]] std::string wrap(std::string_view name) { return questions.core()->wrap_name(name); }

  const ClientConfig config;
  client::Questions questions;
};

namespace client {

/// Reads the body of an answer. Throws what failed; `what` names the question.
template <class Body>
[[nodiscard]] Body body_of(const Questions::Answer& answer, const std::string& address,
                           const std::string& what) {
  throw_if(answer.failure);
  Body body;
  if (const Errc error = Body::decode_body(answer.body.view, body); error != Errc::ok)
    throw Error(error, address + " answered unreadably: " + what);
  return body;
}

}  // namespace client

}  // namespace rocketmq
