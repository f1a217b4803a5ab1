#include "plugin/offset_directory.h"

#include <exception>
#include <vector>

namespace rocketmq::plugin {

namespace {

std::string home_directory(Heap* heap) {
  try {
    const FunctionDefSP get_home = heap->currentSession()->getFunctionDef("getHomeDir");
    if (get_home.isNull()) return {};
    std::vector<ConstantSP> no_arguments;
    const ConstantSP home = get_home->call(heap, no_arguments);
    return home.isNull() ? std::string() : home->getString();
  } catch (const std::exception&) {
    // Servers tell of a missing function in different ways; the fallback is the same.
    return {};
  }
}

}  // namespace

std::string offset_directory(Heap* heap) {
  std::string directory = home_directory(heap);
  if (directory.empty()) directory = ".";
  if (directory.back() != '/') directory += '/';
  directory += "rocketmq_offsets";
  return directory;
}

}  // namespace rocketmq::plugin
