#pragma once

#include <string>
#include <vector>

namespace rocketmq::plugin {

/// The name that a misspelt word most likely means: the one with the fewest changed letters, upper and lower
/// case being equal. Empty if none is near (more than two letters and more than a third of the word would
/// have to change).
[[nodiscard]] std::string nearest_name(const std::string& word, const std::vector<std::string>& names);

/// `a table with the column "nam", did you mean "name"?`: what was given in place of a table that may have
/// the columns `names` only.
[[nodiscard]] std::string describe_unknown_column(const std::string& name,
                                                  const std::vector<std::string>& names);

}  // namespace rocketmq::plugin
