// A host that watches what its guest, the plugin, does to the process: `guest_host SCRIPT [LIBRARY...]` takes
// the libraries into the process first, runs the script as ddbhost does, closes everything and says what is
// not as it was.
#include <dlfcn.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "Util.h"
#include "integration/process_state.h"
#include "lang/jobs.h"
#include "lang/runtime.h"
#include "lang/script_error.h"
#include "lang/session.h"
#include "lang/stdout_output.h"
#include "lang/test_runner.h"

HOST_SDK_USE;

namespace {

using rocketmq::test::differences;
using rocketmq::test::process_state;

template <class Function>
Function* find(const char* name) {
  // The two pointer kinds have one representation on every system that has dlsym.
  return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

// What the process's own libraries answer, if it has them.
std::string library_answers() {
  std::string text;
  if (auto* version = find<const char*()>("zlibVersion")) text += std::string(" zlib ") + version();
  if (auto* version = find<unsigned long()>("OpenSSL_version_num")) {
    text += " OpenSSL " + std::to_string(version());
  }
  if (auto* calls = find<int()>("foreign_calls")) {
    return text + " foreign calls " + std::to_string(calls());
  }
  const std::string data(10'000, 'x');
  if (auto* compress =
          find<int(unsigned char*, unsigned long*, const unsigned char*, unsigned long)>("compress")) {
    std::vector<unsigned char> packed(data.size());
    unsigned long size = packed.size();
    const int error =
        compress(packed.data(), &size, reinterpret_cast<const unsigned char*>(data.data()), data.size());
    text += " compressed " + std::to_string(error) + " " + std::to_string(size);
  }
  if (auto* sha256 = find<unsigned char*(const unsigned char*, std::size_t, unsigned char*)>("SHA256")) {
    std::array<unsigned char, 32> digest{};
    sha256(reinterpret_cast<const unsigned char*>(data.data()), data.size(), digest.data());
    text += " sha256";
    for (const unsigned char byte : digest)
      text += " " + std::to_string(byte);
  }
  return text;
}

void run_script(const std::string& file) {
  SessionSP session = new host::ScriptSession();
  session->setOutput(new host::StdoutOutput());
  try {
    dynamic_cast<host::ScriptSession&>(*session).run(host::read_script(file), 1, false);
  } catch (...) {
    throw std::runtime_error(host::describe_current_error(file));
  }
  session->getHeap()->removeAllItems();
  session.clear();
  host::Runtime::instance().release_shared();
}

// Threads that were told to end may need a moment.
std::vector<std::string> changes_since(const std::vector<std::string>& before) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  for (;;) {
    std::vector<std::string> changes = differences(before, process_state());
    if (changes.empty() || std::chrono::steady_clock::now() > deadline) return changes;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

int watch(const std::string& script, const std::vector<std::string>& libraries) {
  for (const std::string& library : libraries) {
    if (dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) {
      throw std::runtime_error("cannot load " + library);
    }
  }
  host::Runtime::instance();
  host::Jobs::instance();
  // ThreadSanitizer starts a thread of its own beside a process's first one, and never ends it.
  std::thread([] {}).join();
  const std::string answers = library_answers();
  const std::vector<std::string> before = process_state();
  run_script(script);
  const std::vector<std::string> changes = changes_since(before);
  for (const std::string& change : changes)
    std::cout << "changed: " << change << '\n';
  if (changes.empty()) std::cout << "the process is as it was\n";
  std::cout << "libraries before:" << answers << "\nlibraries after:" << library_answers() << std::endl;
  return changes.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.empty()) throw std::runtime_error("which script?");
    return watch(words.front(), {words.begin() + 1, words.end()});
  } catch (const std::exception& error) {
    std::cerr << "guest_host: " << error.what() << std::endl;
    return 2;
  }
}
