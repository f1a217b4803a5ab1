#include "wire/message_queue.h"

namespace rocketmq::wire {

std::string to_string(const MessageQueue& queue) {
  std::string text = queue.topic;
  text += '@';
  text += queue.broker_name;
  text += ':';
  text += std::to_string(queue.queue_id);
  return text;
}

}  // namespace rocketmq::wire
