#include "plugin/consumer_handle.h"

#include <optional>
#include <utility>
#include <vector>

#include "plugin/argument_error.h"
#include "plugin/script_handle.h"
#include "plugin/value_text.h"

namespace rocketmq::plugin {

namespace {

constexpr HandleKind consumer_kind{"RocketMQ consumer ", "consumer", "createConsumer"};

void on_consumer_close(Heap* /*heap*/, std::vector<ConstantSP>& arguments) {
  close_quietly("consumer", [&arguments] {
    if (!arguments.empty()) (void)close_consumer_of(arguments[0]);
  });
}

}  // namespace

HandleRegistry<std::shared_ptr<PolledConsumer>>& open_consumers() {
  static auto* const registry = new HandleRegistry<std::shared_ptr<PolledConsumer>>();
  return *registry;
}

ConstantSP make_consumer_handle(Heap* heap, std::shared_ptr<PolledConsumer> consumer,
                                const std::string& group) {
  const std::string description = std::string(consumer_kind.prefix) + group + " " + consumer->client_id();
  const long long number = open_consumers().add(std::move(consumer), description);
  try {
    return make_handle(heap, number, description, "closeRocketMQConsumer", &on_consumer_close);
  } catch (...) {
    // Without a resource nobody could ever close the consumer.
    [[maybe_unused]] const auto closed_here = open_consumers().remove(number);
    throw;
  }
}

std::shared_ptr<PolledConsumer> consumer_of(const ConstantSP& handle) {
  const std::string description = description_of(handle, consumer_kind);
  auto consumer = open_consumers().find(handle->getLong(), description);
  if (!consumer)
    throw ArgumentError("the consumer " + in_quotes(description) + " is closed; create a new one.");
  return std::move(*consumer);
}

bool close_consumer_of(const ConstantSP& handle) {
  const std::string description = description_of(handle, consumer_kind);
  const auto consumer = open_consumers().find(handle->getLong(), description);
  if (!consumer) return false;
  // Kept until it is closed: where that throws, the process's exit closes it.
  (*consumer)->close(PolledConsumer::close_time);
  return open_consumers().remove(handle->getLong()).has_value();
}

}  // namespace rocketmq::plugin
