// Built-in functions on strings. Most work element by element on vectors.
#include <algorithm>
#include <cstdint>

#include "ScalarImp.h"
#include "lang/builtins.h"
#include "lang/operators.h"

namespace host {
namespace {

constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

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

ConstantSP upper(Heap*, vector<ConstantSP>& a) {
  return map_text(a[0], "upper(X)", [](const std::string& text) { return Util::upper(text); });
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

ConstantSP starts_with(Heap*, vector<ConstantSP>& a) {
  const auto head = text_argument(a, 1, "startsWith(X, str)");
  return test_text(a[0], "startsWith(X, str)",
                   [&](const std::string& text) { return text.compare(0, head.size(), head) == 0; });
}

ConstantSP find(Heap*, vector<ConstantSP>& a) {
  const auto wanted = text_argument(a, 1, "strFind(X, str)");
  return find_text(a[0], "strFind(X, str)",
                   [&](const std::string& text) { return index_or_none(text.find(wanted)); });
}

// % stands for any text, ? for one character.
bool matches(std::string_view text, std::string_view pattern) {
  std::size_t t = 0;
  std::size_t p = 0;
  std::size_t after_star = std::string_view::npos;
  std::size_t retry = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '%') {
      after_star = ++p;
      retry = t;
    } else if (p < pattern.size() && (pattern[p] == text[t] || pattern[p] == '?')) {
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

ConstantSP base64_encode(Heap*, vector<ConstantSP>& a) {
  return map_text(a[0], "base64Encode(X)", [](const std::string& bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
      unsigned three = 0;
      for (std::size_t k = i; k < i + 3; ++k)
        three = three * 256 + (k < bytes.size() ? static_cast<unsigned char>(bytes[k]) : 0);
      for (std::size_t k = 0; k < 4; ++k)
        text += i + k <= bytes.size() ? base64_digits[three >> (18 - 6 * k) & 63U] : '=';
    }
    return text;
  });
}

ConstantSP base64_decode(Heap*, vector<ConstantSP>& a) {
  constexpr const char* usage = "base64Decode(X)";
  return for_each_text(a[0], DT_BLOB, usage, [](const ConstantSP& result, INDEX i, const std::string& text) {
    std::string bytes;
    unsigned bits = 0;
    int count = 0;
    for (const char c : text.substr(0, text.find('='))) {
      const auto digit = base64_digits.find(c);
      if (digit == std::string_view::npos) bad_argument(usage, "X is no Base64");
      bits = (bits & 0xFFU) * 64 + static_cast<unsigned>(digit);
      count += 6;
      if (count < 8) continue;
      count -= 8;
      bytes += static_cast<char>(bits >> static_cast<unsigned>(count) & 0xFFU);
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
  return {{"upper", upper, 1, 1},
          {"concat", concat, 1, 2},
          {"startsWith", starts_with, 2, 2},
          {"strFind", find, 2, 2},
          {"like", like, 2, 2},
          {"base64Encode", base64_encode, 1, 1},
          {"base64Decode", base64_decode, 1, 1},
          {"repeat", repeat, 2, 2}};
}

}  // namespace host
