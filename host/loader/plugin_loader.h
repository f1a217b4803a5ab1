// loadPlugin: finds a plugin's description, checks it, loads the library and registers the functions.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "CoreConcept.h"

HOST_SDK_USE;

namespace host {

struct PluginDescriptor;

// Plugins stay loaded until the process ends, as in a server, which has no hook to unload them. Thread-safe.
class PluginLoader {
 public:
  static PluginLoader& instance();

  PluginLoader(const PluginLoader&) = delete;
  PluginLoader& operator=(const PluginLoader&) = delete;

  // Where `loadPlugin("Name")` looks for Name/PluginName.txt.
  void set_plugin_dir(const std::filesystem::path& directory);
  // What the first line of a description must name.
  void set_server_version(const std::string& version);
  [[nodiscard]] std::string server_version() const;

  // Loads a plugin by its name, or by the path of its description (which ends in .txt), and returns the names
  // of its functions. A second time returns the same. Throws RuntimeException that names the file and the
  // problem.
  std::vector<std::string> load(const std::string& name_or_path, Heap* heap);

 private:
  PluginLoader();

  std::filesystem::path plugin_dir_;
  std::string server_version_;
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<std::string>> loaded_;  // by the path of the description
};

}  // namespace host
