#pragma once

#include <cstddef>

#include "common/bodies.h"
#include "reference/queue_target.h"

namespace rocketmq::bench {

struct SendWork {
  Target target;
  std::size_t messages = 0;
  std::size_t warmup = 0;
  BodyShape body;
};

/// Batches prepared in advance, one in flight a queue, a connection a queue, one thread.
void send_batches(const SendWork& work, std::size_t batch_bytes);

/// One message per call, each thread with a connection of its own; the next goes out when the answer is
/// there.
void send_singles(const SendWork& work, std::size_t threads);

/// One message per request, `in_flight` of them unanswered, over one connection per broker.
void send_pipelined(const SendWork& work, std::size_t in_flight);

/// One message every `interval_us`, one thread, and another that holds a pull on every queue: measures the
/// time from before the request is written to where its message has been read.
void send_end_to_end(const SendWork& work, std::size_t interval_us);

/// One message every `interval_us`, one thread; measures the time to the answer.
void send_paced(const SendWork& work, std::size_t interval_us);

}  // namespace rocketmq::bench
