#include "loader/descriptor.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "CoreConcept.h"
#include "Util.h"

HOST_SDK_USE;

namespace host {
namespace {

constexpr int most_arguments = 512;

[[noreturn]] void fail(const std::string& file, std::size_t line, const std::string& problem) {
  throw RuntimeException("The plugin description " + file + ", line " + std::to_string(line) + ": " +
                         problem);
}

// Splits at commas; with a limit, the last field keeps the rest of the line.
std::vector<std::string> fields_of(std::string_view line, std::size_t limit) {
  std::vector<std::string> fields;
  while (fields.size() + 1 < limit) {
    const auto comma = line.find(',');
    if (comma == std::string_view::npos) break;
    fields.push_back(Util::trim(std::string(line.substr(0, comma))));
    line.remove_prefix(comma + 1);
  }
  fields.push_back(Util::trim(std::string(line)));
  return fields;
}

bool is_identifier(const std::string& text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_!";
  return text.find_first_not_of(allowed) == std::string::npos;
}

PluginFunction parse_function(const std::string& text, const std::string& file, std::size_t line) {
  constexpr std::size_t short_form = 6;
  constexpr std::size_t long_form = 8;
  const auto fields = fields_of(text, long_form);
  if (fields.size() < short_form || fields.size() > long_form) {
    fail(file, line,
         "a function needs 6 or 8 fields (symbol,name,type,min,max,isAggregate[,isSequential,(syntax)]), "
         "not " +
             std::to_string(fields.size()));
  }
  PluginFunction function;
  function.symbol = fields[0];
  function.name = fields[1];
  if (!is_identifier(function.symbol)) fail(file, line, "'" + fields[0] + "' is no symbol of a library");
  if (!is_identifier(function.name)) fail(file, line, "'" + fields[1] + "' is no function name");
  if (fields[2] != "system" && fields[2] != "command") {
    fail(file, line, "the type of " + function.name + " must be system or command, not '" + fields[2] + "'");
  }
  function.has_result = fields[2] == "system";
  const auto number = [&](const std::string& field) {
    int value = -1;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (error != std::errc{} || end != field.data() + field.size() || value < 0 || value > most_arguments) {
      fail(file, line, "'" + field + "' is no number of arguments");
    }
    return value;
  };
  function.least = number(fields[3]);
  function.most = number(fields[4]);
  if (function.least > function.most)
    fail(file, line, function.name + " has more required than allowed arguments");
  for (std::size_t i = short_form - 1; i < fields.size() && i < long_form - 1; ++i) {
    if (fields[i] != "0" && fields[i] != "1") fail(file, line, "'" + fields[i] + "' must be 0 or 1");
  }
  if (fields.size() == long_form) {
    function.syntax = fields.back();
    if (!function.syntax.empty() && (function.syntax.front() != '(' || function.syntax.back() != ')')) {
      fail(file, line, "the syntax of " + function.name + " must be in parentheses");
    }
  }
  return function;
}

}  // namespace

PluginDescriptor parse_descriptor(std::string_view text, const std::string& file) {
  PluginDescriptor result;
  std::set<std::string> names;
  std::size_t number = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = Util::trim(std::string(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (number == 1) {
      const auto fields = fields_of(line, std::string::npos);
      if (fields.size() != 3 || fields[0].empty() || fields[1].empty() || fields[2].empty()) {
        fail(file, number, "the first line must be name,library,server version");
      }
      result.name = fields[0];
      result.library = fields[1];
      result.version = fields[2];
      if (!is_identifier(result.name)) fail(file, number, "'" + result.name + "' is no plugin name");
    } else if (!line.empty()) {
      result.functions.push_back(parse_function(line, file, number));
      if (!names.insert(result.functions.back().name).second) {
        fail(file, number, "the function " + result.functions.back().name + " is there twice");
      }
    }
  }
  if (number == 0) fail(file, 1, "the file is empty");
  if (result.functions.empty()) fail(file, number, "there is no function");
  return result;
}

}  // namespace host
