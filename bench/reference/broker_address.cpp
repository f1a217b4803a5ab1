#include "reference/broker_address.h"

#include <charconv>
#include <sstream>
#include <stdexcept>

namespace rocketmq::bench {

BrokerAddress parse_address(std::string_view text) {
  BrokerAddress address;
  const std::size_t colon = text.rfind(':');
  bool good = colon != std::string_view::npos && colon > 0;
  if (good) {
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data() + colon + 1, end, address.port);
    good = error == std::errc() && stopped == end && address.port != 0;
  }
  if (!good) throw std::invalid_argument("'" + std::string(text) + "' is not of the form host:port");
  address.host = text.substr(0, colon);
  return address;
}

std::vector<BrokerAddress> parse_brokers(const std::string& text) {
  std::vector<BrokerAddress> brokers;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw std::invalid_argument("'" + part + "' is not of the form name=host:port");
    }
    brokers.push_back(parse_address(std::string_view(part).substr(equals + 1)));
    brokers.back().name = part.substr(0, equals);
  }
  if (brokers.empty()) throw std::invalid_argument("no broker is given; expected name=host:port");
  return brokers;
}

}  // namespace rocketmq::bench
