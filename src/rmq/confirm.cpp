#include "rmq/confirm.h"

#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "base/text.h"
#include "rmq/usage_error.h"

namespace rocketmq::rmq {

bool confirmed(const std::string& question, bool yes) {
  if (yes) return true;
  if (isatty(STDIN_FILENO) == 0)
    throw UsageError(
        "nothing was done: standard input is no terminal, so nobody can be asked; give --yes or --dry-run");
  (void)std::fprintf(stderr, "%s [y/N] ", question.c_str());
  std::string answer;
  if (!std::getline(std::cin, answer)) answer.clear();
  const std::string_view said = trim(answer);
  if (equal_ignoring_case(said, "y") || equal_ignoring_case(said, "yes")) return true;
  (void)std::fputs("rmq: nothing was done\n", stderr);
  return false;
}

}  // namespace rocketmq::rmq
