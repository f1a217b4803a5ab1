#pragma once

#include <string>

#include "base/credentials.h"
#include "base/log.h"
#include "base/tls_config.h"

namespace rocketmq {

/// What producers and consumers have in common. Every producer and consumer is a client of its own:
/// own clientId, own connections, own threads.
struct ClientConfig {
  /// `host:port` or `[ipv6]:port`, several separated by ';'. May be empty where name_server_domain is given.
  std::string name_server_addresses;
  /// An HTTP server to ask for name-server addresses, at start and every 120 s: a bare domain, `host:port` or
  /// a URL. Its list wins; name_server_addresses is the fallback. Empty: not used.
  std::string name_server_domain;
  /// > 0; from one question to name_server_domain to the next.
  int name_server_look_up_interval_ms = 120'000;
  std::string name_space;  ///< Put before topic and group names on the wire; users do not see it.
  /// Part of the clientId; empty: unique in this process and over processes. Producers may share one. Two
  /// consumers of one group may not: within a process the second one is refused; over processes it is up to
  /// their users.
  std::string instance_name;
  /// Stands in where instance_name is empty; empty: a unique name. For a client that takes another's place.
  std::string default_instance_name;
  std::string unit_name;          ///< Part of the clientId and of the look-up at name_server_domain.
  Credentials credentials;        ///< Empty: requests are not signed.
  TlsConfig tls;                  ///< Of the connections to name servers and brokers alike.
  int connect_timeout_ms = 3000;  ///< > 0; bounds host look-up, connect and TLS handshake together.
  int io_threads = 1;             ///< > 0; network threads of this client.
  LogSink log;
};

}  // namespace rocketmq
