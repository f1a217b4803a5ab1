#include "plugin/config_reader.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "plugin/argument_error.h"
#include "plugin/nearest_name.h"
#include "plugin/value_text.h"

namespace rocketmq::plugin {

namespace {

/// The client library's limit for the parts of a clientId.
constexpr std::size_t max_word_bytes = 255;

[[noreturn]] void refuse(const ConfigKey& key, const ConstantSP& value) {
  std::string message = key.name + " must be a" + (key.type.starts_with("INT") ? "n " : " ") + key.type;
  if (!key.allowed.empty()) message += " " + key.allowed;
  throw ArgumentError(message + "; given: " + (key.secret ? describe_type(value) : describe_value(value)) +
                      ".");
}

bool is_integral(const ConstantSP& value) {
  return value->isScalar() && value->getCategory() == INTEGRAL;
}

bool is_number(const ConstantSP& value) {
  return is_integral(value) || (value->isScalar() && value->getCategory() == FLOATING);
}

std::string range_text(const IntRange& range) {
  std::string text = range.max == INT_MAX
                         ? "greater than " + std::to_string(range.min - 1)
                         : "from " + std::to_string(range.min) + " to " + std::to_string(range.max);
  if (!range.unit.empty()) text += ", in " + std::string(range.unit);
  return text;
}

int read_int(const ConfigKey& key, const IntRange& range, const ConstantSP& value) {
  if (!is_integral(value) || value->isNull()) refuse(key, value);
  const long long number = value->getLong();
  if (number < range.min || number > range.max) refuse(key, value);
  return static_cast<int>(number);
}

std::string number_text(double number) {
  std::string text = std::to_string(number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= max_word_bytes &&
         std::none_of(text.begin(), text.end(), [](unsigned char c) { return c <= ' ' || c == 0x7f; });
}

std::vector<std::string> read_text_list(const ConstantSP& value) {
  std::vector<std::string> texts;
  texts.reserve(static_cast<std::size_t>(value->size()));
  for (INDEX i = 0; i < value->size(); ++i)
    texts.push_back(value->getString(i));
  return texts;
}

}  // namespace

ConfigReader::ConfigReader(std::string_view argument) : argument_(argument) {}

void ConfigReader::add_int(std::string_view name, const IntRange& range, int& target, std::string_view doc) {
  add_optional_int(
      name, range, [&target](int number) { target = number; }, doc);
  keys_.back().default_value = std::to_string(target);
}

void ConfigReader::add_optional_int(std::string_view name, const IntRange& range,
                                    std::function<void(int)> set, std::string_view doc) {
  keys_.push_back({std::string(name), "INT scalar", range_text(range), "", std::string(doc), false,
                   [range, set = std::move(set)](const ConfigKey& key, const ConstantSP& value) {
                     set(read_int(key, range, value));
                   }});
}

void ConfigReader::add_positive_number(std::string_view name, std::string_view unit, double max,
                                       double& target, std::string_view doc) {
  keys_.push_back({std::string(name), "FLOAT scalar",
                   "greater than 0 and up to " + number_text(max) + ", in " + std::string(unit),
                   number_text(target), std::string(doc), false,
                   [&target, max](const ConfigKey& key, const ConstantSP& value) {
                     if (!is_number(value) || value->isNull()) refuse(key, value);
                     const double number = value->getDouble();
                     if (!std::isfinite(number) || number <= 0 || number > max) refuse(key, value);
                     target = number;
                   }});
}

void ConfigReader::add_bool(std::string_view name, bool& target, std::string_view doc) {
  keys_.push_back({std::string(name), "BOOL scalar", "", target ? "true" : "false", std::string(doc), false,
                   [&target](const ConfigKey& key, const ConstantSP& value) {
                     const bool logical = value->isScalar() && value->getCategory() == LOGICAL;
                     if ((!logical && !is_integral(value)) || value->isNull()) refuse(key, value);
                     target = logical ? value->getBool() != 0 : value->getLong() != 0;
                   }});
}

void ConfigReader::add_text(std::string_view name, std::string& target, std::string_view doc) {
  keys_.push_back({std::string(name), "STRING scalar", "that is not empty", target, std::string(doc), false,
                   [&target](const ConfigKey& key, const ConstantSP& value) {
                     if (!value->isScalar() || !is_text_type(value)) refuse(key, value);
                     std::string text = value->getString();
                     if (text.empty()) refuse(key, value);
                     target = std::move(text);
                   }});
}

void ConfigReader::add_secret(std::string_view name, std::string& target, std::string_view doc) {
  add_text(name, target, doc);
  keys_.back().secret = true;
  keys_.back().default_value.clear();
}

void ConfigReader::add_word(std::string_view name, std::string& target, std::string_view doc) {
  const std::string allowed = "that is not empty, of at most " + std::to_string(max_word_bytes) +
                              " bytes, without blanks and control characters";
  keys_.push_back({std::string(name), "STRING scalar", allowed, target, std::string(doc), false,
                   [&target](const ConfigKey& key, const ConstantSP& value) {
                     if (!value->isScalar() || !is_text_type(value)) refuse(key, value);
                     std::string text = value->getString();
                     if (!is_word(text)) refuse(key, value);
                     target = std::move(text);
                   }});
}

void ConfigReader::add_choice(std::string_view name, std::vector<Choice> choices, std::string_view doc) {
  std::string allowed = "that is one of";
  for (const Choice& choice : choices) {
    allowed += (&choice == &choices.front() ? " " : ", ") + in_quotes(std::string(choice.word));
  }
  std::string first(choices.front().word);
  keys_.push_back({std::string(name), "STRING scalar", std::move(allowed), std::move(first), std::string(doc),
                   false, [choices = std::move(choices)](const ConfigKey& key, const ConstantSP& value) {
                     if (!value->isScalar() || !is_text_type(value)) refuse(key, value);
                     const std::string word = value->getString();
                     for (const Choice& choice : choices) {
                       if (choice.word == word) return choice.choose();
                     }
                     refuse(key, value);
                   }});
}

void ConfigReader::add_text_list(std::string_view name, std::string_view elements,
                                 std::string_view default_value,
                                 std::function<void(const std::vector<std::string>&)> set,
                                 std::string_view doc) {
  keys_.push_back({std::string(name), "STRING vector", "of one or more of " + std::string(elements),
                   std::string(default_value), std::string(doc), false,
                   [set = std::move(set)](const ConfigKey& key, const ConstantSP& value) {
                     if (!value->isArray() || !is_text_type(value) || value->size() == 0) refuse(key, value);
                     set(read_text_list(value));
                   }});
}

void ConfigReader::add_secret_list(std::string_view name, std::size_t min, std::size_t max,
                                   std::string_view elements,
                                   std::function<void(std::vector<std::string>)> set, std::string_view doc) {
  keys_.push_back({std::string(name), "STRING vector",
                   "of " + std::to_string(min) + " to " + std::to_string(max) + " elements, " +
                       std::string(elements) + ", of which the first " + std::to_string(min) +
                       " are not empty",
                   "", std::string(doc), true,
                   [min, max, set = std::move(set)](const ConfigKey& key, const ConstantSP& value) {
                     if (!value->isArray() || !is_text_type(value)) refuse(key, value);
                     std::vector<std::string> texts = read_text_list(value);
                     if (texts.size() < min || texts.size() > max) refuse(key, value);
                     for (std::size_t i = 0; i < min; ++i) {
                       if (!texts[i].empty()) continue;
                       throw ArgumentError(key.name + " must be a " + key.type + " " + key.allowed +
                                           "; given: element " + std::to_string(i) + " is empty.");
                     }
                     set(std::move(texts));
                   }});
}

void ConfigReader::add_value(std::string_view name, std::string_view type, std::string_view allowed,
                             std::function<void(const ConstantSP&)> set, std::string_view doc) {
  keys_.push_back(
      {std::string(name), std::string(type), std::string(allowed), "", std::string(doc), false,
       [set = std::move(set)](const ConfigKey& /*key*/, const ConstantSP& value) { set(value); }});
}

const ConfigKey& ConfigReader::find(const std::string& name) const {
  std::vector<std::string> names;
  for (const ConfigKey& key : keys_) {
    if (key.name == name) return key;
    names.push_back(key.name);
  }
  std::string message = "unknown key " + in_quotes(name) + ".";
  if (const std::string near = nearest_name(name, names); !near.empty()) {
    message += " Did you mean " + in_quotes(near) + "?";
  }
  message += " Allowed keys: ";
  for (const std::string& allowed : names)
    message += (&allowed == &names.front() ? "" : ", ") + allowed;
  throw ArgumentError(message + ".");
}

std::vector<std::string> ConfigReader::read(const ConstantSP& dictionary) const {
  if (!dictionary->isDictionary()) {
    throw ArgumentError(argument_ +
                        " must be a dictionary of (STRING, ANY); given: " + describe_type(dictionary) + ".");
  }
  const DictionarySP config = dictionary;
  if (config->getKeyType() != DT_STRING && config->getKeyType() != DT_SYMBOL) {
    throw ArgumentError(argument_ +
                        " must be a dictionary of (STRING, ANY); given: a dictionary whose keys are " +
                        "not of type STRING.");
  }
  const ConstantSP names = config->keys();
  std::vector<std::string> found;
  for (INDEX i = 0; i < names->size(); ++i) {
    const std::string name = names->getString(i);
    // The key as a value: the SDK's getMember(string) throws, unless a class of the server offers it.
    const ConstantSP value = config->getMember(ConstantSP(new String(name)));
    try {
      const ConfigKey& key = find(name);
      key.store(key, value);
    } catch (const ArgumentError& error) {
      throw ArgumentError(argument_ + ": " + error.what());
    }
    found.push_back(name);
  }
  return found;
}

}  // namespace rocketmq::plugin
