#include "rmq/table.h"

#include <algorithm>
#include <limits>

#include "base/json_string.h"
#include "base/text.h"
#include "rmq/json_line.h"
#include "rmq/position.h"

namespace rocketmq::rmq {

namespace {

std::string text_of(const Cell& cell) {
  struct Visitor {
    std::string operator()(std::monostate /*nothing*/) const { return "-"; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(bool flag) const { return flag ? "yes" : "no"; }
    std::string operator()(const std::string& text) const {
      return text.empty() ? "-" : printable(text, std::numeric_limits<std::size_t>::max());
    }
    std::string operator()(const Moment& moment) const { return time_text(moment.ms); }
    std::string operator()(const std::vector<std::string>& texts) const {
      std::string joined;
      for (const std::string& text : texts)
        joined += (joined.empty() ? "" : ",") + (*this)(text);
      return joined.empty() ? "-" : joined;
    }
  };
  return std::visit(Visitor{}, cell);
}

void append_value(std::string& out, const Cell& cell) {
  struct Visitor {
    std::string& out;
    void operator()(std::monostate /*nothing*/) const { out += "null"; }
    void operator()(std::int64_t number) const { out += std::to_string(number); }
    void operator()(bool flag) const { out += flag ? "true" : "false"; }
    void operator()(const std::string& text) const { append_json_string(out, text); }
    void operator()(const Moment& moment) const { out += std::to_string(moment.ms); }
    void operator()(const std::vector<std::string>& texts) const {
      out += '[';
      for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i > 0) out += ',';
        append_json_string(out, texts[i]);
      }
      out += ']';
    }
  };
  std::visit(Visitor{out}, cell);
}

bool is_number(const Cell& cell) {
  return std::holds_alternative<std::int64_t>(cell);
}

}  // namespace

void Table::print(Output& out) const {
  if (out.is_terminal()) return print_aligned(out);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out.text() += '\t';
      out.text() += text_of(row[i]);
    }
    out.text() += '\n';
    out.written();
  }
}

void Table::print_aligned(Output& out) const {
  std::vector<std::size_t> widths;
  widths.reserve(columns_.size());
  std::vector<bool> right(columns_.size(), false);
  for (const Column& column : columns_)
    widths.push_back(column.title.size());
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], text_of(row[i]).size());
      if (is_number(row[i])) right[i] = true;
    }
  }
  const auto line = [&](const auto& text_at, const auto& color_at) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string text = text_at(i);
      const std::string padding(widths[i] - text.size(), ' ');
      const std::string_view color = color_at(i);
      if (i > 0) out.text() += "  ";
      if (right[i]) out.text() += padding;
      (out.text() += color) += text;
      if (!color.empty()) out.text() += out.plain();
      if (!right[i] && i + 1 < columns_.size()) out.text() += padding;
    }
    out.text() += '\n';
    out.written();
  };
  line([&](std::size_t i) { return columns_[i].title; }, [&](std::size_t) { return out.bold(); });
  for (const auto& row : rows_) {
    line([&](std::size_t i) { return text_of(row[i]); },
         [&](std::size_t i) -> std::string_view {
           const auto* const number = std::get_if<std::int64_t>(&row[i]);
           return columns_[i].alarming && number != nullptr && *number > 0 ? out.yellow() : "";
         });
  }
}

void Table::append_object(std::string& out, const std::vector<Cell>& row) const {
  JsonObject object(out);
  for (std::size_t i = 0; i < row.size(); ++i)
    append_value(object.key(columns_[i].name), row[i]);
  object.end();
}

void Table::print_json(Output& out) const {
  for (const auto& row : rows_) {
    append_object(out.text(), row);
    out.text() += '\n';
    out.written();
  }
}

void Table::append_json(std::string& out) const {
  out += '[';
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (i > 0) out += ',';
    append_object(out, rows_[i]);
  }
  out += ']';
}

}  // namespace rocketmq::rmq
