#pragma once

#include <asio/buffer.hpp>
#include <span>

namespace rocketmq::transport {

/// A buffer sequence that refers to its buffers; asio would copy a vector of them for every write.
class BufferRange {
 public:
  using value_type = asio::const_buffer;
  using const_iterator = const asio::const_buffer*;

  explicit BufferRange(std::span<const asio::const_buffer> buffers) : buffers_(buffers) {}
  [[nodiscard]] const_iterator begin() const { return buffers_.data(); }
  [[nodiscard]] const_iterator end() const { return buffers_.data() + buffers_.size(); }

 private:
  std::span<const asio::const_buffer> buffers_;
};

}  // namespace rocketmq::transport
