#pragma once

#include "reference/frames.h"
#include "reference/reply_reader.h"
#include "reference/socket.h"

namespace rocketmq::bench {

/// A connection over which one message after another goes.
class Caller {
 public:
  explicit Caller(const BrokerAddress& broker) : socket_(broker) {}

  void call(const Frame& frame) {
    socket_.write_all(frame.bytes);
    require_success(replies_.wait(socket_));
  }

 private:
  Socket socket_;
  ReplyReader replies_;
};

}  // namespace rocketmq::bench
