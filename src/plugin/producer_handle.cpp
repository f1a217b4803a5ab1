#include "plugin/producer_handle.h"

#include <chrono>
#include <exception>
#include <utility>
#include <vector>

#include "plugin/argument_error.h"
#include "plugin/handler_session.h"
#include "plugin/plugin_log.h"
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

/// Of what a script gave, if it is a resource of ours.
std::string description_of(const ConstantSP& handle) {
  constexpr std::string_view allowed = "producer must be the object that createProducer returned; given: ";
  if (!handle->isScalar() || handle->getType() != DT_RESOURCE) {
    throw ArgumentError(std::string(allowed) + describe_value(handle) + ".");
  }
  std::string description = handle->getString();
  if (!description.starts_with(description_prefix)) {
    throw ArgumentError(std::string(allowed) + "the resource " + in_quotes(description) + ".");
  }
  return description;
}

}  // namespace

ConstantSP make_producer_handle(Heap* heap, std::shared_ptr<Producer> producer, ProducerDescription about) {
  const std::string description = std::string(description_prefix) + about.group + " " + producer->client_id();
  about.client_id = producer->client_id();
  about.create_time = Util::getNanoEpochTime();
  const auto stat = std::make_shared<ProducerStat>(std::move(about));
  const FunctionDefSP closer = Util::createSystemProcedure("closeRocketMQProducer", &on_close, 1, 1);
  Session* session = session_for_closing(heap);
  const long long number = ProducerRegistry::instance().add({std::move(producer), stat}, description);
  try {
    return Util::createResource(number, description, closer, session);
  } catch (...) {
    // Without a resource nobody could ever close the producer.
    [[maybe_unused]] const auto closed_here = ProducerRegistry::instance().remove(number);
    throw;
  }
}

ProducerRegistry::OpenProducer producer_of(const ConstantSP& handle) {
  const std::string description = description_of(handle);
  ProducerRegistry::OpenProducer open = ProducerRegistry::instance().find(handle->getLong(), description);
  if (!open.producer) {
    throw ArgumentError("the producer " + in_quotes(description) + " is closed; create a new one.");
  }
  return open;
}

bool close_producer_of(const ConstantSP& handle) {
  const std::string description = description_of(handle);
  // A resource of ours that was made with another number would be somebody else's.
  if (!ProducerRegistry::instance().find(handle->getLong(), description).producer) return false;
  const std::shared_ptr<Producer> producer = ProducerRegistry::instance().remove(handle->getLong());
  if (!producer) return false;
  producer->close(producer_close_deadline);
  return true;
}

void send_counted(const ProducerRegistry::OpenProducer& open, const std::string& topic,
                  const OutgoingMessages& messages) {
  const auto began = std::chrono::steady_clock::now();
  const std::span<const std::string_view> bodies = messages.bodies;
  std::size_t bytes = 0;
  for (const std::string_view body : bodies)
    bytes += body.size();
  const auto count = [&](std::size_t stored, std::size_t stored_bytes, const char* error) {
    open.stat->sent(stored, stored_bytes, bodies.size() - stored, error,
                    std::chrono::steady_clock::now() - began, Util::getNanoEpochTime());
  };
  try {
    open.producer->send(topic, messages);
  } catch (const SendError& error) {
    std::size_t stored_bytes = 0;
    for (const SendRange& range : error.ranges()) {
      if (range.outcome != SendOutcome::stored) continue;
      for (const std::string_view body : bodies.subspan(range.first, range.count))
        stored_bytes += body.size();
    }
    count(error.stored_count(), stored_bytes, error.what());
    throw;
  } catch (const std::exception& error) {
    count(0, 0, error.what());
    throw;
  }
  count(bodies.size(), bytes, "");
}

}  // namespace rocketmq::plugin
