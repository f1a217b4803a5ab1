#pragma once

/// The only place, with sdk_strings.h, that knows how DolphinDB's plugin SDK drifts between server lines.
///
/// ./build-plugin finds out two things about the headers it was given and passes them as macros:
///   ROCKETMQ_SDK_EVERYTHING   the umbrella header exists and has to come first (servers from 3.00.3)
///   ROCKETMQ_SDK_NAMESPACE    every class lives in namespace ddb (servers from 3.00.3)
///
/// Pointers drift too: SmartPointer with a count of its own, or from 3.00.4 on ObjectPtr that counts in the
/// value. Everything in this room uses only what both have: made from a raw pointer once, copied, converted
/// towards base and derived classes, and asked by ->, *, get(), isNull() and clear().

#if ROCKETMQ_SDK_EVERYTHING
#include <ddbplugin/DolphinDBEverything.h>
#endif

#include <Concurrent.h>
#include <CoreConcept.h>
#include <Exceptions.h>
#include <Logger.h>
#include <ScalarImp.h>
#include <SpecialConstant.h>
#include <Types.h>
#include <Util.h>

#if ROCKETMQ_SDK_NAMESPACE
namespace rocketmq::plugin {
using namespace ddb;  // NOLINT: the names of the SDK are global in older servers
}
// For the functions with C linkage, which are in no namespace.
using ddb::ConstantSP;
using ddb::Heap;
#endif
