#include "loader/plugin_loader.h"

#include <dlfcn.h>

#include <fstream>
#include <sstream>

#include "Util.h"
#include "lang/runtime.h"
#include "loader/descriptor.h"

namespace host {
namespace fs = std::filesystem;
namespace {

std::string read_file(const fs::path& file) {
  constexpr std::uintmax_t largest = std::uintmax_t{1} << 20;
  std::error_code error;
  const auto size = fs::file_size(file, error);
  if (error) throw RuntimeException("The plugin description " + file.string() + " does not exist");
  if (size > largest)
    throw RuntimeException("The plugin description " + file.string() + " is larger than 1 MiB");
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) throw RuntimeException("The plugin description " + file.string() + " cannot be read");
  return text.str();
}

template <typename Function>
Function find_symbol(void* library, const std::string& symbol) {
  // The two pointer kinds have one representation on every system that has dlsym.
  return reinterpret_cast<Function>(dlsym(library, symbol.c_str()));
}

std::string last_error() {
  const char* text =
      dlerror();  // NOLINT(concurrency-mt-unsafe): called right after dlopen, under the loader's lock
  return text == nullptr ? "unknown error" : text;
}

FunctionDefSP make_function(void* library, const PluginFunction& entry, const PluginDescriptor& plugin,
                            const fs::path& library_file) {
  FunctionDefSP function;
  if (entry.has_result) {
    if (auto* symbol = find_symbol<SysFunc>(library, entry.symbol)) {
      function = Util::createSystemFunction(entry.name, symbol, entry.least, entry.most, false);
    }
  } else if (auto* symbol = find_symbol<SysProc>(library, entry.symbol)) {
    function = Util::createSystemProcedure(entry.name, symbol, entry.least, entry.most);
  }
  if (function.isNull()) {
    throw RuntimeException("The library " + library_file.string() + " has no symbol " + entry.symbol +
                           " for the function " + plugin.name + "::" + entry.name);
  }
  function->setModule(plugin.name);
  function->setSyntax(entry.syntax);
  return function;
}

}  // namespace

PluginLoader& PluginLoader::instance() {
  static PluginLoader loader;
  return loader;
}

PluginLoader::PluginLoader() : server_version_(Util::VER) {
  std::error_code error;
  const auto program = fs::read_symlink("/proc/self/exe", error);
  plugin_dir_ = program.parent_path().parent_path() / "plugins";
}

void PluginLoader::set_plugin_dir(const fs::path& directory) {
  const std::lock_guard lock(mutex_);
  plugin_dir_ = directory;
}

void PluginLoader::set_server_version(const std::string& version) {
  const std::lock_guard lock(mutex_);
  server_version_ = version;
}

std::string PluginLoader::server_version() const {
  const std::lock_guard lock(mutex_);
  return server_version_;
}

std::vector<std::string> PluginLoader::load(const std::string& name_or_path, Heap* heap) {
  const std::lock_guard lock(mutex_);
  const bool is_path = name_or_path.size() > 4 && name_or_path.substr(name_or_path.size() - 4) == ".txt";
  if (!is_path && (name_or_path.empty() || name_or_path.find('/') != std::string::npos)) {
    throw RuntimeException("loadPlugin needs a plugin's name or the path of its .txt description, not '" +
                           name_or_path + "'");
  }
  std::error_code error;
  const fs::path wanted =
      is_path ? fs::path(name_or_path) : plugin_dir_ / name_or_path / ("Plugin" + name_or_path + ".txt");
  const fs::path file = fs::weakly_canonical(fs::absolute(wanted, error), error);
  const auto known = loaded_.find(file.string());
  if (known != loaded_.end()) return known->second;

  const auto plugin = parse_descriptor(read_file(file), file.string());
  if (plugin.version != server_version_) {
    throw RuntimeException("The plugin description " + file.string() +
                           ", line 1: the plugin is built for server version " + plugin.version +
                           ", this is " + server_version_);
  }
  const fs::path library_file = file.parent_path() / plugin.library;
  if (!fs::exists(library_file, error)) {
    throw RuntimeException("The plugin description " + file.string() + ", line 1: the library " +
                           library_file.string() + " does not exist");
  }
  void* library = dlopen(library_file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    throw RuntimeException("The library " + library_file.string() + " cannot be loaded: " + last_error());

  // All functions are found before the first is registered, so that a faulty plugin changes nothing.
  std::vector<FunctionDefSP> functions;
  std::vector<std::string> names;
  for (const auto& entry : plugin.functions) {
    functions.push_back(make_function(library, entry, plugin, library_file));
    names.push_back(plugin.name + "::" + entry.name);
  }
  if (auto* initialize = find_symbol<SysFunc>(library, "initialize")) {
    vector<ConstantSP> none;
    initialize(heap, none);
  }
  for (const auto& function : functions)
    Runtime::instance().add_function(function);
  return loaded_[file.string()] = names;
}

}  // namespace host
