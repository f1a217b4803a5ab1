// Runs the simulation for many seeds, or one seed with all that happens in it.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <optional>

#include "simulation/simulation.h"

int main(int count, char** arguments) {
  CLI::App app("Producers, consumers and brokers on virtual time, with faults that follow from a seed.");
  std::uint64_t first = 1;
  std::uint64_t seeds = 200;
  std::optional<std::uint64_t> only;
  app.add_option("--first", first, "The first seed")->capture_default_str();
  app.add_option("--seeds", seeds, "How many seeds to run, one after another")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--seed", only, "Run this seed alone and print what happens");
  CLI11_PARSE(app, count, arguments);
  if (only) {
    first = *only;
    seeds = 1;
  }
  std::size_t failed = 0;
  rocketmq::simulation::Outcome total;
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    const auto outcome = rocketmq::simulation::simulate(
        seed, only ? [](const std::string& line) { std::printf("%s\n", line.c_str()); }
                   : std::function<void(const std::string&)>{});
    total.stored += outcome.stored;
    total.delivered += outcome.delivered;
    total.committed += outcome.committed;
    if (outcome.problem.empty()) continue;
    ++failed;
    std::printf("seed %llu: %s\n  again with: %s --seed %llu\n", static_cast<unsigned long long>(seed),
                outcome.problem.c_str(), arguments[0], static_cast<unsigned long long>(seed));
    std::fflush(stdout);
  }
  std::printf("%zu messages stored, %zu delivered, %zu offsets committed\n", total.stored, total.delivered,
              total.committed);
  std::printf("%llu passed, %zu failed\n", static_cast<unsigned long long>(seeds - failed), failed);
  return failed == 0 ? 0 : 1;
}
