#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// STRING, SYMBOL and BLOB values byte for byte, NULs included, in the ways that are fast in every server
/// line. The SDK has others that end at a NUL (`char**`) or copy twice (`getString(i)`).
///
/// Not used: Util::createStringNoInitVector (2.00.14, 3.00.2 and newer). It makes STRING vectors only, while
/// messages are BLOBs, and what its elements are before they are set is documented nowhere.

/// The bytes of a scalar, not copied: valid for as long as it is neither changed nor freed.
[[nodiscard]] std::string_view string_of(const ConstantSP& scalar);

/// The bytes of every element of a vector, not copied: valid for as long as it is neither changed nor freed.
/// Read in chunks of the SDK's own size, because vectors may be stored in pieces.
[[nodiscard]] std::vector<std::string_view> strings_of(const ConstantSP& vector);

/// Builds a STRING or BLOB column. Memory for all rows is taken at the start, and rows go to the server in
/// chunks, so that a large batch is not held a third time.
class StringColumn {
 public:
  StringColumn(DATA_TYPE type, std::size_t rows);

  /// Throws std::runtime_error if the server cannot append.
  void append(std::string_view bytes);
  /// The column with everything that was appended. Once only.
  [[nodiscard]] VectorSP finish();

 private:
  void flush();

  VectorSP column_;
  std::vector<std::string> chunk_;
  std::size_t used_ = 0;
  bool has_null_ = false;
};

}  // namespace rocketmq::plugin
