// Traffic for tests/faults/run: a producer or a consumer in a process of its own, which writes down every
// message that it sent or received, so that nothing that a fault does to it goes uncounted. It ends at
// SIGTERM, as a user ends a producer or a job; the last event says how long closing took.

#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>

#include "faults/client/event_log.h"
#include "faults/client/traffic.h"

namespace rocketmq::faults {

Options::Options(int count, char** words) {
  for (int i = 0; i < count; ++i) {
    const std::string word = words[i];
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) throw std::invalid_argument(word + " is not of the form key=value");
    values_[word.substr(0, equals)] = word.substr(equals + 1);
  }
}

std::string Options::text(const std::string& key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? std::string() : found->second;
}

int Options::number(const std::string& key, int otherwise) const {
  const std::string value = text(key);
  return value.empty() ? otherwise : std::stoi(value);
}

}  // namespace rocketmq::faults

int main(int count, char** words) {
  using namespace rocketmq::faults;
  try {
    block_sigterm();
    const std::string what = count > 1 ? words[1] : "";
    const Options options(count - 2, words + 2);
    if (what == "send") {
      send_traffic(options);
    } else if (what == "receive") {
      receive_traffic(options);
    } else {
      throw std::invalid_argument("the first word is send or receive, not '" + what + "'");
    }
  } catch (const std::exception& error) {
    write_event({"failed", std::to_string(now_us()), error.what()});
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
