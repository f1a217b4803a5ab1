#include "plugin/sdk.h"

#include <stdexcept>

namespace rocketmq::plugin {

void require_appended(bool appended) {
  if (!appended) throw std::runtime_error("the server could not append to a column; it may be out of memory");
}

}  // namespace rocketmq::plugin
