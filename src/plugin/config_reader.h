#pragma once

#include <climits>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/sdk.h"

namespace rocketmq::plugin {

/// A key of a configuration dictionary as people read it; the manual's pages are checked against this.
struct ConfigKey {
  std::string name;
  std::string type;           ///< E.g. "INT scalar".
  std::string allowed;        ///< E.g. "greater than 0, in ms".
  std::string default_value;  ///< As shown in the documentation; empty if there is none.
  std::string doc;            ///< One sentence.
  bool secret = false;        ///< Values of secret keys are never shown.

  /// Checks a value and stores it; throws ArgumentError saying what was given.
  std::function<void(const ConfigKey&, const ConstantSP&)> store;
};

struct IntRange {
  int min = 1;
  int max = INT_MAX;
  std::string_view unit = {};  ///< E.g. "ms"; empty for plain counts.
};

/// A choice of a key whose value is one of a few words.
struct Choice {
  std::string_view word;
  std::function<void()> choose;
};

/// Reads a dictionary into plain variables. Every key is registered with its type, range, unit, a sentence of
/// documentation and the variable it sets; the default shown is what the variable holds at that moment.
/// The variables must outlive the reader.
class ConfigReader {
 public:
  /// `argument` is how the dictionary is called in messages, e.g. "producerConfig".
  explicit ConfigReader(std::string_view argument);

  /// An INT; any integral type is accepted.
  void add_int(std::string_view name, const IntRange& range, int& target, std::string_view doc);
  /// An INT without a default: the setter is called only if the key is given.
  void add_optional_int(std::string_view name, const IntRange& range, std::function<void(int)> set,
                        std::string_view doc);
  /// A FLOAT greater than 0; any number is accepted.
  void add_positive_number(std::string_view name, std::string_view unit, double max, double& target,
                           std::string_view doc);
  /// A BOOL; any integral type is accepted.
  void add_bool(std::string_view name, bool& target, std::string_view doc);
  /// A STRING that is not empty.
  void add_text(std::string_view name, std::string& target, std::string_view doc);
  /// The same for a secret: it is never shown.
  void add_secret(std::string_view name, std::string& target, std::string_view doc);
  /// A STRING that becomes part of a clientId: no blanks, no control characters, not too long.
  void add_word(std::string_view name, std::string& target, std::string_view doc);
  /// A STRING that is one of `choices`; the first is the default.
  void add_choice(std::string_view name, std::vector<Choice> choices, std::string_view doc);
  /// A STRING vector of one or more elements. `set` checks the elements and throws ArgumentError, with the
  /// key's name.
  void add_text_list(std::string_view name, std::string_view elements, std::string_view default_value,
                     std::function<void(const std::vector<std::string>&)> set, std::string_view doc);
  /// A STRING vector of secrets, `min` to `max` elements of which the first `min` may not be empty.
  void add_secret_list(std::string_view name, std::size_t min, std::size_t max, std::string_view elements,
                       std::function<void(std::vector<std::string>)> set, std::string_view doc);

  /// A value that `set` checks; it throws ArgumentError, with the key's name. `type` and `allowed` are for
  /// the documentation.
  void add_value(std::string_view name, std::string_view type, std::string_view allowed,
                 std::function<void(const ConstantSP&)> set, std::string_view doc);

  /// Checks every key and value of `dictionary` and stores them. Throws ArgumentError: no dictionary, a key
  /// type other than STRING, an unknown key, a value of the wrong type, form or range, NULL. Gives the keys
  /// that it found.
  std::vector<std::string> read(const ConstantSP& dictionary) const;

  [[nodiscard]] const std::vector<ConfigKey>& keys() const noexcept { return keys_; }

 private:
  [[nodiscard]] const ConfigKey& find(const std::string& name) const;

  std::string argument_;
  std::vector<ConfigKey> keys_;
};

}  // namespace rocketmq::plugin
