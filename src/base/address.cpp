#include "base/address.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/text.h"

namespace rocketmq {

namespace {

Failure bad_address(std::string_view text, std::string_view reason) {
  std::string message = "the address '";
  message += printable(text, 100);
  message += "' ";
  message += reason;
  message += "; an address is host:port or [ipv6]:port";
  return {Errc::invalid_address, std::move(message), std::nullopt};
}

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
         c == '_';
}

bool is_ipv6_character(char c) {
  // A zone such as fe80::1%eth0 belongs to a link-local address.
  return is_host_character(c) || c == ':' || c == '%';
}

/// The writer of an address: people follow the rule of URLs, servers write an IPv6 address without brackets.
enum class Writer { person, server };

/// The form in which an unbracketed IPv6 address is told from a name that has a colon by mistake.
bool is_bare_ipv6(std::string_view host) {
  return std::count(host.begin(), host.end(), ':') >= 2 &&
         std::all_of(host.begin(), host.end(), is_ipv6_character);
}

Failure read_address(std::string_view text, Writer writer, Address& out) {
  const std::string_view trimmed = trim(text);
  std::string_view host;
  std::string_view port;
  if (trimmed.starts_with('[')) {
    const std::size_t close = trimmed.find(']');
    if (close == std::string_view::npos) return bad_address(trimmed, "has no closing ']'");
    host = trimmed.substr(1, close - 1);
    if (!std::all_of(host.begin(), host.end(), is_ipv6_character) ||
        host.find(':') == std::string_view::npos) {
      return bad_address(trimmed, "has no IPv6 address between its brackets");
    }
    if (close + 1 >= trimmed.size() || trimmed[close + 1] != ':') return bad_address(trimmed, "has no port");
    port = trimmed.substr(close + 2);
  } else {
    const std::size_t colon = trimmed.rfind(':');
    if (colon == std::string_view::npos) return bad_address(trimmed, "has no port");
    host = trimmed.substr(0, colon);
    port = trimmed.substr(colon + 1);
    const bool bare_ipv6 = writer == Writer::server && is_bare_ipv6(host);
    if (host.find(':') != std::string_view::npos && !bare_ipv6) {
      return bad_address(trimmed, "has several colons; an IPv6 address needs brackets");
    }
    if (host.empty()) return bad_address(trimmed, "has no host");
    if (!bare_ipv6 && !std::all_of(host.begin(), host.end(), is_host_character)) {
      return bad_address(trimmed, "has a character that no host name has");
    }
  }
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size() || number == 0) {
    return bad_address(trimmed, "has no port between 1 and 65535");
  }
  out.host = host;
  out.port = number;
  return {};
}

Failure read_address_list(std::string_view text, Writer writer, std::vector<Address>& out) {
  std::vector<Address> addresses;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of(";,"), rest.size());
    const std::string_view part = trim(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (part.empty()) continue;
    Address address;
    Failure failure = read_address(part, writer, address);
    if (failure.failed()) return failure;
    if (std::find(addresses.begin(), addresses.end(), address) == addresses.end()) {
      addresses.push_back(std::move(address));
    }
  }
  if (addresses.empty()) {
    return {Errc::invalid_address, "the list of addresses is empty; give host:port, several separated by ';'",
            std::nullopt};
  }
  out = std::move(addresses);
  return {};
}

}  // namespace

std::string to_string(const Address& address) {
  std::string text;
  const bool bracketed = address.host.find(':') != std::string::npos;
  if (bracketed) text += '[';
  text += address.host;
  if (bracketed) text += ']';
  text += ':';
  text += std::to_string(address.port);
  return text;
}

Failure parse_address(std::string_view text, Address& out) {
  return read_address(text, Writer::person, out);
}

Failure parse_address_list(std::string_view text, std::vector<Address>& out) {
  return read_address_list(text, Writer::person, out);
}

Failure parse_announced_address(std::string_view text, Address& out) {
  return read_address(text, Writer::server, out);
}

Failure parse_announced_address_list(std::string_view text, std::vector<Address>& out) {
  return read_address_list(text, Writer::server, out);
}

}  // namespace rocketmq
