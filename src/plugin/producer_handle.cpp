#include "plugin/producer_handle.h"

#include <chrono>
#include <exception>
#include <utility>
#include <vector>

#include "plugin/argument_error.h"
#include "plugin/handler_session.h"
#include "plugin/plugin_log.h"
#include "plugin/producer_registry.h"
#include "plugin/value_text.h"

namespace rocketmq::plugin {

namespace {

constexpr std::chrono::seconds producer_close_deadline{3};
constexpr std::string_view description_prefix = "RocketMQ producer ";

/// Called by the server with the resource whose last reference went. An exception must not leave it, because
/// that happens in the middle of freeing variables.
void close_producer(Heap* /*heap*/, std::vector<ConstantSP>& arguments) noexcept {
  try {
    if (arguments.empty()) return;
    const std::shared_ptr<Producer> producer = ProducerRegistry::instance().remove(arguments[0]->getLong());
    if (producer) producer->close(producer_close_deadline);
  } catch (const std::exception& error) {
    write_log(LogLevel::error, "producer", "closing failed: ", error.what());
  } catch (...) {
    write_log(LogLevel::error, "producer", "closing failed for an unknown reason");
  }
}

void on_close(Heap* heap, std::vector<ConstantSP>& arguments) {
  close_producer(heap, arguments);
}

/// What the handles of all producers close in. A server's resource keeps a bare pointer to its session and
/// uses it when it closes, which may be long after the session of the script has ended: a job whose handler
/// is forward{producer} holds the handle. So this one is made by the first handle and never ends.
Session* session_for_closing(Heap* heap) {
  static const SessionSP& session = *new SessionSP(copy_session(heap));
  return session.get();
}

}  // namespace

ConstantSP make_producer_handle(Heap* heap, std::shared_ptr<Producer> producer, const std::string& group) {
  const std::string description = std::string(description_prefix) + group + " " + producer->client_id();
  const FunctionDefSP closer = Util::createSystemProcedure("closeRocketMQProducer", &on_close, 1, 1);
  Session* session = session_for_closing(heap);
  const long long number = ProducerRegistry::instance().add(std::move(producer), description);
  try {
    return Util::createResource(number, description, closer, session);
  } catch (...) {
    // Without a resource nobody could ever close the producer.
    [[maybe_unused]] const auto closed_here = ProducerRegistry::instance().remove(number);
    throw;
  }
}

std::shared_ptr<Producer> producer_of(const ConstantSP& handle) {
  constexpr std::string_view allowed = "producer must be the object that createProducer returned; given: ";
  if (!handle->isScalar() || handle->getType() != DT_RESOURCE) {
    throw ArgumentError(std::string(allowed) + describe_value(handle) + ".");
  }
  const std::string description = handle->getString();
  if (!description.starts_with(description_prefix)) {
    throw ArgumentError(std::string(allowed) + "the resource " + in_quotes(description) + ".");
  }
  std::shared_ptr<Producer> producer = ProducerRegistry::instance().find(handle->getLong(), description);
  if (!producer) {
    throw ArgumentError("the producer " + in_quotes(description) + " is closed; create a new one.");
  }
  return producer;
}

}  // namespace rocketmq::plugin
