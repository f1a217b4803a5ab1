#include "rmq/option_errors.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "rmq/nearest.h"
#include "rmq/usage_error.h"

namespace rocketmq::rmq {

namespace {

constexpr std::size_t shown_bytes = 64;

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  const auto add_of = [&names](const CLI::App& each) {
    for (const CLI::Option* option : each.get_options()) {
      for (const std::string& name : option->get_lnames())
        names.push_back("--" + name);
    }
  };
  add_of(app);
  for (const CLI::App* sub : app.get_subcommands())
    add_of(*sub);
  return names;
}

/// The word that nothing asked for; of several rather an option than what may be its value.
std::string stray_word(const CLI::App& app) {
  std::vector<std::string> rest = app.remaining();
  for (const CLI::App* sub : app.get_subcommands()) {
    const std::vector<std::string> more = sub->remaining();
    rest.insert(rest.end(), more.begin(), more.end());
  }
  const auto option =
      std::find_if(rest.begin(), rest.end(), [](const std::string& word) { return word.starts_with('-'); });
  return option != rest.end() ? *option : rest.empty() ? "" : rest.front();
}

}  // namespace

void refuse(const CLI::App& app, const CLI::ParseError& error) {
  const auto chosen = app.get_subcommands();
  const std::string word = stray_word(app);
  const std::string shown = "'" + printable(word, shown_bytes) + "'";
  const bool is_extra = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError);
  std::string text = error.what();
  if (chosen.empty() && !word.empty() && word.front() != '-') {
    std::vector<std::string> names;
    for (const CLI::App* sub : app.get_subcommands(nullptr))
      names.push_back(sub->get_name());
    text = "there is no command " + shown + did_you_mean(word, names);
  } else if (!word.empty() && (chosen.empty() || is_extra)) {
    const bool is_option = word.starts_with("--");
    text = shown + " is not understood" +
           (is_option ? did_you_mean(word.substr(0, word.find('=')), option_names(app)) : "");
  }
  throw UsageError(text + "; see `rmq " + (chosen.empty() ? "" : chosen.front()->get_name() + " ") +
                   "--help`");
}

}  // namespace rocketmq::rmq
