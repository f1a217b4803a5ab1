// The lines of a script made ready for the grammar.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "lang/script_error.h"

namespace host {

// A script's text in which comments, carriage returns and the line breaks inside () and [] are blanks, so
// that in the grammar every line break that is left ends a statement. The text keeps its length: byte N of
// `text()` is byte N of the source, which is how positions are found. The constructor throws SyntaxError for
// what is easier to explain here than in a grammar: unterminated strings and comments, brackets that do not
// match, typographic quotes and other characters outside ASCII, and nesting deeper than `max_nesting`.
class Layout {
 public:
  static constexpr std::size_t max_nesting = 100;

  // `first_line` is the number of the text's first line in its file.
  explicit Layout(std::string_view source, std::size_t first_line = 1);

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] Position position(std::size_t offset) const;
  // True if the source ends inside a bracket or a comment: a prompt then asks for another line.
  [[nodiscard]] static bool is_incomplete(std::string_view source);

 private:
  void scan(bool* incomplete);

  std::string text_;
  std::size_t first_line_;
};

}  // namespace host
