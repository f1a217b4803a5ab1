#pragma once

#include <stdlib.h>

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <locale>
#include <string>
#include <string_view>
#include <vector>

#include "support/sanitizer_cost.h"

namespace rocketmq::test {

/// For as long as this lives, the process has a locale that writes 0,1 where others write 0.1, for C and for
/// C++: a host may set one at any time. Where the machine has none, it is made for this once.
class CommaLocale {
 public:
  CommaLocale() {
    for (const std::string& name : names()) {
      if (set(name)) return;
    }
    make();
  }
  ~CommaLocale() {
    std::locale::global(before_);
    if (made_in_.empty()) return;
    std::error_code ignored;
    std::filesystem::remove_all(made_in_, ignored);
  }
  CommaLocale(const CommaLocale&) = delete;
  CommaLocale& operator=(const CommaLocale&) = delete;

  /// False if there is no such locale; tests are skipped then.
  [[nodiscard]] bool is_set() const noexcept { return is_set_; }

 private:
  bool set(const std::string& name) {
    try {
      std::locale::global(std::locale(name));
    } catch (const std::exception&) {
      return false;
    }
    is_set_ = std::string_view(std::localeconv()->decimal_point) == ",";
    if (!is_set_) std::locale::global(before_);
    return is_set_;
  }

  static std::vector<std::string> names() {
    std::vector<std::string> names{"de_DE.UTF-8", "fr_FR.UTF-8"};
    FILE* const list = ::popen("locale -a 2>/dev/null", "r");
    if (list == nullptr) return names;
    char line[128];
    while (std::fgets(line, sizeof line, list) != nullptr)
      names.emplace_back(line, std::string_view(line).find_last_not_of('\n') + 1);
    ::pclose(list);
    return names;
  }

  void make() {
#if defined(ROCKETMQ_TEST_ADDRESS_SANITIZER)
    return;  // glibc never frees its copy of LOCPATH, which would count as a leak of the test's.
#else
    std::string place = (std::filesystem::temp_directory_path() / "comma-locale-XXXXXX").string();
    if (::mkdtemp(place.data()) == nullptr) return;
    made_in_ = place;
    const std::string command =
        "localedef --no-archive -i de_DE -f UTF-8 '" + place + "/de_DE.UTF-8' >/dev/null 2>&1";
    if (std::system(command.c_str()) != 0) return;
    const char* const was = std::getenv("LOCPATH");
    const std::string path_before = was == nullptr ? "" : was;
    ::setenv("LOCPATH", place.c_str(), 1);
    (void)set("de_DE.UTF-8");
    was == nullptr ? ::unsetenv("LOCPATH") : ::setenv("LOCPATH", path_before.c_str(), 1);
#endif
  }

  const std::locale before_;  // A copy of the global one.
  std::string made_in_;
  bool is_set_ = false;
};

}  // namespace rocketmq::test
