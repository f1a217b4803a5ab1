// Built-in functions on strings. Most work element by element on vectors.
#include <algorithm>
#include <cstdint>

#include "ScalarImp.h"
#include "lang/builtins.h"
#include "lang/operators.h"

namespace host {
namespace {

void require_text(const ConstantSP& value, const char* usage) {
  if (value->getCategory() != LITERAL || (!value->isScalar() && !value->isVector())) {
    bad_argument(usage, "The first argument must be a string or a vector of strings");
  }
}

// Applies `function(string)` to a string or to each of a vector, giving values of one type.
template <typename Function>
ConstantSP for_each_text(const ConstantSP& value, DATA_TYPE type, const char* usage, Function function) {
  require_text(value, usage);
  const bool list = value->isVector();
  ConstantSP result =
      list ? ConstantSP(Util::createVector(type, value->size())) : ConstantSP(Util::createConstant(type));
  for (INDEX i = 0; i < value->size(); ++i)
    function(result, i, value->getString(i));
  return result;
}

template <typename Function>
ConstantSP map_text(const ConstantSP& value, const char* usage, Function function) {
  return for_each_text(value, DT_STRING, usage,
                       [&](const ConstantSP& result, INDEX i, const std::string& text) {
                         result->setString(i, function(text));
                       });
}

template <typename Function>
ConstantSP find_text(const ConstantSP& value, const char* usage, Function function) {
  return for_each_text(value, DT_INT, usage, [&](const ConstantSP& result, INDEX i, const std::string& text) {
    result->setInt(i, static_cast<int>(function(text)));
  });
}

template <typename Function>
ConstantSP test_text(const ConstantSP& value, const char* usage, Function function) {
  return for_each_text(value, DT_BOOL, usage,
                       [&](const ConstantSP& result, INDEX i, const std::string& text) {
                         result->setBool(i, static_cast<char>(function(text)));
                       });
}

long long index_or_none(std::size_t position) {
  return position == std::string::npos ? -1 : static_cast<long long>(position);
}

ConstantSP strlen_of(Heap*, vector<ConstantSP>& a) {
  return find_text(a[0], "strlen(X)", [](const std::string& text) { return text.size(); });
}

ConstantSP upper(Heap*, vector<ConstantSP>& a) {
  return map_text(a[0], "upper(X)", [](const std::string& text) { return Util::upper(text); });
}

ConstantSP lower(Heap*, vector<ConstantSP>& a) {
  return map_text(a[0], "lower(X)", [](const std::string& text) { return Util::lower(text); });
}

ConstantSP trim(Heap*, vector<ConstantSP>& a) {
  return map_text(a[0], "trim(X)", [](const std::string& text) { return Util::trim(text); });
}

ConstantSP substr(Heap*, vector<ConstantSP>& a) {
  constexpr const char* usage = "substr(X, offset, [length])";
  const auto offset = whole_argument(a, 1, usage);
  const auto length = given(a, 2) ? whole_argument(a, 2, usage) : INT_MAX;
  if (offset < 0 || length < 0) bad_argument(usage, "offset and length must not be negative");
  return map_text(a[0], usage, [&](const std::string& text) {
    const auto start = static_cast<std::size_t>(offset);
    return start >= text.size() ? std::string() : text.substr(start, static_cast<std::size_t>(length));
  });
}

ConstantSP split(Heap*, vector<ConstantSP>& a) {
  constexpr const char* usage = "split(str, [delimiter = \",\"])";
  const auto text = text_argument(a, 0, usage);
  // A single character in single quotes is a CHAR.
  const auto delimiter = !given(a, 1)                 ? std::string(",")
                         : a[1]->getType() == DT_CHAR ? std::string(1, a[1]->getChar())
                                                      : text_argument(a, 1, usage);
  const VectorSP result = Util::createVector(DT_STRING, 0);
  for (std::size_t start = 0; start <= text.size();) {
    const auto end = delimiter.empty() ? text.size() : std::min(text.find(delimiter, start), text.size());
    const std::string part = text.substr(start, end - start);
    result->appendString(&part, 1);
    start = end + std::max<std::size_t>(delimiter.size(), 1);
  }
  return result;
}

ConstantSP concat(Heap*, vector<ConstantSP>& a) {
  const bool list = a[0]->isVector();
  const std::string second = a.size() > 1 ? a[1]->getString() : "";
  if (!list) return new String(a[0]->getString() + second);
  std::string result;
  for (INDEX i = 0; i < a[0]->size(); ++i)
    result += (i == 0 ? "" : second) + a[0]->getString(i);
  return new String(result);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  if (from.empty()) return text;
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

ConstantSP replace(Heap*, vector<ConstantSP>& a) {
  constexpr const char* usage = "strReplace(X, pattern, replacement)";
  const auto from = text_argument(a, 1, usage);
  const auto to = text_argument(a, 2, usage);
  return map_text(a[0], usage, [&](const std::string& text) { return replaced(text, from, to); });
}

ConstantSP starts_with(Heap*, vector<ConstantSP>& a) {
  const auto head = text_argument(a, 1, "startsWith(X, str)");
  return test_text(a[0], "startsWith(X, str)",
                   [&](const std::string& text) { return text.compare(0, head.size(), head) == 0; });
}

ConstantSP ends_with(Heap*, vector<ConstantSP>& a) {
  const auto tail = text_argument(a, 1, "endsWith(X, str)");
  return test_text(a[0], "endsWith(X, str)", [&](const std::string& text) {
    return text.size() >= tail.size() && text.compare(text.size() - tail.size(), tail.size(), tail) == 0;
  });
}

ConstantSP find(Heap*, vector<ConstantSP>& a) {
  const auto wanted = text_argument(a, 1, "strFind(X, str)");
  return find_text(a[0], "strFind(X, str)",
                   [&](const std::string& text) { return index_or_none(text.find(wanted)); });
}

// % stands for any text, _ is an ordinary character as in DolphinDB.
bool matches(std::string_view text, std::string_view pattern) {
  std::size_t t = 0;
  std::size_t p = 0;
  std::size_t after_star = std::string_view::npos;
  std::size_t retry = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '%') {
      after_star = ++p;
      retry = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (after_star != std::string_view::npos) {
      p = after_star;
      t = ++retry;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('%', p) == std::string_view::npos;
}

ConstantSP like(Heap*, vector<ConstantSP>& a) {
  const auto pattern = text_argument(a, 1, "like(X, pattern)");
  return test_text(a[0], "like(X, pattern)", [&](const std::string& text) { return matches(text, pattern); });
}

ConstantSP hex(Heap*, vector<ConstantSP>& a) {
  return map_text(a[0], "hex(X)", [](const std::string& bytes) {
    constexpr const char* digits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
      const auto byte = static_cast<unsigned char>(c);
      text += digits[byte >> 4U];
      text += digits[byte & 15U];
    }
    return text;
  });
}

ConstantSP unhex(Heap*, vector<ConstantSP>& a) {
  constexpr const char* usage = "unhex(X)";
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    bad_argument(usage, "X must consist of hexadecimal digits");
  };
  return for_each_text(a[0], DT_BLOB, usage, [&](const ConstantSP& result, INDEX i, const std::string& text) {
    if (text.size() % 2 != 0) bad_argument(usage, "X must have an even number of digits");
    std::string bytes;
    for (std::size_t k = 0; k < text.size(); k += 2) {
      bytes += static_cast<char>(static_cast<unsigned char>(digit(text[k]) * 16 + digit(text[k + 1])));
    }
    result->setString(i, bytes);
  });
}

ConstantSP repeat(Heap*, vector<ConstantSP>& a) {
  constexpr const char* usage = "repeat(X, n)";
  constexpr long long most = 256LL * 1024 * 1024;
  const auto count = whole_argument(a, 1, usage);
  return map_text(a[0], usage, [&](const std::string& text) {
    if (count < 0 || count * static_cast<long long>(std::max<std::size_t>(text.size(), 1)) > most) {
      bad_argument(usage, "n is negative or the result would be longer than 256 MiB");
    }
    std::string result;
    for (long long i = 0; i < count; ++i)
      result += text;
    return result;
  });
}

}  // namespace

std::vector<Builtin> string_builtins() {
  return {{"strlen", strlen_of, 1, 1},
          {"upper", upper, 1, 1},
          {"lower", lower, 1, 1},
          {"trim", trim, 1, 1},
          {"strip", trim, 1, 1},
          {"substr", substr, 2, 3},
          {"split", split, 1, 2},
          {"concat", concat, 1, 2},
          {"strReplace", replace, 3, 3},
          {"replace", replace, 3, 3},
          {"startsWith", starts_with, 2, 2},
          {"endsWith", ends_with, 2, 2},
          {"strFind", find, 2, 2},
          {"strpos", find, 2, 2},
          {"like", like, 2, 2},
          {"hex", hex, 1, 1},
          {"unhex", unhex, 1, 1},
          {"repeat", repeat, 2, 2}};
}

}  // namespace host
