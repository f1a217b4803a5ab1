#pragma once

#include <functional>
#include <string>

#include "rocketmq/credentials.h"
#include "rocketmq/log.h"
#include "rocketmq/tls_config.h"

namespace rocketmq {

/// Tells whether a call that waits is to end early. It is asked several times a second, on the caller's
/// thread, and must not throw.
using IsCancelled = std::function<bool()>;

/// The settings that producers and consumers share. Each producer or consumer is a separate client with its
/// own clientId, connections and event loop.
struct ClientConfig {
  /// `host:port` or `[ipv6]:port`, several separated by ';'. May be empty if name_server_domain is given.
  std::string name_server_addresses;
  /// An HTTP server that returns the name servers: a bare domain, `host:port` or a URL. It is asked at start
  /// and then at intervals. Its list wins; name_server_addresses is the fallback. Empty: not used.
  std::string name_server_domain;
  /// > 0; the interval between two requests to name_server_domain.
  int name_server_look_up_interval_ms = 120'000;
  std::string name_space;  ///< Prefix of topic and group names on the wire; users do not see it.
  /// Part of the clientId. Empty: a unique name is generated. Producers may share a name. Two consumers of
  /// one group must not: within a process the second one is refused, across processes nothing checks it.
  std::string instance_name;
  /// Used if instance_name is empty, by a client that replaces another one. Empty: a unique name.
  std::string default_instance_name;
  std::string unit_name;          ///< Part of the clientId and of the request to name_server_domain.
  Credentials credentials;        ///< Empty: requests are not signed.
  TlsConfig tls;                  ///< For connections to name servers and to brokers.
  int connect_timeout_ms = 3000;  ///< > 0; time limit for host look-up, connect and TLS handshake together.
  /// > 0; event loops of this client, each with a thread and connections of its own. The first one does
  /// everything; all of them share a consumer's pulls.
  int io_threads = 1;
  LogSink log;
};

}  // namespace rocketmq
