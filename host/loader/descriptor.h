// PluginXxx.txt: which library a plugin is in, for which server, and which functions it has.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace host {

struct PluginFunction {
  std::string symbol;      // in the library
  std::string name;        // in scripts
  bool has_result = true;  // type system; false for type command
  int least = 0;           // arguments
  int most = 0;
  std::string syntax;  // "(a, [b])", or empty
};

struct PluginDescriptor {
  std::string name;
  std::string library;  // a file name, relative to the descriptor
  std::string version;  // of the server
  std::vector<PluginFunction> functions;
};

// Parses the text of a descriptor. Line 1 is `name,library,version`; every other line is
// `symbol,name,type,min,max,isAggregate` (servers up to 2.00.10) or that plus `,isSequential,(syntax)`.
// `file` names it in errors. Throws RuntimeException with file, line and what is wrong.
PluginDescriptor parse_descriptor(std::string_view text, const std::string& file);

}  // namespace host
