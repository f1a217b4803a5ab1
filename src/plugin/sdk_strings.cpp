#include "plugin/sdk_strings.h"

#include <algorithm>
#include <stdexcept>

namespace rocketmq::plugin {

namespace {

constexpr std::size_t chunk_rows = 64;

std::string_view view_of(const DolphinString& text) {
  return {text.data(), text.size()};
}

}  // namespace

std::string_view string_of(const ConstantSP& scalar) {
  return view_of(scalar->getStringRef());
}

std::vector<std::string_view> strings_of(const ConstantSP& vector) {
  const INDEX size = vector->size();
  std::vector<std::string_view> views;
  views.reserve(static_cast<std::size_t>(size));
  std::vector<DolphinString*> buffer(static_cast<std::size_t>(std::min<INDEX>(size, Util::BUF_SIZE)));
  for (INDEX start = 0; start < size;) {
    const int count = static_cast<int>(std::min<INDEX>(size - start, Util::BUF_SIZE));
    DolphinString* const* texts = vector->getStringConst(start, count, buffer.data());
    for (int i = 0; i < count; ++i)
      views.push_back(view_of(*texts[i]));
    start += count;
  }
  return views;
}

StringColumn::StringColumn(DATA_TYPE type, std::size_t rows)
    : column_(Util::createVector(type, 0, static_cast<INDEX>(rows))), chunk_(std::min(rows, chunk_rows)) {}

void StringColumn::append(std::string_view bytes) {
  if (used_ == chunk_.size()) flush();
  if (chunk_.empty()) chunk_.resize(1);
  has_null_ = has_null_ || bytes.empty();
  chunk_[used_++].assign(bytes);
}

VectorSP StringColumn::finish() {
  flush();
  // Raw appends do not look for NULLs, and an empty string is one.
  if (has_null_) column_->setNullFlag(true);
  return column_;
}

void StringColumn::flush() {
  if (used_ == 0) return;
  if (!column_->appendString(chunk_.data(), static_cast<int>(used_))) {
    throw std::runtime_error("the server could not append to a column; it may be out of memory");
  }
  used_ = 0;
}

}  // namespace rocketmq::plugin
