#include "lang/layout.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <vector>

namespace host {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

char closing_bracket(char open) {
  return open == '(' ? ')' : open == '[' ? ']' : '}';
}

// Says what a byte outside ASCII is, as far as it helps to repair the script.
std::string describe_foreign(std::string_view rest) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
  if (rest.size() >= 3 && byte(0) == 0xE2 && byte(1) == 0x80) {
    if (byte(2) == 0x9C || byte(2) == 0x9D) return "This looks like a typographic quote; use \" instead";
    if (byte(2) == 0x98 || byte(2) == 0x99) return "This looks like a typographic quote; use ' instead";
  }
  if (rest.size() >= 3 && byte(0) == 0xEF && byte(1) == 0xBC) {
    if (byte(2) == 0x8C) return "This is a full-width comma; use , instead";
    if (byte(2) == 0x88 || byte(2) == 0x89) return "This is a full-width parenthesis; use ( or ) instead";
    if (byte(2) == 0x9B) return "This is a full-width semicolon; use ; instead";
  }
  char text[64];
  std::snprintf(text, sizeof text, "Unexpected byte 0x%02X outside a string or comment", byte(0));
  return text;
}

}  // namespace

Layout::Layout(std::string_view source, std::size_t first_line) : text_(source), first_line_(first_line) {
  scan(nullptr);
}

bool Layout::is_incomplete(std::string_view source) {
  bool incomplete = false;
  try {
    Layout probe("", 1);
    probe.text_ = source;
    probe.scan(&incomplete);
  } catch (const SyntaxError&) {
    return incomplete;
  }
  return false;
}

Position Layout::position(std::size_t offset) const {
  const auto end = std::min(offset, text_.size());
  const auto head = std::string_view(text_).substr(0, end);
  const auto breaks = std::count_if(head.begin(), head.end(), [](char c) { return c == '\n' || c == '\v'; });
  const auto last = head.find_last_of("\n\v");
  return {first_line_ + static_cast<std::size_t>(breaks),
          last == std::string_view::npos ? end + 1 : end - last};
}

// Line breaks that do not count become vertical tabs, which the grammar skips and position() still counts.
void Layout::scan(bool* incomplete) {
  struct Open {
    char bracket;
    std::size_t offset;
  };
  std::vector<Open> open;
  const auto fail = [&](std::size_t at, const std::string& message) {
    throw SyntaxError(position(at), message);
  };
  if (std::string_view(text_).substr(0, byte_order_mark.size()) == byte_order_mark) {
    std::fill_n(text_.begin(), byte_order_mark.size(), ' ');
  }
  const auto blank = [&](std::size_t at) { text_[at] = text_[at] == '\n' || text_[at] == '\v' ? '\v' : ' '; };

  for (std::size_t i = 0; i < text_.size(); ++i) {
    const char c = text_[i];
    const char next = i + 1 < text_.size() ? text_[i + 1] : '\0';
    if (c == '/' && next == '/') {
      for (; i < text_.size() && text_[i] != '\n'; ++i)
        blank(i);
      --i;
    } else if (c == '/' && next == '*') {
      const auto end = text_.find("*/", i + 2);
      if (end == std::string::npos) {
        if (incomplete != nullptr) *incomplete = true;
        fail(i, "The comment that starts here has no closing */");
      }
      for (; i < end + 2; ++i)
        blank(i);
      --i;
    } else if (c == '"' || c == '\'') {
      const auto start = i;
      for (++i; i < text_.size() && text_[i] != c && text_[i] != '\n'; ++i) {
        if (text_[i] == '\\' && i + 1 < text_.size() && text_[i + 1] != '\n') ++i;
      }
      if (i >= text_.size() || text_[i] == '\n') {
        fail(start, std::string("The string that starts here has no closing ") + c);
      }
    } else if (c == '(' || c == '[' || c == '{') {
      if (open.size() >= max_nesting) {
        fail(i, "Brackets are nested deeper than " + std::to_string(max_nesting) + " levels");
      }
      open.push_back({c, i});
    } else if (c == ')' || c == ']' || c == '}') {
      if (open.empty()) fail(i, std::string("Unexpected ") + c + " without an opening bracket");
      if (closing_bracket(open.back().bracket) != c) {
        fail(i, std::string("Unexpected ") + c + "; the " + open.back().bracket + " of line " +
                    std::to_string(position(open.back().offset).line) + " is not closed");
      }
      open.pop_back();
    } else if (c == '\r' || c == '\f') {
      text_[i] = ' ';
    } else if (c == '\n') {
      if (!open.empty() && open.back().bracket != '{') blank(i);
    } else if ((static_cast<unsigned char>(c) & 0x80U) != 0) {
      fail(i, describe_foreign(std::string_view(text_).substr(i)));
    } else if (c == '\0') {
      fail(i, "Unexpected NUL byte outside a string");
    }
  }
  if (!open.empty()) {
    if (incomplete != nullptr) *incomplete = true;
    fail(open.back().offset, std::string("The ") + open.back().bracket + " that opens here is never closed");
  }
}

}  // namespace host
