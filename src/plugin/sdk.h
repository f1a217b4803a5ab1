#pragma once

/// The only place that knows how DolphinDB's plugin SDK drifts between server lines.
///
/// The build finds out two things about the headers it was given and passes them as macros:
///   ROCKETMQ_SDK_EVERYTHING  the umbrella header exists and has to come first (servers from 2.00.15
///   and 3.00.3) ROCKETMQ_SDK_NAMESPACE   every class lives in namespace ddb (servers from 3.00.3)
/// Everything else in this room uses only what is the same in all of them: smart pointers made from a raw
/// pointer, copied, and asked by ->, *, get(), isNull() and clear().

#if ROCKETMQ_SDK_EVERYTHING
#include <ddbplugin/DolphinDBEverything.h>
#endif

#include <Concurrent.h>
#include <CoreConcept.h>
#include <Exceptions.h>
#include <Logger.h>
#include <ScalarImp.h>
#include <Types.h>
#include <Util.h>

#if ROCKETMQ_SDK_NAMESPACE
namespace rocketmq::plugin {
using namespace ddb;  // NOLINT: the names of the SDK are global in older servers
}
#endif

namespace rocketmq::plugin {

/// A vector of the SDK refuses an append by returning false; nobody may overlook that.
void require_appended(bool appended);

}  // namespace rocketmq::plugin
