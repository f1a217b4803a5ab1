// A table as the console shows it.
#include <algorithm>

#include "text.h"

HOST_SDK_BEGIN

namespace {

constexpr std::size_t max_cell_width = 100;

bool startsCharacter(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

// Characters of UTF-8 text; each is taken for one column of the screen.
std::size_t screenWidth(const string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), startsCharacter));
}

// Control characters would tear the table or drive the terminal.
string printable(const string& text) {
  static constexpr const char* digits = "0123456789abcdef";
  string safe;
  for (const char byte : text) {
    const auto code = static_cast<unsigned char>(byte);
    if (byte == '\n') {
      safe += "\\n";
    } else if (byte == '\r') {
      safe += "\\r";
    } else if (byte == '\t') {
      safe += "\\t";
    } else if (code < 0x20 || code == 0x7F) {
      safe += "\\x";
      safe += digits[code / 16U];
      safe += digits[code % 16U];
    } else {
      safe += byte;
    }
  }
  return safe;
}

string shortened(const string& text) {
  if (screenWidth(text) <= max_cell_width) return text;
  std::size_t characters = 0;
  std::size_t end = 0;
  while (end < text.size() && (characters < max_cell_width - 3 || !startsCharacter(text[end]))) {
    if (startsCharacter(text[end])) ++characters;
    ++end;
  }
  return text.substr(0, end) + "...";
}

struct TextColumn {
  vector<string> cells;  // the name, then the rows
  std::size_t width = 1;

  void add(const string& text) {
    cells.push_back(shortened(printable(text)));
    width = std::max(width, screenWidth(cells.back()));
  }
};

string padded(const string& text, std::size_t wanted) {
  return text + string(wanted - std::min(wanted, screenWidth(text)), ' ');
}

// The lines of the columns [first, last).
void writeBlock(const vector<TextColumn>& columns, std::size_t first, std::size_t last, bool cut,
                string& out) {
  const auto line = [&](const auto& cell) {
    for (std::size_t i = first; i < last; ++i) {
      if (i > first) out += ' ';
      out += cell(columns[i]);
    }
    out += '\n';
  };
  for (std::size_t row = 0; row < columns[first].cells.size(); ++row) {
    line([row](const TextColumn& column) { return padded(column.cells[row], column.width); });
    if (row == 0) line([](const TextColumn& column) { return string(column.width, '-'); });
  }
  if (cut) out += "...\n";
}

}  // namespace

std::string tableText(const Table& table) {
  const INDEX rows = std::min(table.size(), Util::DISPLAY_ROWS);
  vector<TextColumn> columns(static_cast<std::size_t>(table.columns()));
  for (INDEX i = 0; i < table.columns(); ++i) {
    TextColumn& column = columns[static_cast<std::size_t>(i)];
    column.add(table.getColumnName(i));
    const ConstantSP values = table.getColumn(i);
    for (INDEX row = 0; row < rows; ++row) {
      column.add(values->getString(row));
    }
  }
  // As many columns side by side as fit; the others follow in blocks below, so that nothing is hidden.
  string text;
  std::size_t first = 0;
  while (first < columns.size()) {
    std::size_t used = columns[first].width;
    std::size_t last = first + 1;
    while (last < columns.size() &&
           used + 1 + columns[last].width <= static_cast<std::size_t>(Util::DISPLAY_WIDTH)) {
      used += 1 + columns[last++].width;
    }
    if (first > 0) text += '\n';
    writeBlock(columns, first, last, rows < table.size(), text);
    first = last;
  }
  text.pop_back();
  return text;
}

HOST_SDK_END
