#include "plugin/script_handle.h"

#include <exception>
#include <random>

#include "plugin/argument_error.h"
#include "plugin/handle_registry.h"
#include "plugin/handler_session.h"
#include "plugin/plugin_log.h"
#include "plugin/value_text.h"

namespace rocketmq::plugin {

namespace {

/// What all handles close in. A server's resource keeps a bare pointer to its session and uses it when it
/// closes, which may be long after the session of the script has ended: a job whose handler is
/// forward{producer} holds the handle. So this one is made by the first handle and never ends.
Session* session_for_closing(Heap* heap) {
  static const SessionSP& session = *new SessionSP(copy_session(heap));
  return session.get();
}

}  // namespace

long long first_handle_number() {
  std::random_device random;
  return (static_cast<long long>(random() & 0x7fffffffU) << 24) + 1;
}

ConstantSP make_handle(Heap* heap, long long number, const std::string& description, const char* closer_name,
                       CloseHandle close) {
  const FunctionDefSP closer = Util::createSystemProcedure(closer_name, close, 1, 1);
  return Util::createResource(number, description, closer, session_for_closing(heap));
}

std::string description_of(const ConstantSP& handle, const HandleKind& kind) {
  const std::string allowed = std::string(kind.argument) + " must be the object that " +
                              std::string(kind.maker) + " returned; given: ";
  if (!handle->isScalar() || handle->getType() != DT_RESOURCE) {
    throw ArgumentError(allowed + describe_value(handle) + ".");
  }
  std::string description = handle->getString();
  if (!description.starts_with(kind.prefix)) {
    throw ArgumentError(allowed + "the resource " + in_quotes(description) + ".");
  }
  return description;
}

void log_failed_close(std::string_view subject) noexcept {
  try {
    throw;
  } catch (const std::exception& error) {
    write_log(LogLevel::error, subject, "closing failed: ", error.what());
  } catch (...) {
    write_log(LogLevel::error, subject, "closing failed for an unknown reason");
  }
}

}  // namespace rocketmq::plugin
