#include "plugin/producer_handle.h"

#include <chrono>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "plugin/argument_error.h"
#include "plugin/script_handle.h"
#include "plugin/value_text.h"

namespace rocketmq::plugin {

namespace {

constexpr std::chrono::seconds producer_close_deadline{3};
constexpr HandleKind producer_kind{"RocketMQ producer ", "producer", "createProducer"};

bool close_number(long long number) {
  const std::optional<OpenProducer> open = open_producers().remove(number);
  if (open) open->producer->close(producer_close_deadline);
  return open.has_value();
}

void on_producer_close(Heap* /*heap*/, std::vector<ConstantSP>& arguments) {
  close_quietly("producer", [&arguments] {
    if (!arguments.empty()) (void)close_number(arguments[0]->getLong());
  });
}

}  // namespace

ConstantSP make_producer_handle(Heap* heap, std::shared_ptr<Producer> producer, ProducerDescription about) {
  const std::string description =
      std::string(producer_kind.prefix) + about.group + " " + producer->client_id();
  about.client_id = producer->client_id();
  about.create_time = Util::getNanoEpochTime();
  const auto stat = std::make_shared<ProducerStat>(std::move(about));
  const long long number = open_producers().add({std::move(producer), stat}, description);
  try {
    return make_handle(heap, number, description, "closeRocketMQProducer", &on_producer_close);
  } catch (...) {
    // Without a resource nobody could ever close the producer.
    [[maybe_unused]] const auto closed_here = open_producers().remove(number);
    throw;
  }
}

OpenProducer producer_of(const ConstantSP& handle) {
  const std::string description = description_of(handle, producer_kind);
  std::optional<OpenProducer> open = open_producers().find(handle->getLong(), description);
  if (!open) throw ArgumentError("the producer " + in_quotes(description) + " is closed; create a new one.");
  return std::move(*open);
}

bool close_producer_of(const ConstantSP& handle) {
  const std::string description = description_of(handle, producer_kind);
  // A resource of ours that was made with another number would be somebody else's.
  return open_producers().find(handle->getLong(), description) && close_number(handle->getLong());
}

void send_counted(const OpenProducer& open, const std::string& topic, const OutgoingMessages& messages,
                  const IsCancelled& is_cancelled) {
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
    open.producer->send(topic, messages, is_cancelled);
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
