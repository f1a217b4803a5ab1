#include "wire/http_reply.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "wire/read_number.h"

namespace rocketmq::wire {

namespace {

enum class Progress {
  complete,   // The body's end was found.
  open,       // Whole so far; a body without a length ends with the connection.
  truncated,  // More must come.
  bad,        // No HTTP reply.
  too_large,  // Larger than we read.
};

// Takes a line up to LF, without CR and LF; false if there is no LF yet.
bool take_line(std::string_view& rest, std::string_view& line) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) return false;
  line = rest.substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  rest.remove_prefix(end + 1);
  return true;
}

bool parse_status_line(std::string_view line, int& status) {
  if (!line.starts_with("HTTP/1.") || line.size() < 12 || line[8] != ' ') return false;
  unsigned code = 0;
  if (!read_number(line.substr(9, 3), code)) return false;
  status = static_cast<int>(code);
  return line.size() == 12 || line[12] == ' ';
}

struct Framing {
  std::optional<std::size_t> length;
  bool chunked = false;
};

bool parse_header_line(std::string_view line, Framing& framing) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trim(line.substr(colon + 1));
  if (equal_ignoring_case(name, "Content-Length")) {
    std::size_t length = 0;
    if (!read_number(value, length)) return false;
    framing.length = length;
  } else if (equal_ignoring_case(name, "Transfer-Encoding")) {
    framing.chunked = equal_ignoring_case(value, "chunked");
    return framing.chunked || equal_ignoring_case(value, "identity");
  }
  return true;
}

Progress read_chunks(std::string_view rest, std::string& body) {
  for (;;) {
    std::string_view line;
    if (!take_line(rest, line)) return Progress::truncated;
    std::size_t size = 0;
    if (!read_number(trim(line.substr(0, line.find(';'))), size, 16)) return Progress::bad;
    if (size == 0) return Progress::complete;  // What trails the last chunk is of no use here.
    if (size > max_http_reply_bytes) return Progress::too_large;
    if (rest.size() < size) return Progress::truncated;
    body += rest.substr(0, size);
    rest.remove_prefix(size);
    if (!take_line(rest, line)) return Progress::truncated;
    if (!line.empty()) return Progress::bad;
  }
}

Progress read_reply(std::string_view bytes, HttpReply& out) {
  if (bytes.size() > max_http_reply_bytes) return Progress::too_large;
  std::string_view rest = bytes;
  std::string_view line;
  if (!take_line(rest, line)) {
    constexpr std::string_view start = "HTTP/1.";
    const std::size_t count = std::min(bytes.size(), start.size());
    return bytes.substr(0, count) == start.substr(0, count) ? Progress::truncated : Progress::bad;
  }
  if (!parse_status_line(line, out.status)) return Progress::bad;
  Framing framing;
  for (;;) {
    if (!take_line(rest, line)) return Progress::truncated;
    if (line.empty()) break;
    if (!parse_header_line(line, framing)) return Progress::bad;
  }
  if (framing.chunked) return read_chunks(rest, out.body);
  if (!framing.length) {
    out.body = rest;
    return Progress::open;
  }
  if (*framing.length > max_http_reply_bytes) return Progress::too_large;
  if (rest.size() < *framing.length) return Progress::truncated;
  out.body = rest.substr(0, *framing.length);
  return Progress::complete;
}

Failure bad_domain(std::string_view domain, std::string_view reason) {
  std::string message = "the name-server domain '";
  message += printable(domain, 200);
  message += "' ";
  message += reason;
  message += "; give a domain, host:port or an http:// URL";
  return {Errc::invalid_address, std::move(message), std::nullopt};
}

bool is_url_character(char c) {
  return static_cast<unsigned char>(c) > 0x20 && c != 0x7F;
}

// The parts of `http://authority/path?query`.
struct Url {
  std::string_view authority;
  std::string_view path;  // With its '/', or empty.
};

}  // namespace

Failure make_name_server_query(std::string_view domain, std::string_view unit_name, NameServerQuery& out) {
  constexpr std::string_view scheme = "http://";
  constexpr std::string_view default_path = "/rocketmq/nsaddr";
  const std::string_view trimmed = trim(domain);
  if (trimmed.empty()) return bad_domain(domain, "is empty");
  if (!std::all_of(trimmed.begin(), trimmed.end(), is_url_character)) {
    return bad_domain(domain, "contains a blank or a control character");
  }
  const std::string_view unit = trim(unit_name);
  if (!std::all_of(unit.begin(), unit.end(), is_url_character)) {
    return bad_domain(domain,
                      "cannot be asked for this unitName, which contains a blank or a control character");
  }
  Url url{trimmed, default_path};
  std::string_view default_port = "8080";
  if (trimmed.starts_with(scheme)) {
    url.authority = trimmed.substr(scheme.size());
    const std::size_t slash = std::min(url.authority.find_first_of("/?#"), url.authority.size());
    url.path = url.authority.substr(slash);
    url.authority = url.authority.substr(0, slash);
    default_port = "80";
  } else if (trimmed.find("://") != std::string_view::npos) {
    return bad_domain(domain, "has a scheme other than http");
  } else if (trimmed.find('/') != std::string_view::npos) {
    return bad_domain(domain, "has a path but no http:// before it");
  }
  const bool has_port = url.authority.rfind(':') != std::string_view::npos && !url.authority.ends_with(']');
  std::string authority(url.authority);
  if (!has_port) {
    authority += ':';
    authority += default_port;
  }
  Address address;
  if (parse_address(authority, address).failed()) return bad_domain(domain, "has no valid host and port");

  std::string target(url.path);
  if (!target.starts_with('/')) target.insert(0, 1, '/');
  if (!unit.empty()) {
    target += '-';
    target += unit;
    target += "?nofix=1";
  }
  out.host = address.host;
  out.port = std::to_string(address.port);
  out.url = std::string(scheme) + to_string(address) + target;
  // HTTP/1.0 and "close": the end of the connection is the end of the reply whatever else the server says.
  out.request = "GET " + target + " HTTP/1.0\r\nHost: " + to_string(address) +
                "\r\nAccept: */*\r\nConnection: close\r\n\r\n";
  return {};
}

bool http_reply_complete(std::string_view bytes) {
  HttpReply reply;
  const Progress progress = read_reply(bytes, reply);
  return progress != Progress::truncated && progress != Progress::open;
}

Errc parse_http_reply(std::string_view bytes, HttpReply& out) {
  out = {};
  switch (read_reply(bytes, out)) {
    case Progress::complete:
    case Progress::open:
      return Errc::ok;
    case Progress::truncated:
      return Errc::truncated;
    case Progress::too_large:
      return Errc::too_large;
    case Progress::bad:
      break;
  }
  return Errc::bad_header;
}

Failure parse_name_server_reply(std::string_view bytes, std::string_view url, std::vector<Address>& out) {
  const std::string where = "name-server list " + printable(url, 200) + ": ";
  HttpReply reply;
  if (const Errc error = parse_http_reply(bytes, reply); error != Errc::ok) {
    return {error, where + "the HTTP reply cannot be read: " + describe(error), std::nullopt};
  }
  if (reply.status != 200) {
    return {Errc::no_name_server, where + "the server answered with status " + std::to_string(reply.status),
            std::nullopt};
  }
  std::string_view line = trim(reply.body);
  line = trim(line.substr(0, line.find_first_of("\r\n")));
  Failure failure = parse_announced_address_list(line, out);
  if (failure.failed()) failure.message = where + failure.message;
  return failure;
}

}  // namespace rocketmq::wire
