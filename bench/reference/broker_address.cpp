#include "reference/broker_address.h"

#include <charconv>
#include <sstream>
#include <stdexcept>

namespace rocketmq::bench {

std::vector<BrokerAddress> parse_brokers(const std::string& text) {
  std::vector<BrokerAddress> brokers;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    const std::size_t equals = part.find('=');
    const std::size_t colon = part.rfind(':');
    BrokerAddress broker;
    bool good = equals != std::string::npos && colon != std::string::npos && equals > 0 && colon > equals + 1;
    if (good) {
      const char* const end = part.data() + part.size();
      const auto [stopped, error] = std::from_chars(part.data() + colon + 1, end, broker.port);
      good = error == std::errc() && stopped == end && broker.port != 0;
    }
    if (!good) throw std::invalid_argument("'" + part + "' is not of the form name=host:port");
    broker.name = part.substr(0, equals);
    broker.host = part.substr(equals + 1, colon - equals - 1);
    brokers.push_back(broker);
  }
  if (brokers.empty()) throw std::invalid_argument("no broker is given; expected name=host:port");
  return brokers;
}

}  // namespace rocketmq::bench
