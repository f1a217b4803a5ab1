#include "common/bodies.h"

namespace rocketmq::bench {

std::string make_body(std::size_t index, std::size_t bytes) {
  std::string body = std::to_string(index) + ' ';
  body.resize(bytes, 'x');
  return body;
}

}  // namespace rocketmq::bench
