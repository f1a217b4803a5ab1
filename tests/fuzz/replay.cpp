// Runs a fuzz target over files, in place of libFuzzer: so the corpus is a unit test of every build.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "fuzz/fuzz_target.h"

namespace {

namespace fs = std::filesystem;

std::set<fs::path> files_of(int count, char** arguments) {
  std::set<fs::path> files;
  for (int i = 1; i < count; ++i) {
    if (!fs::is_directory(arguments[i])) {
      files.insert(arguments[i]);
      continue;
    }
    for (const auto& entry : fs::directory_iterator(arguments[i]))
      files.insert(entry.path());
  }
  return files;
}

}  // namespace

int main(int count, char** arguments) {
  const std::set<fs::path> files = files_of(count, arguments);
  for (const fs::path& path : files) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
      std::fprintf(stderr, "%s cannot be read\n", path.c_str());
      return 1;
    }
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    std::printf("%s\n", path.filename().c_str());
    std::fflush(stdout);  // The last line names the input of a crash.
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  }
  // The empty input is no file's, and some decoders trip over it.
  LLVMFuzzerTestOneInput(nullptr, 0);
  std::printf("%zu inputs\n", files.size());
  return files.empty() ? 1 : 0;
}
